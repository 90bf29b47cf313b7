/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/window.h"

#include "gui/capture-output.h"
#include "gui/capture-page.h"
#include "gui/file-dialog.h"
#include "gui/frame-pace.h"
#include "gui/pages.h"
#include "gui/places.h"
#include "gui/start-page.h"

#include <glib/gi18n.h>

#define CLOSE_MS 2000    /* a capture has so long to end in order */
#define N_DROPPED_MAX 8u /* windows are opened for as many files */

struct _LscWindow
{
  AdwApplicationWindow parent_instance;
  AdwToastOverlay *toasts;
  GtkStack *stack;
  LscStartPage *start_page;
  LscCapturePage *capture_page;

  GSettings *settings;
  /* What waits until the present capture has ended: a target with its hint, or a file. */
  LscTarget *next_target;
  char *next_hint;
  GFile *next_file;
  AdwToast *undo_toast; /* that is showing, or NULL */
  AdwToast *said_toast; /* the same, of one that only tells */
  guint closing;        /* timeout of a close that waits for the capture's end */
};

G_DEFINE_FINAL_TYPE (LscWindow, lsc_window, ADW_TYPE_APPLICATION_WINDOW)

static void
forget_next (LscWindow *self)
{
  g_clear_pointer (&self->next_target, lsc_target_free);
  g_clear_pointer (&self->next_hint, g_free);
  g_clear_object (&self->next_file);
}

static void
show_capture (LscWindow *self)
{
  lsc_pages_show (self->stack, "capture");
}

static void
show_start (LscWindow *self)
{
  lsc_pages_show (self->stack, "start");
  lsc_start_page_refresh (self->start_page);
  lsc_start_page_focus (self->start_page);
}

/* Begins what waits. */
static void
begin_next (LscWindow *self)
{
  g_autoptr (LscTarget) target = g_steal_pointer (&self->next_target);
  g_autoptr (GFile) file = g_steal_pointer (&self->next_file);
  g_autofree char *hint = g_steal_pointer (&self->next_hint);
  if (target == NULL && file == NULL)
    return;
  show_capture (self);
  if (target != NULL)
    lsc_capture_page_trace (self->capture_page, target, hint);
  else
    lsc_capture_page_open (self->capture_page, file);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, LscWindow *self)
{
  if (g_str_equal (response, "stop"))
    lsc_capture_page_stop (self->capture_page); /* begin_next() when it has ended */
  else
    forget_next (self);
}

static void
ask_to_stop (LscWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("A Capture Is Running"), NULL);
  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("%s is being recorded. Stop it and keep what was recorded, then begin the new one?"),
      lsc_capture_page_get_title (self->capture_page));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Go On Recording"),
                                    "stop", _ ("_Stop and Begin"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
begin_or_ask (LscWindow *self)
{
  if (lsc_capture_page_is_running (self->capture_page))
    ask_to_stop (self);
  else
    begin_next (self);
}

static void
trace (LscWindow *self, const LscTarget *target, const char *hint)
{
  forget_next (self);
  self->next_target = lsc_target_copy (target);
  self->next_hint = g_strdup (hint);
  begin_or_ask (self);
}

void
lsc_window_trace (LscWindow *self, const LscTarget *target)
{
  trace (self, target, NULL);
}

void
lsc_window_open (LscWindow *self, GFile *file)
{
  forget_next (self);
  self->next_file = g_object_ref (file);
  begin_or_ask (self);
}

static gboolean
close_anyway_cb (gpointer data)
{
  LscWindow *self = data;
  self->closing = 0;
  gtk_window_destroy (GTK_WINDOW (self));
  return G_SOURCE_REMOVE;
}

static void
running_changed_cb (LscWindow *self)
{
  gboolean running = lsc_capture_page_is_running (self->capture_page);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop", running);
  gboolean lanes = lsc_capture_page_has_trace (self->capture_page);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.save", lanes);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.export", lanes);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.copy-picture", lanes);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.print", lanes);
  lsc_start_page_set_running (self->start_page,
                              running ? lsc_capture_page_get_title (self->capture_page) : NULL);
  if (!running && self->closing != 0)
    gtk_window_destroy (GTK_WINDOW (self));
  else if (!running)
    begin_next (self);
}

