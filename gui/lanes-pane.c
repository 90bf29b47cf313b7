/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-pane.h"

#include "gui/critical-strip.h"
#include "gui/lane-height.h"
#include "gui/lanes-finder.h"
#include "gui/lanes-links.h"
#include "gui/legend-popover.h"
#include "gui/lock-strip.h"
#include "gui/marker-popover.h"
#include "gui/order-button.h"
#include "gui/pages.h"
#include "gui/places.h"
#include "gui/side-layout.h"
#include "gui/side-pane.h"
#include "gui/text-scale.h"
#include "gui/text-zoom.h"

#include <glib/gi18n.h>

struct _LscLanesPane
{
  GtkWidget parent_instance;
  GtkWidget *root; /* the lanes, and what stands above and below them */
  LscSidePane *side_pane;
  LscSideLayout *layout; /* of the two */
  LscLanesView *view;
  LscLanesFinder *finder;
  GtkWidget *lane_menu; /* a popover */
  LscMarkerPopover *marker_popover;
  LscOrderButton *order_button;
  GtkWidget *legend_popover;
  LscCriticalStrip *critical_strip;
  LscLockStrip *lock_strip;
  GtkScrollbar *scrollbar;
  GtkRevealer *story_revealer;
  GtkLabel *story_label;
  LscStatusBar *status_bar;

  GSettings *settings;
  GSimpleActionGroup *actions;
  LscTrace *trace;
};

G_DEFINE_FINAL_TYPE (LscLanesPane, lsc_lanes_pane, GTK_TYPE_WIDGET)

/* A menu that closes gives the keys to its button, unless they have gone elsewhere. */
static void
focus_lanes (LscLanesPane *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
all_arrows_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  LscLanesPane *self = data;
  lsc_lanes_view_set_all_arrows (self->view, g_variant_get_boolean (value));
  g_simple_action_set_state (action, value);
}

static void
zoom_all_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lsc_lanes_view_show_all (LSC_LANES_PANE (data)->view);
}

static void
refuse_without_lane (LscLanesPane *self)
{
  lsc_lanes_view_refuse (self->view, _ ("No lane is picked. Click a name or a bar first."));
}

/* `name` is the lane's; NULL: none is picked. */
static void
done (LscLanesPane *self, const char *format, gboolean could, const char *name)
{
  focus_lanes (self);
  if (name == NULL)
    refuse_without_lane (self);
  else if (!could)
    lsc_lanes_view_refuse (self->view, _ ("It cannot be moved further: there is no lane like it on "
                                          "that side."));
  if (name == NULL || !could)
    return;
  /* a format of ours with one %s */
  GString *text = g_string_new (format);
  g_string_replace (text, "%s", name, 1);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.undo-toast", "s", text->str);
  g_string_free (text, TRUE);
}

static void
hide_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  g_autofree char *name = lsc_lanes_view_dup_subject (self->view);
  gboolean could = lsc_lanes_view_hide_lane (self->view);
  done (self, _ ("%s is hidden"), could, name);
}

static void
pin_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  LscLanesPane *self = data;
  g_autofree char *name = lsc_lanes_view_dup_subject (self->view);
  gboolean could = lsc_lanes_view_pin_lane (self->view);
  gboolean pinned = lsc_lanes_view_is_pinned (self->view);
  g_simple_action_set_state (action, g_variant_new_boolean (pinned));
  done (self, pinned ? _ ("%s is pinned to the top") : _ ("%s is no longer pinned"), could, name);
}

static void
move_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  g_autofree char *name = lsc_lanes_view_dup_subject (self->view);
  gboolean up = g_str_equal (g_action_get_name (G_ACTION (action)), "move-up");
  gboolean could = lsc_lanes_view_move_lane (self->view, up ? -1 : 1);
  done (self, up ? _ ("%s is moved up") : _ ("%s is moved down"), could, name);
}

static void
life_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  focus_lanes (self);
  if (!lsc_lanes_view_show_life (self->view))
    lsc_lanes_view_refuse (self->view, _ ("No thread is picked. Click its name or a bar first."));
}

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  if (!lsc_lanes_view_undo_rows (self->view))
    lsc_lanes_view_refuse (self->view, _ ("There is nothing to undo."));
}

