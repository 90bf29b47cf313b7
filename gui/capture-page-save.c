/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-page-private.h"

#include "gui/capture-title.h"
#include "gui/file-dialog.h"
#include "gui/recent-captures.h"

#include <glib/gi18n.h>

#define PATIENCE_MS 400 /* what is saved sooner needs no progress bar */

/* A saving that goes on. */
typedef struct
{
  LscCapturePage *page;
  GFile *file;
  GCancellable *cancellable;
  guint64 length_ns;
  guint number;
  gboolean whole; /* the capture had ended */
} Saving;

static void
toast (LscCapturePage *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

void
lsc_capture_page_leave_saving (LscCapturePage *self)
{
  g_clear_handle_id (&self->saving_timer, g_source_remove);
  g_clear_object (&self->saving);
}

static gboolean
saving_timer_cb (gpointer data)
{
  LscCapturePage *self = data;
  self->saving_timer = 0;
  lsc_notice_bar_show (self->notice, _ ("The capture is being saved."), LSC_NOTICE_WORKING);
  return G_SOURCE_REMOVE;
}

static void
progress_cb (double done, gpointer data)
{
  const Saving *saving = data;
  if (saving->cancellable == saving->page->saving)
    lsc_notice_bar_set_progress (saving->page->notice, done);
}

/* Nothing more is said about it in the page. */
static void
end_saving (LscCapturePage *self)
{
  gboolean told = self->saving_timer == 0;
  lsc_capture_page_leave_saving (self);
  if (told)
    lsc_notice_bar_close (self->notice);
}

/* At once, also while the disk holds the thread. */
gboolean
lsc_capture_page_cancel_saving (LscCapturePage *self)
{
  if (self->saving == NULL)
    return FALSE;
  g_cancellable_cancel (self->saving);
  end_saving (self);
  return TRUE;
}

static void
become (LscCapturePage *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  self->unsaved = FALSE;
  g_set_object (&self->file, file);
  if (self->feed != NULL)
    lsc_live_feed_set_path (self->feed, path);
  lsc_note_keeper_set_file (self->keeper, path, 0);
}

static void
say_trouble (LscCapturePage *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    toast (self, _ ("Not saved: you cancelled it. Nothing was changed."));
  else
    lsc_notice_bar_show (self->notice, error->message, LSC_NOTICE_ALONE);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Saving *saving = data;
  g_autoptr (LscCapturePage) self = saving->page;
  g_autoptr (GFile) file = saving->file;
  g_autoptr (GCancellable) cancellable = saving->cancellable;
  g_autoptr (GError) error = NULL;
  gboolean well = lsc_capture_files_save_finish (result, &error);
  g_application_release (g_application_get_default ());
  if (self->root == NULL) /* the window was closed meanwhile */
    return;
  if (self->saving == cancellable)
    end_saving (self);
  if (!well)
    {
      say_trouble (self, error);
      return;
    }
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *text = g_strdup_printf (_ ("Saved as %s"), shown);
  toast (self, text);
  lsc_recent_captures_remember (file, saving->length_ns);
  if (saving->number == self->number && saving->whole)
    become (self, file);
}

static void
begin_saving (LscCapturePage *self, GFile *file, const char *from, const char *target)
{
  LscTrace *trace = lsc_capture_page_get_trace (self);
  g_autoptr (GBytes) notes = lsc_note_keeper_dup_all (self->keeper);
  Saving *saving = g_new0 (Saving, 1);
  saving->page = g_object_ref (self);
  saving->file = g_object_ref (file);
  saving->number = self->number;
  saving->whole = !lsc_capture_page_grows (self);
  saving->length_ns = lsc_trace_get_end_ns (trace) - lsc_trace_get_start_ns (trace);
  saving->cancellable = g_cancellable_new ();
  self->saving = g_object_ref (saving->cancellable);
  self->saving_timer = g_timeout_add (PATIENCE_MS, saving_timer_cb, self);
  lsc_notice_bar_set_progress (self->notice, 0);
  /* The recording moves out of the cache once, when it is whole. */
  LscSaving how = self->unsaved ? LSC_SAVING_MOVES : LSC_SAVING_COPIES;
  const LscSaveOrder order = { from, target, saving->whole ? how : LSC_SAVING_SO_FAR, notes };
  /* A window that is closed meanwhile does not end it. */
  g_application_hold (g_application_get_default ());
  lsc_capture_files_save_async (&order, self->saving, progress_cb, saved_cb, saving);
}

static void
save_to_cb (GFile *file, gpointer data)
{
  LscCapturePage *self = data;
  g_autofree char *from = lsc_capture_page_dup_path (self);
  g_autofree char *target = g_file_get_path (file);
  if (lsc_capture_page_get_trace (self) == NULL || from == NULL)
    return;
  if (target == NULL)
    lsc_notice_bar_show (self->notice, _ ("This place is not on this machine. Choose another one."),
                         LSC_NOTICE_ALONE);
  else if (g_str_equal (from, target))
    toast (self, _ ("It is saved there already, with your markers and notes."));
  else
    begin_saving (self, file, from, target);
}

void
lsc_capture_page_save (LscCapturePage *self)
{
  if (!lsc_capture_page_has_trace (self))
    return;
  if (self->saving != NULL || self->cancellable != NULL)
    {
      toast (self, self->saving != NULL
                       ? _ ("It is being saved already. Wait until that is done.")
                       : _ ("It is still being read. Save it when the whole of it is there."));
      return;
    }
  g_autofree char *name = lsc_capture_title_to_file_name (lsc_capture_page_get_title (self));
  lsc_file_dialog_save_capture (GTK_WIDGET (self), name, save_to_cb, self);
}

LscNoteKeeper *
lsc_capture_page_get_keeper (LscCapturePage *self)
{
  return self->keeper;
}