static void
trace_processes_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GVariant) pids = g_variant_get_child_value (parameter, 0);
  gboolean children = FALSE;
  gsize n_pids = 0;
  g_variant_get_child (parameter, 1, "b", &children);
  const guint32 *list = g_variant_get_fixed_array (pids, &n_pids, sizeof (guint32));
  g_autoptr (LscTarget) target = lsc_target_new_processes (list, n_pids, children);
  trace (LSC_WINDOW (widget), target, NULL);
}

static void
trace_command_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_auto (GStrv) argv = NULL;
  const char *folder = NULL;
  const char *hint = NULL;
  gboolean children = FALSE;
  g_variant_get (parameter, "(^as&s&sb)", &argv, &folder, &hint, &children);
  if (argv[0] == NULL)
    return;
  g_autoptr (LscTarget) target =
      lsc_target_new_command ((const char *const *) argv, folder[0] == '\0' ? NULL : folder, NULL);
  target->children = children;
  trace (LSC_WINDOW (widget), target, hint);
}

static void
trace_all_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (LscTarget) target = lsc_target_new_everything (LSC_TARGET_WHOLE_MACHINE);
  trace (LSC_WINDOW (widget), target, NULL);
}

static void
chosen_cb (GFile *file, gpointer data)
{
  lsc_window_open (data, file);
}

static void
open_dialog_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lsc_file_dialog_open_capture (widget, chosen_cb, widget);
}

static void
open_uri_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));
  lsc_window_open (LSC_WINDOW (widget), file);
}

static void
new_capture_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_start (LSC_WINDOW (widget));
}

static void
show_capture_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_capture (LSC_WINDOW (widget));
}

static void
stop_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lsc_capture_page_stop (LSC_WINDOW (widget)->capture_page);
}

static void
save_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lsc_capture_page_save (LSC_WINDOW (widget)->capture_page);
}

static void
export_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lsc_capture_output_export (LSC_WINDOW (widget)->capture_page);
}

static void
copy_picture_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lsc_capture_output_copy (LSC_WINDOW (widget)->capture_page);
}

static void
print_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lsc_capture_output_print (LSC_WINDOW (widget)->capture_page);
}

static void
find_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LscWindow *self = LSC_WINDOW (widget);
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "start"))
    lsc_start_page_focus (self->start_page);
  else if (lsc_capture_page_has_trace (self->capture_page))
    gtk_widget_activate_action (GTK_WIDGET (self->capture_page), "lanes.find", NULL);
}

static void
undo_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (LSC_WINDOW (widget)->capture_page), "lanes.undo", NULL);
}

static void
dismissed_cb (AdwToast *toast, LscWindow *self)
{
  if (self->undo_toast == toast)
    self->undo_toast = NULL;
  if (self->said_toast == toast)
    self->said_toast = NULL;
}

/* In place of the last one of its kind: toasts that wait for each other tell of what is long past.
 * The text is no markup: it may hold names of files and threads. */
static AdwToast *
add_toast (LscWindow *self, AdwToast **place, GVariant *text, const char *button)
{
  g_autofree char *title = g_markup_escape_text (g_variant_get_string (text, NULL), -1);
  if (*place != NULL)
    adw_toast_dismiss (*place);
  AdwToast *toast = *place = adw_toast_new (title);
  adw_toast_set_button_label (toast, button);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, 0);
  return toast;
}

/* A toast with a button that takes back what it tells. The last deed only can be taken back. */
static void
undo_toast_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LscWindow *self = LSC_WINDOW (widget);
  AdwToast *toast = add_toast (self, &self->undo_toast, parameter, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
menu_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LscWindow *self = LSC_WINDOW (widget);
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "start"))
    lsc_start_page_open_menu (self->start_page);
  else
    lsc_capture_page_open_menu (self->capture_page);
}

static void
toast_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LscWindow *self = LSC_WINDOW (widget);
  AdwToast *toast = add_toast (self, &self->said_toast, parameter, NULL);
  adw_toast_set_timeout (toast, 3);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