static void
history_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  gboolean back = g_str_equal (g_action_get_name (G_ACTION (action)), "back");
  if (!lsc_lanes_view_go (self->view, back ? -1 : 1))
    lsc_lanes_view_refuse (self->view, back ? _ ("This is the first view: there is none before it.")
                                            : _ ("This is the last view: there is none after it."));
}

static void
collapse_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  lsc_lanes_view_toggle_processes (self->view);
  focus_lanes (self);
}

static void
find_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lsc_lanes_finder_open_filter (LSC_LANES_PANE (data)->finder);
}

static void
clear_filter_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lsc_lanes_finder_close (LSC_LANES_PANE (data)->finder);
}

static void
go_to_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lsc_lanes_finder_open_go_to (LSC_LANES_PANE (data)->finder);
}

/* At (x, y) of the lanes. */
static void
open_menu (LscLanesPane *self, double x, double y)
{
  double at_x = 0;
  double at_y = 0;
  gtk_widget_translate_coordinates (GTK_WIDGET (self->view), GTK_WIDGET (self), x, y, &at_x, &at_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->lane_menu),
                               &(GdkRectangle){ (int) at_x, (int) at_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->lane_menu));
}

static void
menu_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  GdkRectangle box;
  if (lsc_lanes_view_get_subject_box (self->view, &box))
    open_menu (self, box.x + box.width / 2.0, box.y + box.height / 2.0);
  else
    refuse_without_lane (self);
}

/* The second button has the menu of what is under it; the fourth and fifth go back and forward. */
static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, LscLanesPane *self)
{
  LscHit hit;
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  if (button == 8 || button == 9)
    lsc_lanes_view_go (self->view, button == 8 ? -1 : 1);
  if (button != GDK_BUTTON_SECONDARY)
    return;
  LscPart part = lsc_lanes_view_find (self->view, x, y, &hit);
  if ((part != LSC_PART_HEADER && part != LSC_PART_LANE) || hit.pick.index == LSC_ROW_NONE)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  lsc_lanes_view_select (self->view, &hit.pick);
  open_menu (self, x, y);
}

/* Which tab, and the pane with it. */
static void
show_tab_cb (GSimpleAction *action, GVariant *name, gpointer data)
{
  LscLanesPane *self = data;
  lsc_side_layout_want (self->layout, TRUE, TRUE);
  lsc_side_pane_show_tab (self->side_pane, g_variant_get_string (name, NULL));
}

static void
side_pane_cb (GSimpleAction *action, GVariant *shown, gpointer data)
{
  LscLanesPane *self = data;
  g_settings_set_boolean (self->settings, "side-pane", g_variant_get_boolean (shown));
  lsc_side_layout_want (self->layout, g_variant_get_boolean (shown), TRUE);
}

/* The picked run where the other way to look has it: what a CPU ran, or where a thread did. */
static void
other_mode_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscLanesPane *self = data;
  gboolean by_cpu = lsc_lanes_view_get_mode (self->view) == LSC_ROWS_BY_CPU;
  lsc_lanes_view_set_mode (self->view, by_cpu ? LSC_ROWS_BY_THREAD : LSC_ROWS_BY_CPU);
  focus_lanes (self);
}

static const GActionEntry entries[] = {
  { .name = "other-mode", .activate = other_mode_cb },
  { .name = "hide", .activate = hide_cb },
  { .name = "pin", .state = "false", .change_state = pin_cb },
  { .name = "move-up", .activate = move_cb },
  { .name = "move-down", .activate = move_cb },
  { .name = "life", .activate = life_cb },
  { .name = "undo", .activate = undo_cb },
  { .name = "back", .activate = history_cb },
  { .name = "forward", .activate = history_cb },
  { .name = "collapse", .activate = collapse_cb },
  { .name = "find", .activate = find_cb },
  { .name = "clear-filter", .activate = clear_filter_cb },
  { .name = "go-to", .activate = go_to_cb },
  { .name = "menu", .activate = menu_cb },
  { .name = "all-arrows", .state = "false", .change_state = all_arrows_cb },
  { .name = "zoom-all", .activate = zoom_all_cb },
  { .name = "side-pane", .state = "true", .change_state = side_pane_cb },
  { .name = "show-tab", .parameter_type = "s", .activate = show_tab_cb },
};

