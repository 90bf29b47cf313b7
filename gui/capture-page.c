/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-page-private.h"

#include "gui/capture-title.h"
#include "gui/pages.h"
#include "gui/places.h"
#include "gui/recent-captures.h"

#include <glib/gi18n.h>

#define WAITING_MS 400 /* a capture that begins sooner shows its lanes at once */

G_DEFINE_FINAL_TYPE (LscCapturePage, lsc_capture_page, GTK_TYPE_WIDGET)

static guint running_changed; /* the signal */

LscTrace *
lsc_capture_page_get_trace (LscCapturePage *self)
{
  return self->feed != NULL ? lsc_live_feed_get_trace (self->feed) : self->opened;
}

void
lsc_capture_page_update_subtitle (LscCapturePage *self)
{
  const char *state = lsc_capture_page_is_running (self) ? _ ("live")
                      : lsc_capture_page_grows (self)    ? _ ("being recorded elsewhere")
                                                         : NULL;
  g_autofree char *text = lsc_capture_title_of_trace (lsc_capture_page_get_trace (self), state);
  lsc_capture_bar_set_subtitle (self->bar, text);
}

/* What the header bar offers depends on what there is. */
void
lsc_capture_page_update_header (LscCapturePage *self)
{
  gboolean running = lsc_capture_page_is_running (self);
  gboolean lanes = lsc_capture_page_has_trace (self);
  lsc_capture_bar_offer (self->bar, running, lsc_capture_page_grows (self), lanes);
  if (lanes)
    lsc_capture_page_update_subtitle (self);
  else
    lsc_capture_bar_set_subtitle (self->bar, "");
  g_signal_emit (self, running_changed, 0);
}

static gboolean
waiting_cb (gpointer data)
{
  LscCapturePage *self = data;
  self->waiting_timer = 0;
  gtk_spinner_start (self->spinner);
  lsc_pages_show (self->stack, "waiting");
  return G_SOURCE_REMOVE;
}

static void
stop_waiting (LscCapturePage *self)
{
  g_clear_handle_id (&self->waiting_timer, g_source_remove);
  gtk_spinner_stop (self->spinner);
}

/* What is waited for is told when it has lasted for a while: meanwhile the window lays out the
 * lanes that most often come at once. */
void
lsc_capture_page_show_waiting (LscCapturePage *self, const char *title, const char *text)
{
  gboolean file = self->cancellable != NULL;
  adw_status_page_set_title (self->waiting, title);
  adw_status_page_set_description (self->waiting, text);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), !file);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), file);
  if (gtk_spinner_get_spinning (self->spinner) || self->waiting_timer != 0)
    return;
  gtk_progress_bar_set_fraction (self->progress, 0);
  lsc_pages_show (self->stack, "lanes");
  self->waiting_timer = g_timeout_add (WAITING_MS, waiting_cb, self);
}

void
lsc_capture_page_show_trouble (LscCapturePage *self, const char *title, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  stop_waiting (self);
  adw_status_page_set_title (self->trouble, title);
  adw_status_page_set_description (self->trouble, escaped);
  gtk_widget_set_visible (self->again_button, self->target != NULL);
  lsc_pages_show (self->stack, "trouble");
  lsc_capture_page_update_header (self);
}

/* Of everything there is, most does nothing. */
static gboolean
is_crowd (LscCapturePage *self)
{
  const LscRecordHeader *header = lsc_trace_get_header (lsc_capture_page_get_trace (self));
  return (header->head.flags & LSC_HEADER_WHOLE_MACHINE) != 0
         || (self->target != NULL
             && (self->target->kind == LSC_TARGET_WHOLE_MACHINE
                 || self->target->kind == LSC_TARGET_MINE));
}

void
lsc_capture_page_show_lanes (LscCapturePage *self)
{
  stop_waiting (self);
  lsc_pages_show (self->stack, "lanes");
  lsc_lanes_pane_set_trace (self->pane, lsc_capture_page_get_trace (self),
                            lsc_capture_page_grows (self), is_crowd (self));
  lsc_capture_page_update_header (self);
  gtk_widget_grab_focus (GTK_WIDGET (lsc_lanes_pane_get_view (self->pane)));
}