show_text_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));
  g_autofree char *uri = g_file_get_uri (file);
  gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

static void
remember_size (LscWindow *self)
{
  GtkWindow *window = GTK_WINDOW (self);
  int width = 0;
  int height = 0;
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));
}

/* A capture that runs is ended in order first, so that its file is whole; nobody has to wait for
 * it. */
static gboolean
lsc_window_close_request (GtkWindow *window)
{
  LscWindow *self = LSC_WINDOW (window);
  remember_size (self);
  if (!lsc_capture_page_is_running (self->capture_page))
    return GTK_WINDOW_CLASS (lsc_window_parent_class)->close_request (window);
  forget_next (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (self->closing == 0)
    self->closing = g_timeout_add (CLOSE_MS, close_anyway_cb, self);
  lsc_capture_page_stop (self->capture_page);
  return TRUE;
}

static void
refuse_drop (LscWindow *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* The first one here, each of the others in a window of its own, as from the command line. */
static void
open_all (LscWindow *self, GSList *files)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  for (GSList *next = files->next; next != NULL; next = next->next)
    {
      LscWindow *window = lsc_window_new (application);
      gtk_window_present (GTK_WINDOW (window));
      lsc_window_open (window, next->data);
    }
  lsc_window_open (self, files->data);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, LscWindow *self)
{
  g_autoptr (GSList) files = NULL;
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (files == NULL)
    refuse_drop (self, _ ("That is a text. Drop the file of a capture or a trace here."));
  else if (g_slist_length (files) > N_DROPPED_MAX)
    {
      g_autofree char *text = g_strdup_printf (_ ("Those are %u files. Drop at most %u at a time."),
                                               g_slist_length (files), N_DROPPED_MAX);
      refuse_drop (self, text);
    }
  else
    open_all (self, files);
  return files != NULL;
}

static void
accept_drops (LscWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_STRING };
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  gtk_drop_target_set_gtypes (drop, types, G_N_ELEMENTS (types));
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

static void
lsc_window_dispose (GObject *object)
{
  LscWindow *self = LSC_WINDOW (object);
  g_clear_handle_id (&self->closing, g_source_remove);
  forget_next (self);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lsc_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.trace-processes", "(aub)", trace_processes_cb },
    { "win.trace-command", "(asssb)", trace_command_cb },
    { "win.trace-all", NULL, trace_all_cb },
    { "win.open-dialog", NULL, open_dialog_cb },
    { "win.open-uri", "s", open_uri_cb },
    { "win.new-capture", NULL, new_capture_cb },
    { "win.show-capture", NULL, show_capture_cb },
    { "win.stop", NULL, stop_cb },
    { "win.save", NULL, save_cb },
    { "win.export", NULL, export_cb },
    { "win.copy-picture", NULL, copy_picture_cb },
    { "win.print", NULL, print_cb },
    { "win.find", NULL, find_cb },
    { "win.undo", NULL, undo_cb },
    { "win.undo-toast", "s", undo_toast_cb },
    { "win.menu", NULL, menu_cb },
    { "win.toast", "s", toast_cb },
    { "win.show-text", "s", show_text_cb },
  };
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].func);
}

static void
lsc_window_class_init (LscWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = lsc_window_close_request;
  g_type_ensure (LSC_TYPE_START_PAGE);
  g_type_ensure (LSC_TYPE_CAPTURE_PAGE);
  install_actions (widget_class);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lanescope/Lanescope/window.ui");
  gtk_widget_class_bind_template_child (widget_class, LscWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LscWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, LscWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, LscWindow, capture_page);
}

static void
lsc_window_init (LscWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = lsc_places_new_settings (NULL);
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  g_signal_connect_object (self->capture_page, "running-changed", G_CALLBACK (running_changed_cb),
                           self, G_CONNECT_SWAPPED);
  running_changed_cb (self);
  accept_drops (self);
  lsc_start_page_focus (self->start_page);
  lsc_frame_pace_watch (GTK_WIDGET (self));
}

LscWindow *
lsc_window_new (GtkApplication *application)
{
  return g_object_new (LSC_TYPE_WINDOW, "application", application, NULL);
}
