/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-page-private.h"

#include "gui/capture-title.h"
#include "gui/file-dialog.h"
#include "gui/recent-captures.h"

#include <glib/gi18n.h>

/* A saving that goes on. */
typedef struct
{
  LscCapturePage *page;
  GFile *file;
  guint64 length_ns;
  guint number;
  gboolean whole; /* the capture had ended */
} Saving;

static void
toast (LscCapturePage *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Saving *saving = data;
  g_autoptr (LscCapturePage) self = saving->page;
  g_autoptr (GFile) file = saving->file;
  g_autoptr (GError) error = NULL;
  if (!lsc_capture_files_save_finish (result, &error))
    {
      lsc_notice_bar_show (self->notice, error->message, LSC_NOTICE_ALONE);
      return;
    }
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *shown = g_filename_display_basename (path);
  g_autofree char *text = g_strdup_printf (_ ("Saved as %s"), shown);
  toast (self, text);
  lsc_recent_captures_remember (file, saving->length_ns);
  if (saving->number != self->number || !saving->whole)
    return;
  self->unsaved = FALSE;
  g_set_object (&self->file, file);
  if (self->feed != NULL)
    lsc_live_feed_set_path (self->feed, path);
  lsc_note_keeper_set_file (self->keeper, path, 0);
}

static void
save_to_cb (GFile *file, gpointer data)
{
  LscCapturePage *self = data;
  LscTrace *trace = lsc_capture_page_get_trace (self);
  g_autofree char *from = lsc_capture_page_dup_path (self);
  g_autofree char *target = g_file_get_path (file);
  if (trace == NULL || from == NULL)
    return;
  if (target == NULL)
    {
      lsc_notice_bar_show (self->notice,
                           _ ("This place is not on this machine. Choose another one."),
                           LSC_NOTICE_ALONE);
      return;
    }
  if (g_str_equal (from, target))
    {
      toast (self, _ ("It is saved there already, with your markers and notes."));
      return;
    }
  Saving *saving = g_new0 (Saving, 1);
  saving->page = g_object_ref (self);
  saving->file = g_object_ref (file);
  saving->number = self->number;
  saving->whole = !lsc_capture_page_grows (self);
  saving->length_ns = lsc_trace_get_end_ns (trace) - lsc_trace_get_start_ns (trace);
  toast (self, _ ("Saving"));
  /* The recording moves out of the cache once, when it is whole. */
  LscSaving how = self->unsaved ? LSC_SAVING_MOVES : LSC_SAVING_COPIES;
  g_autoptr (GBytes) notes = lsc_note_keeper_dup_all (self->keeper);
  lsc_capture_files_save_async (from, target, saving->whole ? how : LSC_SAVING_SO_FAR, notes,
                                saved_cb, saving);
}

void
lsc_capture_page_save (LscCapturePage *self)
{
  if (!lsc_capture_page_has_trace (self))
    return;
  g_autofree char *name = lsc_capture_title_to_file_name (lsc_capture_page_get_title (self));
  lsc_file_dialog_save_capture (GTK_WIDGET (self), name, save_to_cb, self);
}

LscNoteKeeper *
lsc_capture_page_get_keeper (LscCapturePage *self)
{
  return self->keeper;
}
