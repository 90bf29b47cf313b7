/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/marker-popover.h"

#include <glib/gi18n.h>

struct _LscMarkerPopover
{
  GtkPopover parent_instance;
  GtkEditable *entry;
  GtkWidget *remove_button;

  LscLanesView *view; /* not owned */
  guint32 number;     /* of the marker */
};

G_DEFINE_FINAL_TYPE (LscMarkerPopover, lsc_marker_popover, GTK_TYPE_POPOVER)

static void
open_for (LscMarkerPopover *self, const LscMarker *marker)
{
  GdkRectangle box;
  double x = 0;
  double y = 0;
  if (marker == NULL || !lsc_lanes_view_get_marker_box (self->view, marker->number, &box))
    {
      lsc_lanes_view_refuse (self->view, _ ("No marker is in view. M sets one where the pointer "
                                            "is; a picked bar takes a note."));
      return;
    }
  gtk_widget_translate_coordinates (
      GTK_WIDGET (self->view), gtk_widget_get_parent (GTK_WIDGET (self)), box.x, box.y, &x, &y);
  box.x = (int) x;
  box.y = (int) y;
  self->number = marker->number;
  gboolean note = marker->thread != LSC_THREAD_NONE;
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry),
                                  note ? _ ("Note on this bar") : _ ("Name of the marker"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  note ? _ ("Bar note") : _ ("Marker name"), -1);
  gtk_widget_set_tooltip_text (self->remove_button,
                               note ? _ ("Remove the note") : _ ("Remove the marker (M)"));
  gtk_editable_set_text (self->entry, marker->name);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), &box);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
activate_cb (LscMarkerPopover *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  lsc_lanes_view_name_marker (self->view, self->number, name);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
remove_marker (LscMarkerPopover *self, guint32 number)
{
  const LscMarker *marker = lsc_lanes_view_get_marker (self->view, number);
  if (marker == NULL)
    return;
  gboolean note = marker->thread != LSC_THREAD_NONE;
  g_autofree char *text = note ? g_strdup (_ ("The note is removed"))
                          : marker->name[0] != '\0'
                              ? g_strdup_printf (_ ("Marker %s is removed"), marker->name)
                              : g_strdup_printf (_ ("Marker %u is removed"), number);
  lsc_lanes_view_remove_marker (self->view, number);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "win.undo-toast", "s", text);
}

static void
remove_clicked_cb (LscMarkerPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  remove_marker (self, self->number);
}

/* A note that nothing was written in goes again. */
static void
closed_cb (LscMarkerPopover *self)
{
  const LscMarker *marker = lsc_lanes_view_get_marker (self->view, self->number);
  if (marker != NULL && marker->thread != LSC_THREAD_NONE && marker->name[0] == '\0')
    lsc_lanes_view_name_marker (self->view, self->number, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
edit_cb (GSimpleAction *action, GVariant *number, gpointer data)
{
  LscMarkerPopover *self = data;
  open_for (self, lsc_lanes_view_get_marker (self->view, g_variant_get_uint32 (number)));
}

static void
name_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscMarkerPopover *self = data;
  open_for (self, lsc_lanes_view_current_marker (self->view));
}

/* On the picked bar; without one it is about the marker. */
static void
note_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscMarkerPopover *self = data;
  guint32 number = lsc_lanes_view_note_bar (self->view);
  open_for (self, number != 0 ? lsc_lanes_view_get_marker (self->view, number)
                              : lsc_lanes_view_current_marker (self->view));
}

static void
remove_cb (GSimpleAction *action, GVariant *number, gpointer data)
{
  remove_marker (data, g_variant_get_uint32 (number));
}

static void
step_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscMarkerPopover *self = data;
  gboolean next = g_str_equal (g_action_get_name (G_ACTION (action)), "next-marker");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  if (!lsc_lanes_view_step_marker (self->view, next ? 1 : -1))
    lsc_lanes_view_refuse (self->view, next ? _ ("No marker follows. M sets one where the pointer "
                                                 "is.")
                                            : _ ("No marker comes before. M sets one where the "
                                                 "pointer is."));
}

static const GActionEntry entries[] = {
  { .name = "edit-marker", .parameter_type = "u", .activate = edit_cb },
  { .name = "remove-marker", .parameter_type = "u", .activate = remove_cb },
  { .name = "name-marker", .activate = name_cb },
  { .name = "note", .activate = note_cb },
  { .name = "next-marker", .activate = step_cb },
  { .name = "previous-marker", .activate = step_cb },
};

static void
lsc_marker_popover_class_init (LscMarkerPopoverClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/marker-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, LscMarkerPopover, entry);
  gtk_widget_class_bind_template_child (widget_class, LscMarkerPopover, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
}

static void
lsc_marker_popover_init (LscMarkerPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lsc_marker_popover_set_view (LscMarkerPopover *self,
                             LscLanesView *view,
                             GSimpleActionGroup *actions)
{
  self->view = view;
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
}
