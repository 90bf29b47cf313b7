/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/export-window.h"

#include "gui/export-job.h"
#include "gui/file-dialog.h"
#include "gui/lanes-picture.h"
#include "gui/picture-job.h"

#include <glib/gi18n.h>

#define PULSE_MS 100

struct _LscExportWindow
{
  AdwWindow parent_instance;
  AdwPreferencesGroup *group;
  AdwComboRow *format_row;
  AdwComboRow *range_row;
  AdwComboRow *theme_row;
  AdwActionRow *redact_row;
  GtkSwitch *redact_switch;
  GtkWidget *export_button;
  GtkRevealer *progress_revealer;
  GtkProgressBar *progress;
  GtkLabel *trouble_label;

  LscLanesView *view;
  LscNoteKeeper *keeper;
  char *source;
  char *name;
  LscTimeRange ranges[3];    /* in the order of the row */
  GCancellable *cancellable; /* of what goes on */
  char *target;
  guint pulse_id;
};

G_DEFINE_FINAL_TYPE (LscExportWindow, lsc_export_window, ADW_TYPE_WINDOW)

static const struct
{
  const char *name;
  const char *suffix;
  LscPictureFormat format;
} pictures[] = {
  { N_ ("Picture (PNG)"), ".png", LSC_PICTURE_PNG },
  { N_ ("Drawing (SVG)"), ".svg", LSC_PICTURE_SVG },
  { N_ ("Document (PDF)"), ".pdf", LSC_PICTURE_PDF },
};

#define N_PICTURES ((guint) G_N_ELEMENTS (pictures))

/* The form that is chosen, NULL when it is a picture. */
static const LscExportFormat *
get_format (LscExportWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->format_row);
  return selected < N_PICTURES ? NULL : &lsc_export_get_formats ()[selected - N_PICTURES];
}

static void
format_cb (LscExportWindow *self)
{
  const LscExportFormat *format = get_format (self);
  gtk_widget_set_visible (GTK_WIDGET (self->theme_row), format == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->redact_row), format != NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->format_row),
                               format != NULL ? _ (format->summary)
                                              : _ ("All lanes, with ruler and legend"));
}

static void
set_busy (LscExportWindow *self, gboolean busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->group), !busy);
  gtk_widget_set_sensitive (self->export_button, !busy);
  gtk_revealer_set_reveal_child (self->progress_revealer, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_label), FALSE);
}

static void
show_trouble (LscExportWindow *self, const char *text)
{
  set_busy (self, FALSE);
  gtk_label_set_text (self->trouble_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_label), TRUE);
}

/* After the job; without an error it went well. */
static void
say_result (LscExportWindow *self, const GError *error)
{
  g_clear_object (&self->cancellable);
  if (self->view == NULL) /* closed meanwhile */
    return;
  if (error != NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_trouble (self, error->message);
      return;
    }
  g_autofree char *shown = g_filename_display_basename (self->target);
  g_autofree char *text = g_strdup_printf (_ ("Exported as %s"), shown);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "win.toast", "s", text);
  gtk_window_close (GTK_WINDOW (self));
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LscExportWindow) self = data;
  g_autoptr (GError) error = NULL;
  lsc_export_job_finish (result, &error);
  say_result (self, error);
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LscExportWindow) self = data;
  g_autoptr (GError) error = NULL;
  lsc_picture_job_save_finish (result, &error);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  say_result (self, error);
}

