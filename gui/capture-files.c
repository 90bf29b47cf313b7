/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-files.h"

#include "lib/files/capture-append.h"
#include "lib/files/capture-convert.h"
#include "lib/files/capture-store.h"

#include <glib/gi18n.h>

typedef struct
{
  char *path;
  LscOpened opened;
  LscJobProgress progress;
  LscCaptureFilesFirst first;
} Opening;

typedef struct
{
  char *recording;
  char *target;
  LscSaving how;
  LscJobProgress progress;
  GBytes *notes;
} Saving;

typedef struct
{
  GTask *task;     /* keeps Opening alive */
  LscTrace *trace; /* NULL: it was taken */
} First;

static void
opening_free (gpointer data)
{
  Opening *self = data;
  g_free (self->path);
  lsc_annotations_free (self->opened.annotations);
  lsc_capture_tail_free (self->opened.tail);
  lsc_trace_free (self->opened.trace);
  g_free (self);
}

static void
saving_free (gpointer data)
{
  Saving *self = data;
  g_free (self->recording);
  g_free (self->target);
  g_clear_pointer (&self->notes, g_bytes_unref);
  g_free (self);
}

static gpointer
let_go_thread (gpointer data)
{
  lsc_trace_free (data);
  return NULL;
}

void
lsc_capture_files_let_go (LscTrace *trace)
{
  g_thread_unref (g_thread_new ("let-go", let_go_thread, trace));
}

static void
first_free (gpointer data)
{
  First *self = data;
  g_object_unref (self->task);
  g_clear_pointer (&self->trace, lsc_capture_files_let_go);
  g_free (self);
}

static gboolean
first_cb (gpointer data)
{
  First *self = data;
  Opening *opening = g_task_get_task_data (self->task);
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (self->task))
      && !g_task_get_completed (self->task))
    opening->first (g_steal_pointer (&self->trace), opening->progress.user_data);
  return G_SOURCE_REMOVE;
}

static void
first_lanes_cb (LscTrace *trace, void *data)
{
  First *first = g_new0 (First, 1);
  first->task = g_object_ref (data);
  first->trace = trace;
  g_main_context_invoke_full (g_task_get_context (data), G_PRIORITY_DEFAULT, first_cb, first,
                              first_free);
}

static void
open_progress_cb (double done, void *data)
{
  Opening *opening = g_task_get_task_data (data);
  lsc_job_progress_tell (&opening->progress, data, done);
}

static LscTrace *
load (GTask *task, Opening *opening, GCancellable *cancellable, GError **error)
{
  const LscCaptureWatch watch = { open_progress_cb, first_lanes_cb, task,
                                  opening->opened.annotations };
  return lsc_capture_load_watched (opening->path, &watch, cancellable, &opening->opened.condition,
                                   error);
}

static void
open_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Opening *opening = data;
  GError *error = NULL;
  if (opening->path == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s",
                               _ ("The file is not on this machine. Copy it here first."));
      return;
    }
  if (lsc_capture_tail_is_growing (opening->path))
    opening->opened.tail = lsc_capture_tail_new (opening->path, &error);
  else
    opening->opened.trace = load (task, opening, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
lsc_capture_files_open_async (GFile *file,
                              GCancellable *cancellable,
                              LscJobProgressFunc progress,
                              LscCaptureFilesFirst first,
                              gpointer user_data,
                              GAsyncReadyCallback callback)
{
  Opening *opening = g_new0 (Opening, 1);
  opening->path = g_file_get_path (file);
  opening->opened.annotations = lsc_annotations_new ();
  opening->progress = (LscJobProgress){ .func = progress, .user_data = user_data };
  opening->first = first;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, opening, opening_free);
  g_task_run_in_thread (task, open_thread);
}

gboolean
lsc_capture_files_open_finish (GAsyncResult *result, LscOpened *out_opened, GError **error)
{
  Opening *opening = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *out_opened = opening->opened;
  opening->opened = (LscOpened){ 0 };
  return TRUE;
}

static void
save_progress_cb (double done, void *data)
{
  Saving *saving = g_task_get_task_data (data);
  lsc_job_progress_tell (&saving->progress, data, done);
}

static gboolean
save (const Saving *self, const LscExportWatch *watch, GError **error)
{
  const LscCapturePart so_far = { .to_ns = G_MAXUINT64 };
  switch (self->how)
    {
    case LSC_SAVING_MOVES:
      return lsc_capture_store_save (self->recording, self->target, watch, error);
    case LSC_SAVING_SO_FAR:
      return lsc_capture_convert (self->recording, self->target, &so_far, watch, error);
    case LSC_SAVING_COPIES:
    default:
      return lsc_capture_convert (self->recording, self->target, NULL, watch, error);
    }
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  const Saving *saving = data;
  const LscExportWatch watch = { save_progress_cb, task, cancellable };
  gboolean saved = save (saving, &watch, &error);
  if (saved && saving->notes != NULL)
    saved = lsc_capture_append (saving->target, NULL, 0, saving->notes, &error);
  if (saved)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lsc_capture_files_save_async (const LscSaveOrder *order,
                              GCancellable *cancellable,
                              LscJobProgressFunc progress,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Saving *saving = g_new0 (Saving, 1);
  saving->recording = g_strdup (order->recording);
  saving->target = g_strdup (order->target);
  saving->how = order->how;
  saving->notes = order->notes == NULL ? NULL : g_bytes_ref (order->notes);
  saving->progress = (LscJobProgress){ .func = progress, .user_data = user_data };
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  /* Saved is saved: cancelling that comes too late does not deny it. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, saving, saving_free);
  g_task_run_in_thread (task, save_thread);
}

gboolean
lsc_capture_files_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
lsc_capture_files_is_recording (GFile *file)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "lanescope", NULL);
  g_autoptr (GFile) cache = g_file_new_for_path (folder);
  return g_file_has_prefix (file, cache);
}