static void
words_cb (LscLanesPane *self)
{
  gboolean kernel = g_settings_get_boolean (self->settings, "kernel-words");
  lsc_lanes_view_set_words (self->view, kernel ? LSC_WORDS_KERNEL : LSC_WORDS_PLAIN);
  lsc_side_pane_tell (self->side_pane, LSC_PANE_WORDS);
}

static void
set_state (LscLanesPane *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

/* Without the side pane the story of the picked bar stands below the lanes. */
static void
show_story (LscLanesPane *self)
{
  g_autofree char *story =
      lsc_side_layout_is_shown (self->layout) ? NULL : lsc_lanes_view_dup_story (self->view);
  lsc_pages_reveal (self->story_revealer, story != NULL);
  if (story != NULL)
    gtk_label_set_text (self->story_label, story);
}

static void
selected_cb (LscLanesPane *self)
{
  set_state (self, "pin", g_variant_new_boolean (lsc_lanes_view_is_pinned (self->view)));
  show_story (self);
  lsc_side_pane_tell (self->side_pane, LSC_PANE_PICK);
}

static void
layout_cb (LscLanesPane *self)
{
  set_state (self, "side-pane", g_variant_new_boolean (lsc_side_layout_is_shown (self->layout)));
  show_story (self);
}

static void
view_changed_cb (LscLanesPane *self)
{
  lsc_side_pane_tell (self->side_pane, LSC_PANE_RANGE);
}

/* The button stands in the corner that the ruler and the names leave. */
static gboolean
place_cb (GtkOverlay *overlay, GtkWidget *widget, GdkRectangle *box, LscLanesPane *self)
{
  if (widget != GTK_WIDGET (self->order_button))
    return FALSE;
  lsc_lanes_view_get_corner (self->view, box);
  /* The lanes grow with the text. */
  *box = (GdkRectangle){ lsc_text_scale_px (box->x), lsc_text_scale_px (box->y),
                         lsc_text_scale_px (box->width), lsc_text_scale_px (box->height) };
  return TRUE;
}

/* Called while sizes are given out: the scroll bar may change its looks then, not its size. */
static void
rows_changed_cb (LscLanesPane *self)
{
  GtkAdjustment *adjustment = lsc_lanes_view_get_adjustment (self->view);
  gboolean needed =
      gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment);
  gtk_widget_set_opacity (GTK_WIDGET (self->scrollbar), needed ? 1 : 0);
  gtk_widget_set_can_target (GTK_WIDGET (self->scrollbar), needed);
}

static void
close_story_cb (LscLanesPane *self)
{
  lsc_lanes_view_clear_selection (self->view);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
lsc_lanes_pane_dispose (GObject *object)
{
  LscLanesPane *self = LSC_LANES_PANE (object);
  g_clear_pointer (&self->lane_menu, gtk_widget_unparent);
  if (self->marker_popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->marker_popover)));
  g_clear_pointer (&self->legend_popover, gtk_widget_unparent);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  if (self->side_pane != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->side_pane)));
  g_clear_object (&self->critical_strip);
  g_clear_pointer (&self->lock_strip, lsc_lock_strip_free);
  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (lsc_lanes_pane_parent_class)->dispose (object);
}

static void
lsc_lanes_pane_class_init (LscLanesPaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_lanes_pane_dispose;
  g_type_ensure (LSC_TYPE_LANES_FINDER);
  g_type_ensure (LSC_TYPE_LANES_VIEW);
  g_type_ensure (LSC_TYPE_SIDE_PANE);
  g_type_ensure (LSC_TYPE_MARKER_POPOVER);
  g_type_ensure (LSC_TYPE_ORDER_BUTTON);
  g_type_ensure (LSC_TYPE_STATUS_BAR);
  g_type_ensure (LSC_TYPE_TEXT_ZOOM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/lanes-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, root);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, side_pane);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, view);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, order_button);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, scrollbar);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, finder);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, lane_menu);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, marker_popover);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, story_revealer);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, story_label);
  gtk_widget_class_bind_template_child (widget_class, LscLanesPane, status_bar);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "lanes.side-pane", NULL);
  gtk_widget_class_bind_template_callback (widget_class, close_story_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
}

