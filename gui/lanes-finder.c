/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-finder.h"

#include "gui/places.h"

#include <glib/gi18n.h>

struct _LscLanesFinder
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkSearchEntry *filter_entry;
  GtkLabel *filter_label;
  GtkEntry *go_to_entry;
  GtkLabel *hidden_label;
  GtkWidget *hidden_box;
  GtkWidget *close_button;

  LscLanesView *view; /* a sibling; not owned */
};

G_DEFINE_FINAL_TYPE (LscLanesFinder, lsc_lanes_finder, GTK_TYPE_WIDGET)

static void
set_label (GtkLabel *label, const char *text)
{
  if (!g_str_equal (text, gtk_label_get_text (label)))
    gtk_label_set_text (label, text);
}

/* Shows what there is to say. */
static void
update (LscLanesFinder *self)
{
  gboolean filter = gtk_widget_get_visible (GTK_WIDGET (self->filter_entry));
  gboolean go_to = gtk_widget_get_visible (GTK_WIDGET (self->go_to_entry));
  guint n_filtered = lsc_lanes_view_get_n_filtered (self->view);
  guint n_hidden = lsc_lanes_view_get_n_hidden (self->view);
  g_autofree char *filtered = g_strdup_printf (
      g_dngettext (NULL, "%u lane does not match", "%u lanes do not match", n_filtered),
      n_filtered);
  g_autofree char *hidden =
      g_strdup_printf (g_dngettext (NULL, "%u lane hidden", "%u lanes hidden", n_hidden), n_hidden);
  gboolean none = n_filtered > 0 && lsc_lanes_view_get_n_lanes (self->view) == 0;
  set_label (self->filter_label,
             none ? _ ("No lane has that in its name, number or process. Escape shows all again.")
             : n_filtered > 0 ? filtered
                              : "");
  set_label (self->hidden_label, n_hidden > 0 ? hidden : "");
  gtk_widget_set_visible (GTK_WIDGET (self->filter_label), filter);
  gtk_widget_set_visible (self->hidden_box, n_hidden > 0);
  gtk_widget_set_visible (self->close_button, filter || go_to);
  gtk_widget_set_visible (self->root, filter || go_to || n_hidden > 0);
}

static void
filter (LscLanesFinder *self, const char *text)
{
  lsc_lanes_view_set_filter (self->view, text);
  update (self);
}

static void
filter_changed_cb (LscLanesFinder *self)
{
  filter (self, gtk_editable_get_text (GTK_EDITABLE (self->filter_entry)));
}

static void
leave (LscLanesFinder *self)
{
  lsc_lanes_finder_close (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
stop_cb (LscLanesFinder *self)
{
  leave (self);
}

/* Enter keeps the filter and goes on to the lanes. */
static void
filter_activate_cb (LscLanesFinder *self)
{
  filter_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
close_go_to (LscLanesFinder *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->go_to_entry), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->go_to_entry), "");
  update (self);
}

static void
go_to_activate_cb (LscLanesFinder *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->go_to_entry));
  GdkRectangle box;
  lsc_lanes_view_set_mode (self->view, LSC_ROWS_BY_THREAD);
  if (!lsc_lanes_view_go_to_thread (self->view, text))
    {
      gtk_widget_activate_action (
          GTK_WIDGET (self), "win.toast", "s",
          _ ("No thread has that name or number. Type a part of its name, or its number."));
      return;
    }
  /* it does not match the filter: the filter has to go */
  if (!lsc_lanes_view_get_subject_box (self->view, &box))
    lsc_lanes_finder_close (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  close_go_to (self);
}

static gboolean
go_to_key_cb (GtkEventControllerKey *controller,
              guint key,
              guint code,
              GdkModifierType modifiers,
              LscLanesFinder *self)
{
  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  close_go_to (self);
  return GDK_EVENT_STOP;
}

static void
show_hidden_cb (LscLanesFinder *self)
{
  lsc_lanes_view_show_hidden (self->view);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
lsc_lanes_finder_dispose (GObject *object)
{
  LscLanesFinder *self = LSC_LANES_FINDER (object);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_lanes_finder_parent_class)->dispose (object);
}

static void
lsc_lanes_finder_class_init (LscLanesFinderClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_lanes_finder_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/lanes-finder.ui");
  gtk_widget_class_bind_template_child (widget_class, LscLanesFinder, root);
  gtk_widget_class_bind_template_child (widget_class, LscLanesFinder, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, LscLanesFinder, filter_label);
  gtk_widget_class_bind_template_child (widget_class, LscLanesFinder, go_to_entry);
  gtk_widget_class_bind_template_child (widget_class, LscLanesFinder, hidden_label);
  gtk_widget_class_bind_template_child (widget_class, LscLanesFinder, hidden_box);
  gtk_widget_class_bind_template_child (widget_class, LscLanesFinder, close_button);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_to_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_to_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_hidden_cb);
}

static void
lsc_lanes_finder_init (LscLanesFinder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lsc_lanes_finder_set_view (LscLanesFinder *self, LscLanesView *view)
{
  self->view = view;
  g_signal_connect_object (view, "view-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
lsc_lanes_finder_open_filter (LscLanesFinder *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->filter_entry), TRUE);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->filter_entry));
}

void
lsc_lanes_finder_open_go_to (LscLanesFinder *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->go_to_entry), TRUE);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->go_to_entry));
}

void
lsc_lanes_finder_close (LscLanesFinder *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->filter_entry), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  close_go_to (self);
  filter (self, "");
}