/* How far cairo is, nobody knows. */
static gboolean
pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (LSC_EXPORT_WINDOW (data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
progress_cb (double done, gpointer data)
{
  LscExportWindow *self = data;
  gtk_progress_bar_set_fraction (self->progress, done);
}

static void
export_picture (LscExportWindow *self, const LscTimeRange *range)
{
  static const LscTheme themes[] = { LSC_THEME_LIGHT, LSC_THEME_DARK, LSC_THEME_PRINT };
  guint theme = MIN (adw_combo_row_get_selected (self->theme_row), G_N_ELEMENTS (themes) - 1);
  guint selected = adw_combo_row_get_selected (self->format_row);
  LscPictureFile *picture =
      lsc_lanes_picture_paint (self->view, range, pictures[selected].format, themes[theme]);
  self->pulse_id = g_timeout_add (PULSE_MS, pulse_cb, self);
  lsc_picture_job_save_async (picture, self->target, self->cancellable, drawn_cb,
                              g_object_ref (self));
}

static void
export_to_cb (GFile *file, gpointer data)
{
  LscExportWindow *self = data;
  const LscExportFormat *format = get_format (self);
  guint part = MIN (adw_combo_row_get_selected (self->range_row), G_N_ELEMENTS (self->ranges) - 1);
  g_free (self->target);
  self->target = g_file_get_path (file);
  if (self->target == NULL)
    {
      show_trouble (self, _ ("This place is not on this machine. Choose another one."));
      return;
    }
  set_busy (self, TRUE);
  self->cancellable = g_cancellable_new ();
  if (format == NULL)
    {
      export_picture (self, &self->ranges[part]);
      return;
    }
  g_autoptr (GBytes) notes = lsc_note_keeper_dup_all (self->keeper);
  LscExportOrder order = { self->source, self->target, format,
                           /* What has left the memory is in the file, before and after. */
                           part == 0 ? 0 : self->ranges[part].from_ns,
                           part == 0 ? G_MAXUINT64 : self->ranges[part].to_ns,
                           gtk_switch_get_active (self->redact_switch), notes };
  gtk_progress_bar_set_fraction (self->progress, 0);
  lsc_export_job_run_async (&order, self->cancellable, progress_cb, exported_cb,
                            g_object_ref (self));
}

static void
export_cb (LscExportWindow *self)
{
  const LscExportFormat *format = get_format (self);
  const char *suffix = format != NULL
                           ? format->suffix
                           : pictures[adw_combo_row_get_selected (self->format_row)].suffix;
  g_autofree char *name = g_strconcat (self->name, suffix, NULL);
  lsc_file_dialog_export (GTK_WIDGET (self), name, export_to_cb, self);
}

static void
fill_formats (LscExportWindow *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  for (guint i = 0; i < N_PICTURES; i++)
    gtk_string_list_append (list, _ (pictures[i].name));
  for (const LscExportFormat *format = lsc_export_get_formats (); format->id != NULL; format++)
    gtk_string_list_append (list, _ (format->name));
  adw_combo_row_set_model (self->format_row, G_LIST_MODEL (list));
}

/* A selection is what somebody who selected something means. */
static void
fill_ranges (LscExportWindow *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  gtk_string_list_append (list, _ ("The whole capture"));
  gtk_string_list_append (list, _ ("What is visible"));
  self->ranges[0] = (LscTimeRange){ lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace) };
  self->ranges[1] = lsc_lanes_view_get_visible (self->view);
  gboolean selected = lsc_lanes_view_get_selection (self->view, &self->ranges[2]);
  if (selected)
    gtk_string_list_append (list, _ ("The selection"));
  adw_combo_row_set_model (self->range_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->range_row, selected ? 2 : 1);
}

static gboolean
lsc_export_window_close_request (GtkWindow *window)
{
  LscExportWindow *self = LSC_EXPORT_WINDOW (window);
  g_cancellable_cancel (self->cancellable);
  return GTK_WINDOW_CLASS (lsc_export_window_parent_class)->close_request (window);
}

static void
lsc_export_window_dispose (GObject *object)
{
  LscExportWindow *self = LSC_EXPORT_WINDOW (object);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_object (&self->view);
  g_clear_object (&self->keeper);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (lsc_export_window_parent_class)->dispose (object);
}

static void
lsc_export_window_finalize (GObject *object)
{
  LscExportWindow *self = LSC_EXPORT_WINDOW (object);
  g_free (self->target);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (lsc_export_window_parent_class)->finalize (object);
}

static void
lsc_export_window_class_init (LscExportWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_export_window_dispose;
  G_OBJECT_CLASS (class)->finalize = lsc_export_window_finalize;
  GTK_WINDOW_CLASS (class)->close_request = lsc_export_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/export-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, group);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, format_row);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, range_row);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, theme_row);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, redact_row);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, redact_switch);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, LscExportWindow, trouble_label);
  gtk_widget_class_bind_template_callback (widget_class, format_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
}

static void
lsc_export_window_init (LscExportWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

LscExportWindow *
lsc_export_window_new (LscLanesView *view,
                       LscNoteKeeper *keeper,
                       const char *source,
                       const char *name)
{
  LscExportWindow *self = g_object_new (LSC_TYPE_EXPORT_WINDOW, "transient-for",
                                        gtk_widget_get_root (GTK_WIDGET (view)), NULL);
  self->view = g_object_ref (view);
  self->keeper = g_object_ref (keeper);
  self->source = g_strdup (source);
  self->name = g_strdup (name);
  fill_ranges (self);
  fill_formats (self);
  format_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->format_row));
  return self;
}