static void
lsc_lanes_pane_init (LscLanesPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkLayoutManager *layout = lsc_side_layout_new (self->root, GTK_WIDGET (self->side_pane));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), layout);
  self->layout = LSC_SIDE_LAYOUT (layout);
  self->settings = lsc_places_new_settings (NULL);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  lsc_lanes_links_install (G_ACTION_MAP (self->actions), self->view);
  self->critical_strip = lsc_critical_strip_new (G_ACTION_MAP (self->actions), self->view);
  self->lock_strip = lsc_lock_strip_new (G_ACTION_MAP (self->actions), self->view);
  lsc_side_pane_set_view (self->side_pane, self->view);
  lsc_side_pane_set_path (self->side_pane, self->critical_strip);
  gtk_widget_set_parent (self->lane_menu, GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->marker_popover), GTK_WIDGET (self));
  lsc_marker_popover_set_view (self->marker_popover, self->view, self->actions);
  lsc_lane_height_install (G_ACTION_MAP (self->actions), self->view);
  self->legend_popover = lsc_legend_popover_install (G_ACTION_MAP (self->actions), self->view);
  lsc_lanes_finder_set_view (self->finder, self->view);
  gtk_scrollbar_set_adjustment (self->scrollbar, lsc_lanes_view_get_adjustment (self->view));
  g_signal_connect_object (lsc_lanes_view_get_adjustment (self->view), "changed",
                           G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::kernel-words", G_CALLBACK (words_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "view-changed", G_CALLBACK (view_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->layout, "changed", G_CALLBACK (layout_cb), self,
                           G_CONNECT_SWAPPED);
  lsc_order_button_set_view (self->order_button, self->view, self->actions);
  words_cb (self);
  rows_changed_cb (self);
  lsc_side_layout_want (self->layout, g_settings_get_boolean (self->settings, "side-pane"), FALSE);
}

void
lsc_lanes_pane_set_trace (LscLanesPane *self, LscTrace *trace, gboolean live, gboolean crowd)
{
  self->trace = trace;
  lsc_side_pane_tell (self->side_pane, LSC_PANE_TRACE);
  lsc_legend_popover_forget (LSC_LEGEND_POPOVER (self->legend_popover));
  lsc_critical_strip_forget (self->critical_strip);
  lsc_lock_strip_forget (self->lock_strip);
  lsc_lanes_finder_close (self->finder);
  lsc_lanes_view_set_trace (self->view, trace, live, crowd);
  lsc_status_bar_set_live (self->status_bar, live);
  selected_cb (self);
  if (trace != NULL)
    lsc_status_bar_update (self->status_bar, trace);
  lsc_side_pane_tell (self->side_pane, LSC_PANE_PICK | LSC_PANE_RANGE);
}

gboolean
lsc_lanes_pane_has_trace (LscLanesPane *self)
{
  return self->trace != NULL;
}

void
lsc_lanes_pane_set_ended (LscLanesPane *self)
{
  lsc_lanes_view_set_ended (self->view);
  lsc_status_bar_set_live (self->status_bar, FALSE);
  lsc_lanes_pane_update (self, TRUE);
}

void
lsc_lanes_pane_update (LscLanesPane *self, gboolean figures)
{
  if (self->trace == NULL)
    return;
  if (figures)
    lsc_status_bar_update (self->status_bar, self->trace);
  if (figures || lsc_lanes_view_get_follow (self->view))
    lsc_lanes_view_update (self->view);
  lsc_critical_strip_grow (self->critical_strip);
  lsc_side_pane_tell (self->side_pane, LSC_PANE_GROWN);
}

LscLanesView *
lsc_lanes_pane_get_view (LscLanesPane *self)
{
  return self->view;
}

GActionGroup *
lsc_lanes_pane_get_actions (LscLanesPane *self)
{
  return G_ACTION_GROUP (self->actions);
}
