/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/picture-job.h"

#include "lib/files/safe-file.h"

#include <glib/gi18n.h>

typedef struct
{
  LscPictureFile *picture;
  char *target;
} Job;

typedef struct
{
  LscSafeFile file;
  GCancellable *cancellable;
  GError *error;
} Place;

static void
job_free (gpointer data)
{
  Job *self = data;
  lsc_picture_file_free (self->picture);
  g_free (self->target);
  g_free (self);
}

static void
run (GTask *task, LscPictureFile *picture, const char *target, GTaskThreadFunc thread)
{
  Job *job = g_new0 (Job, 1);
  job->picture = picture;
  job->target = g_strdup (target);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, thread);
}

/* Draws into the sink. What the sink itself had to say, in `*error`, is said rather than that. */
static gboolean
draw (const Job *job, LscPictureSink sink, void *data, GError **error)
{
  const char *trouble = lsc_picture_file_write (job->picture, sink, data);
  if (trouble != NULL && *error == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The picture could not be drawn: %s."),
                 trouble);
  return trouble == NULL;
}

static bool
put_bytes (void *data, const void *bytes, size_t n_bytes)
{
  Place *place = data;
  return !g_cancellable_set_error_if_cancelled (place->cancellable, &place->error)
         && lsc_safe_file_write (&place->file, bytes, n_bytes, &place->error);
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  Place place = { .cancellable = cancellable };
  gboolean saved = lsc_safe_file_open (&place.file, job->target, LSC_SAFE_FILE_BESIDE, &place.error)
                   && draw (job, put_bytes, &place, &place.error)
                   && lsc_safe_file_commit (&place.file, &place.error);
  lsc_safe_file_clear (&place.file);
  if (saved)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, place.error);
}

void
lsc_picture_job_save_async (LscPictureFile *picture,
                            const char *target,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  run (task, picture, target, save_thread);
}

gboolean
lsc_picture_job_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static bool
add_bytes (void *data, const void *bytes, size_t n_bytes)
{
  g_byte_array_append (data, bytes, (guint) n_bytes);
  return true;
}

static void
encode_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  GError *error = NULL;
  if (draw (data, add_bytes, bytes, &error))
    g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&bytes)),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

void
lsc_picture_job_encode_async (LscPictureFile *picture,
                              gpointer source,
                              GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (source, NULL, callback, NULL);
  run (task, picture, NULL, encode_thread);
}

GBytes *
lsc_picture_job_encode_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