/* Lets go of whatever was shown. */
static void
reset (LscCapturePage *self)
{
  lsc_note_keeper_leave (self->keeper);
  lsc_capture_page_leave_saving (self);
  self->number++;
  self->unsaved = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  stop_waiting (self);
  lsc_lanes_pane_set_trace (self->pane, NULL, FALSE, FALSE);
  if (self->feed != NULL)
    g_signal_handlers_disconnect_by_data (self->feed, self);
  g_clear_object (&self->feed);
  g_clear_pointer (&self->opened, lsc_capture_files_let_go);
  g_clear_pointer (&self->target, lsc_target_free);
  g_clear_pointer (&self->hint, g_free);
  g_clear_object (&self->file);
  lsc_notice_bar_close (self->notice);
}

void
lsc_capture_page_remember (LscCapturePage *self)
{
  LscTrace *trace = lsc_capture_page_get_trace (self);
  if (!self->unsaved)
    lsc_recent_captures_remember (self->file,
                                  lsc_trace_get_end_ns (trace) - lsc_trace_get_start_ns (trace));
}

static void
keeper_trouble_cb (LscCapturePage *self, const char *text)
{
  lsc_notice_bar_show (self->notice, text, LSC_NOTICE_ALONE);
}

void
lsc_capture_page_trace (LscCapturePage *self, const LscTarget *target, const char *hint)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTarget) copy = lsc_target_copy (target);
  g_autofree char *hint_copy = g_strdup (hint);
  reset (self);
  self->target = g_steal_pointer (&copy);
  self->hint = g_steal_pointer (&hint_copy);
  g_autofree char *title = lsc_capture_title_of_target (self->target);
  lsc_capture_bar_set_title (self->bar, title);
  lsc_capture_page_make_feed (self);
  self->unsaved = TRUE;
  lsc_capture_page_show_waiting (self, _ ("Getting Ready"), "");
  if (lsc_live_feed_start (self->feed, self->target, &error))
    lsc_capture_page_update_header (self);
  else
    {
      g_clear_object (&self->feed);
      lsc_capture_page_show_trouble (self, _ ("Cannot Be Watched"), error->message);
    }
}

static void
open_progress_cb (double done, gpointer data)
{
  LscCapturePage *self = data;
  gtk_progress_bar_set_fraction (self->progress, done);
  lsc_notice_bar_set_progress (self->notice, done);
}

static void
open_first_cb (LscTrace *trace, gpointer data)
{
  LscCapturePage *self = data;
  self->opened = trace;
  lsc_capture_page_show_lanes (self);
  lsc_notice_bar_show (self->notice, _ ("These are the first lanes; the rest is being read."),
                       LSC_NOTICE_WORKING);
}

/* Another process is still writing it. */
static void
follow (LscCapturePage *self, LscCaptureTail *tail)
{
  g_autofree char *path = g_file_get_path (self->file);
  lsc_capture_page_make_feed (self);
  lsc_live_feed_follow (self->feed, tail, path);
  lsc_notice_bar_show (self->notice,
                       _ ("Another process is recording this capture. What it adds is shown as "
                          "it comes."),
                       LSC_NOTICE_ALONE);
}

