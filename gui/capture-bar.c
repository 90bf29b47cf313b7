/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-bar.h"

#include "gui/places.h"
#include "lib/explain/duration.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _LscCaptureBar
{
  GtkWidget parent_instance;
  GtkWidget *root;
  AdwWindowTitle *title;
  GtkWidget *stop_button;
  GtkToggleButton *follow_toggle;
  GtkMenuButton *menu_button;
  GtkWidget *save_button;
  GtkWidget *pane_toggle;
  GtkEditable *span_entry;
  GtkWidget *mode_box;
  GtkToggleButton *by_thread_toggle;
  GtkToggleButton *by_cpu_toggle;

  GSettings *settings;
  LscLanesView *view; /* a sibling; not owned */
};

G_DEFINE_FINAL_TYPE (LscCaptureBar, lsc_capture_bar, GTK_TYPE_WIDGET)

static void
follow_toggled_cb (LscCaptureBar *self)
{
  lsc_lanes_view_set_follow (self->view, gtk_toggle_button_get_active (self->follow_toggle));
}

static gboolean
is_by_cpu (LscCaptureBar *self)
{
  return lsc_lanes_view_get_mode (self->view) == LSC_ROWS_BY_CPU;
}

/* By hand: the next capture is shown so as well, unless it says otherwise itself. */
static void
mode_toggled_cb (LscCaptureBar *self)
{
  gboolean by_cpu = gtk_toggle_button_get_active (self->by_cpu_toggle);
  if (by_cpu == is_by_cpu (self))
    return;
  g_settings_set_boolean (self->settings, "lanes-by-cpu", by_cpu);
  lsc_lanes_view_set_mode (self->view, by_cpu ? LSC_ROWS_BY_CPU : LSC_ROWS_BY_THREAD);
}

static void
show_span (LscCaptureBar *self)
{
  g_autofree char *text = lsc_duration_format (lsc_lanes_view_get_span_ns (self->view));
  if (!g_str_equal (text, gtk_editable_get_text (self->span_entry)))
    gtk_editable_set_text (self->span_entry, text);
}

static gboolean
types_span (LscCaptureBar *self)
{
  GtkWidget *delegate = GTK_WIDGET (gtk_editable_get_delegate (self->span_entry));
  return delegate != NULL && gtk_widget_has_focus (delegate);
}

static void
span_activate_cb (LscCaptureBar *self)
{
  guint64 span_ns = 0;
  if (!lsc_duration_parse (gtk_editable_get_text (self->span_entry), &span_ns) || span_ns == 0)
    {
      gtk_widget_activate_action (
          GTK_WIDGET (self), "win.toast", "s",
          _ ("That is no length of time. Type one such as 10 ms or 1.5 s."));
      return;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  lsc_lanes_view_set_span_ns (self->view, span_ns);
}

static void
span_left_cb (LscCaptureBar *self)
{
  show_span (self);
}

static void
view_changed_cb (LscCaptureBar *self)
{
  gtk_toggle_button_set_active (self->follow_toggle, lsc_lanes_view_get_follow (self->view));
  /* of a group the one that is to be pressed is, which lets the other go */
  gtk_toggle_button_set_active (is_by_cpu (self) ? self->by_cpu_toggle : self->by_thread_toggle,
                                TRUE);
  if (!types_span (self))
    show_span (self);
}

static void
lsc_capture_bar_dispose (GObject *object)
{
  LscCaptureBar *self = LSC_CAPTURE_BAR (object);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lsc_capture_bar_parent_class)->dispose (object);
}

static void
lsc_capture_bar_class_init (LscCaptureBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_capture_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/capture-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, root);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, title);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, stop_button);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, follow_toggle);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, save_button);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, pane_toggle);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, span_entry);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, mode_box);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, by_thread_toggle);
  gtk_widget_class_bind_template_child (widget_class, LscCaptureBar, by_cpu_toggle);
  gtk_widget_class_bind_template_callback (widget_class, follow_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, mode_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, span_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, span_left_cb);
}

static void
lsc_capture_bar_init (LscCaptureBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = lsc_places_new_settings (NULL);
}

void
lsc_capture_bar_set_view (LscCaptureBar *self, LscLanesView *view)
{
  self->view = view;
  g_signal_connect_object (view, "view-changed", G_CALLBACK (view_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
lsc_capture_bar_offer (LscCaptureBar *self, gboolean running, gboolean grows, gboolean lanes)
{
  gtk_widget_set_visible (self->stop_button, running);
  gtk_widget_set_visible (GTK_WIDGET (self->follow_toggle), grows && lanes);
  gtk_widget_set_visible (self->mode_box, lanes);
  gtk_widget_set_visible (GTK_WIDGET (self->span_entry), lanes);
  gtk_widget_set_visible (self->save_button, lanes);
  gtk_widget_set_visible (self->pane_toggle, lanes);
}

void
lsc_capture_bar_set_title (LscCaptureBar *self, const char *title)
{
  adw_window_title_set_title (self->title, title);
}

const char *
lsc_capture_bar_get_title (LscCaptureBar *self)
{
  return adw_window_title_get_title (self->title);
}

void
lsc_capture_bar_set_subtitle (LscCaptureBar *self, const char *subtitle)
{
  adw_window_title_set_subtitle (self->title, subtitle);
}

void
lsc_capture_bar_open_menu (LscCaptureBar *self)
{
  gtk_menu_button_popup (self->menu_button);
}
