/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/note-keeper.h"

#include "gui/places.h"
#include "lib/files/capture-append.h"

#include <glib/gi18n.h>

#define SOON_MS 700 /* a name is being typed, a marker moved */

struct _LscNoteKeeper
{
  GObject parent_instance;
  LscLanesView *view; /* not owned */
  GSettings *settings;
  LscAnnotations *annotations; /* NULL while nothing is shown */
  char *path;                  /* NULL: there is no file yet */
  guint64 n_whole;
  gboolean told; /* of trouble, once a capture */
  guint timer;
  GQueue waiting; /* Writing */
  gboolean writing;
};

G_DEFINE_FINAL_TYPE (LscNoteKeeper, lsc_note_keeper, G_TYPE_OBJECT)

/* Records that are to be written, to a file that need not be the one shown by then. */
typedef struct
{
  char *path;
  LscRecordHeader header;
  guint64 n_whole;
  GBytes *records;
} Writing;

static guint trouble; /* the signal */

static void
writing_free (gpointer data)
{
  Writing *self = data;
  g_free (self->path);
  g_bytes_unref (self->records);
  g_free (self);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Writing *writing = data;
  GError *error = NULL;
  if (lsc_capture_append (writing->path, &writing->header, writing->n_whole, writing->records,
                          &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void write_next (LscNoteKeeper *self);

static void
tell (LscNoteKeeper *self, const char *message)
{
  g_autoptr (GPtrArray) notes = lsc_annotations_list_notes (self->annotations);
  /* how it was looked at is not worth a word */
  if (self->told || notes->len == 0)
    return;
  self->told = TRUE;
  g_autofree char *text = g_strdup_printf (
      _ ("%s Markers and notes are in this window only; Save keeps them in another file."),
      message);
  g_signal_emit (self, trouble, 0, text);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  LscNoteKeeper *self = LSC_NOTE_KEEPER (source);
  const Writing *writing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  self->writing = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error) && self->annotations != NULL
      && g_strcmp0 (writing->path, self->path) == 0)
    tell (self, error->message);
  write_next (self);
  g_application_release (g_application_get_default ());
}

static void
write_next (LscNoteKeeper *self)
{
  if (self->writing || g_queue_is_empty (&self->waiting))
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, written_cb, NULL);
  self->writing = TRUE;
  /* the last window may go meanwhile */
  g_application_hold (g_application_get_default ());
  g_task_set_task_data (task, g_queue_pop_head (&self->waiting), writing_free);
  g_task_run_in_thread (task, write_thread);
}

/* Brings the annotations up to date, and has written what is new. */
static void
write_changes (LscNoteKeeper *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  if (self->annotations == NULL || trace == NULL)
    return;
  lsc_lanes_view_keep (self->view, self->annotations);
  if (self->path == NULL)
    return;
  GBytes *records = lsc_annotations_steal_changes (self->annotations);
  if (records == NULL)
    return;
  Writing *writing = g_new0 (Writing, 1);
  writing->path = g_strdup (self->path);
  writing->header = *lsc_trace_get_header (trace);
  writing->n_whole = self->n_whole;
  writing->records = records;
  g_queue_push_tail (&self->waiting, writing);
  write_next (self);
}

static gboolean
soon_cb (gpointer data)
{
  LscNoteKeeper *self = data;
  self->timer = 0;
  write_changes (self);
  return G_SOURCE_REMOVE;
}

static void
marked_cb (LscNoteKeeper *self)
{
  if (self->annotations != NULL && self->path != NULL && self->timer == 0)
    self->timer = g_timeout_add (SOON_MS, soon_cb, self);
}

static void
lsc_note_keeper_finalize (GObject *object)
{
  LscNoteKeeper *self = LSC_NOTE_KEEPER (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_queue_clear_full (&self->waiting, writing_free);
  g_clear_pointer (&self->annotations, lsc_annotations_free);
  g_clear_object (&self->settings);
  g_free (self->path);
  G_OBJECT_CLASS (lsc_note_keeper_parent_class)->finalize (object);
}

static void
lsc_note_keeper_class_init (LscNoteKeeperClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lsc_note_keeper_finalize;
  trouble = g_signal_new ("trouble", LSC_TYPE_NOTE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                          G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lsc_note_keeper_init (LscNoteKeeper *self)
{
  g_queue_init (&self->waiting);
  self->settings = lsc_places_new_settings (NULL);
}

LscNoteKeeper *
lsc_note_keeper_new (LscLanesView *view)
{
  LscNoteKeeper *self = g_object_new (LSC_TYPE_NOTE_KEEPER, NULL);
  self->view = view;
  g_signal_connect_object (view, "marked", G_CALLBACK (marked_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
lsc_note_keeper_begin (LscNoteKeeper *self, LscAnnotations *annotations)
{
  g_clear_pointer (&self->annotations, lsc_annotations_free);
  g_clear_pointer (&self->path, g_free);
  self->told = FALSE;
  self->annotations = annotations == NULL ? lsc_annotations_new () : annotations;
  gboolean by_cpu = g_settings_get_boolean (self->settings, "lanes-by-cpu");
  lsc_lanes_view_recall (self->view, self->annotations,
                         by_cpu ? LSC_ROWS_BY_CPU : LSC_ROWS_BY_THREAD);
}

void
lsc_note_keeper_set_file (LscNoteKeeper *self, const char *path, guint64 n_whole)
{
  g_free (self->path);
  self->path = g_strdup (path);
  self->n_whole = n_whole;
  marked_cb (self);
}

void
lsc_note_keeper_leave (LscNoteKeeper *self)
{
  write_changes (self);
  g_clear_pointer (&self->annotations, lsc_annotations_free);
  g_clear_pointer (&self->path, g_free);
}

GBytes *
lsc_note_keeper_dup_all (LscNoteKeeper *self)
{
  if (self->annotations == NULL)
    return NULL;
  lsc_lanes_view_keep (self->view, self->annotations);
  return lsc_annotations_dup_all (self->annotations);
}