static void
show_opened (LscCapturePage *self, const LscOpened *opened)
{
  self->opened = opened->trace;
  const char *command = lsc_trace_get_header (opened->trace)->command;
  if (self->unsaved && command[0] != '\0')
    {
      g_autofree char *title = lsc_capture_title_of_command (command);
      lsc_capture_bar_set_title (self->bar, title);
    }
  lsc_capture_page_show_lanes (self);
  lsc_note_keeper_begin (self->keeper, opened->annotations);
  g_autofree char *path = opened->condition.format == NULL ? g_file_get_path (self->file) : NULL;
  if (path != NULL)
    lsc_note_keeper_set_file (self->keeper, path, opened->condition.n_whole);
  g_autofree char *note = lsc_capture_condition_describe (&opened->condition);
  if (note != NULL)
    lsc_notice_bar_show (self->notice, note, LSC_NOTICE_ALONE);
  lsc_capture_page_remember (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  LscOpened opened;
  gboolean well = lsc_capture_files_open_finish (result, &opened, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* the page may be gone */
    return;
  LscCapturePage *self = data;
  g_clear_object (&self->cancellable);
  lsc_lanes_pane_set_trace (self->pane, NULL, FALSE, FALSE); /* the first lanes go */
  g_clear_pointer (&self->opened, lsc_capture_files_let_go);
  lsc_notice_bar_close (self->notice);
  self->unsaved = lsc_capture_files_is_recording (self->file);
  if (!well)
    lsc_capture_page_show_trouble (self, _ ("Could Not Be Opened"), error->message);
  else if (opened.trace != NULL)
    show_opened (self, &opened);
  else
    {
      lsc_annotations_free (opened.annotations);
      follow (self, opened.tail);
    }
}

void
lsc_capture_page_open (LscCapturePage *self, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_object_ref (file);
  reset (self);
  self->file = file;
  lsc_capture_bar_set_title (self->bar, shown);
  self->cancellable = g_cancellable_new ();
  lsc_capture_page_show_waiting (self, _ ("Opening"), "");
  lsc_capture_page_update_header (self);
  lsc_capture_files_open_async (file, self->cancellable, open_progress_cb, open_first_cb, self,
                                opened_cb);
}

void
lsc_capture_page_stop (LscCapturePage *self)
{
  if (self->feed != NULL)
    lsc_live_feed_stop (self->feed);
}

static void
cancel_cb (LscCapturePage *self)
{
  if (lsc_capture_page_cancel_saving (self))
    return;
  g_cancellable_cancel (self->cancellable);
  lsc_capture_page_stop (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.new-capture", NULL);
}

/* A command that still runs is watched on; one that has ended is run again. */
static void
again_cb (LscCapturePage *self)
{
  guint32 child = self->feed == NULL ? 0 : lsc_live_feed_get_child (self->feed);
  g_autoptr (LscTarget) target = child != 0
                                     ? lsc_target_new_processes (&child, 1, self->target->children)
                                     : lsc_target_copy (self->target);
  g_autofree char *hint = g_strdup (self->hint);
  lsc_capture_page_trace (self, target, hint);
}

char *
lsc_capture_page_dup_path (LscCapturePage *self)
{
  if (self->feed != NULL)
    return g_strdup (lsc_live_feed_get_path (self->feed));
  return self->file == NULL ? NULL : g_file_get_path (self->file);
}

LscLanesView *
lsc_capture_page_get_view (LscCapturePage *self)
{
  return lsc_capture_page_has_trace (self) ? lsc_lanes_pane_get_view (self->pane) : NULL;
}

static void
lsc_capture_page_dispose (GObject *object)
{
  LscCapturePage *self = LSC_CAPTURE_PAGE (object);
  if (self->root != NULL)
    reset (self);
  if (self->keeper != NULL)
    g_signal_handlers_disconnect_by_data (self->keeper, self);
  g_clear_object (&self->keeper);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lsc_capture_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/capture-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, root);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, bar);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, notice);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, stack);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, waiting);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, progress);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, trouble);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, again_button);
  gtk_widget_class_bind_template_child (widget_class, LscCapturePage, pane);
}

static void
lsc_capture_page_class_init (LscCapturePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_capture_page_dispose;
  g_type_ensure (LSC_TYPE_CAPTURE_BAR);
  g_type_ensure (LSC_TYPE_LANES_PANE);
  g_type_ensure (LSC_TYPE_NOTICE_BAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  bind_template (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  running_changed = g_signal_new ("running-changed", LSC_TYPE_CAPTURE_PAGE, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lsc_capture_page_init (LscCapturePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = lsc_places_new_settings (NULL);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "lanes",
                                  lsc_lanes_pane_get_actions (self->pane));
  lsc_capture_bar_set_view (self->bar, lsc_lanes_pane_get_view (self->pane));
  self->keeper = lsc_note_keeper_new (lsc_lanes_pane_get_view (self->pane));
  g_signal_connect_swapped (self->keeper, "trouble", G_CALLBACK (keeper_trouble_cb), self);
}

void
lsc_capture_page_open_menu (LscCapturePage *self)
{
  lsc_capture_bar_open_menu (self->bar);
}

gboolean
lsc_capture_page_is_running (LscCapturePage *self)
{
  return lsc_capture_page_grows (self) && !lsc_live_feed_is_followed (self->feed);
}

gboolean
lsc_capture_page_grows (LscCapturePage *self)
{
  return self->feed != NULL && lsc_live_feed_is_running (self->feed);
}

gboolean
lsc_capture_page_has_trace (LscCapturePage *self)
{
  return lsc_lanes_pane_has_trace (self->pane);
}

const char *
lsc_capture_page_get_title (LscCapturePage *self)
{
  return lsc_capture_bar_get_title (self->bar);
}
