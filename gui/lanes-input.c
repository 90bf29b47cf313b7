/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-input.h"

#include <math.h>

#define WHEEL_ZOOM 1.3
#define KEY_ZOOM 1.6
#define WHEEL_PX 60.0
#define KEY_PAN 0.15 /* of the width */
#define DRAG_PX 4.0  /* less is a click */

/* What a drag that has begun does. */
typedef enum
{
  DRAG_NONE,
  DRAG_PAN,
  DRAG_RANGE,
  DRAG_MINIMAP,
  DRAG_ORIGIN,
} Drag;

typedef struct
{
  LscLanesView *view; /* owns this */
  double x, y;        /* of the pointer */
  Drag drag;
  gboolean dragged;
  gboolean control; /* Ctrl was held as the button went down */
  double start_x, start_y, last_x, last_y;
  double pinched;
} Input;

static GdkModifierType
modifiers_of (gpointer controller)
{
  return gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller))
         & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, Input *self)
{
  GdkModifierType modifiers = modifiers_of (controller);
  double px =
      gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL ? WHEEL_PX : 1.0;
  if ((modifiers & GDK_CONTROL_MASK) != 0)
    lsc_lanes_view_zoom (self->view, self->x, pow (WHEEL_ZOOM, -dy * px / WHEEL_PX));
  else if ((modifiers & GDK_SHIFT_MASK) != 0)
    lsc_lanes_view_pan (self->view, (dx + dy) * px);
  else
    {
      if (fabs (dx) > 0)
        lsc_lanes_view_pan (self->view, dx * px);
      lsc_lanes_view_scroll_rows (self->view, dy * px);
    }
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, Input *self)
{
  self->pinched = 1;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, Input *self)
{
  double x = self->x;
  double y = self->y;
  if (scale <= 0)
    return;
  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  lsc_lanes_view_zoom_now (self->view, x, scale / self->pinched);
  self->pinched = scale;
}

static void
hover (Input *self)
{
  LscHit hit = { .pick = LSC_PICK_NOTHING };
  LscPart part = lsc_lanes_view_find (self->view, self->x, self->y, &hit);
  LscState state;
  LscReason reason;
  gboolean pressable =
      part == LSC_PART_MINIMAP || part == LSC_PART_IDLE || part == LSC_PART_ENDED
      || lsc_lanes_view_find_legend (self->view, self->x, self->y, &state, &reason);
  const char *cursor = pressable ? "pointer" : NULL;
  if (part == LSC_PART_RULER)
    cursor = lsc_lanes_view_find_marker (self->view, self->x) != NULL ? "pointer" : "col-resize";
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->view), cursor);
  lsc_lanes_view_hover (self->view, part == LSC_PART_LANE ? &hit.pick : &LSC_PICK_NOTHING);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, Input *self)
{
  self->x = x;
  self->y = y;
  lsc_lanes_view_set_pointer (self->view, y);
  if (self->drag == DRAG_NONE)
    hover (self);
}

static void
leave_cb (GtkEventControllerMotion *controller, Input *self)
{
  lsc_lanes_view_set_pointer (self->view, -1);
  lsc_lanes_view_hover (self->view, &LSC_PICK_NOTHING);
}

static Drag
drag_for (LscPart part, GdkModifierType modifiers)
{
  if (part == LSC_PART_MINIMAP)
    return DRAG_MINIMAP;
  if (part == LSC_PART_RULER)
    return DRAG_ORIGIN;
  if (part != LSC_PART_LANE && part != LSC_PART_ACTIVITY && part != LSC_PART_NONE)
    return DRAG_NONE;
  return (modifiers & GDK_SHIFT_MASK) != 0 ? DRAG_RANGE : DRAG_PAN;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, Input *self)
{
  LscHit hit;
  LscPart part = lsc_lanes_view_find (self->view, x, y, &hit);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  self->drag = drag_for (part, modifiers_of (gesture));
  self->dragged = FALSE;
  self->control = (modifiers_of (gesture) & GDK_CONTROL_MASK) != 0;
  self->start_x = self->last_x = x;
  self->start_y = self->last_y = y;
  if (self->drag == DRAG_MINIMAP)
    lsc_lanes_view_show_time (self->view, lsc_lanes_view_minimap_time (self->view, x));
}

static void
drag_to (Input *self, double x, double y)
{
  LscHit hit;
  switch (self->drag)
    {
    case DRAG_PAN:
      if (fabs (x - self->last_x) > 0)
        lsc_lanes_view_pan (self->view, self->last_x - x);
      lsc_lanes_view_scroll_rows (self->view, self->last_y - y);
      break;
    case DRAG_RANGE:
      lsc_lanes_view_select_range (self->view, self->start_x, x);
      break;
    case DRAG_MINIMAP:
      lsc_lanes_view_show_time (self->view, lsc_lanes_view_minimap_time (self->view, x));
      break;
    case DRAG_ORIGIN:
      if (lsc_lanes_view_find (self->view, x, self->start_y, &hit) == LSC_PART_RULER)
        lsc_lanes_view_set_origin (self->view, hit.time_ns);
      break;
    case DRAG_NONE:
    default:
      break;
    }
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, Input *self)
{
  if (!self->dragged && hypot (dx, dy) < DRAG_PX)
    return;
  self->dragged = TRUE;
  drag_to (self, self->start_x + dx, self->start_y + dy);
  self->last_x = self->start_x + dx;
  self->last_y = self->start_y + dy;
}

/* The flag of a marker asks for its name. */
static void
open_marker (Input *self, double x)
{
  const LscMarker *marker = lsc_lanes_view_find_marker (self->view, x);
  if (marker != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "lanes.edit-marker", "u", marker->number);
}

static void
click (Input *self, double x, double y)
{
  LscHit hit;
  switch (lsc_lanes_view_find (self->view, x, y, &hit))
    {
    case LSC_PART_IDLE:
      lsc_lanes_view_set_hide_idle (self->view, !lsc_lanes_view_get_hide_idle (self->view));
      break;
    case LSC_PART_ENDED:
      lsc_lanes_view_set_hide_ended (self->view, FALSE);
      break;
    case LSC_PART_HEADER:
      if (hit.row == LSC_ROW_NONE) /* below the last one */
        lsc_lanes_view_clear_selection (self->view);
      else if (hit.pick.kind == LSC_ROW_PROCESS)
        lsc_lanes_view_toggle_process (self->view, hit.pick.index);
      else
        lsc_lanes_view_select (self->view, &hit.pick);
      break;
    case LSC_PART_LANE:
      lsc_lanes_view_select (self->view, &hit.pick);
      break;
    case LSC_PART_NONE:
      lsc_lanes_view_clear_selection (self->view);
      break;
    case LSC_PART_RULER:
      if (self->control)
        lsc_lanes_view_set_origin (self->view, hit.time_ns);
      else
        open_marker (self, x);
      break;
    case LSC_PART_MINIMAP:
    case LSC_PART_ACTIVITY:
    case LSC_PART_LEGEND:
    default:
      break;
    }
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, Input *self)
{
  if (!self->dragged)
    click (self, self->start_x, self->start_y);
  self->drag = DRAG_NONE;
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, Input *self)
{
  LscHit hit;
  LscPart part = n_press == 2 ? lsc_lanes_view_find (self->view, x, y, &hit) : LSC_PART_NONE;
  if (part == LSC_PART_RULER)
    lsc_lanes_view_reset_origin (self->view);
  if (part != LSC_PART_LANE)
    return;
  lsc_lanes_view_select (self->view, &hit.pick);
  lsc_lanes_view_fit_selection (self->view);
}

/* Keys: each calls one move with one number. */
typedef struct
{
  guint key;
  void (*move) (LscLanesView *view, double amount);
  double amount;
} Key;

static void
step_span (LscLanesView *view, double amount)
{
  lsc_lanes_view_step_span (view, amount > 0 ? 1 : -1);
}

static void
step_lane (LscLanesView *view, double amount)
{
  lsc_lanes_view_step_lane (view, amount > 0 ? 1 : -1);
}

static void
show_all (LscLanesView *view, double amount)
{
  lsc_lanes_view_show_all (view);
}

static void
fit (LscLanesView *view, double amount)
{
  lsc_lanes_view_fit_selection (view);
}

static void
follow (LscLanesView *view, double amount)
{
  lsc_lanes_view_set_follow (view, amount > 0 || !lsc_lanes_view_get_follow (view));
}

/* What was picked first, then what was typed. */
static void
clear (LscLanesView *view, double amount)
{
  g_autofree char *subject = lsc_lanes_view_dup_subject (view);
  if (subject == NULL)
    gtk_widget_activate_action (GTK_WIDGET (view), "lanes.clear-filter", NULL);
  lsc_lanes_view_clear_selection (view);
}

static void
scroll_page (LscLanesView *view, double amount)
{
  GtkAdjustment *adjustment = lsc_lanes_view_get_adjustment (view);
  lsc_lanes_view_scroll_rows (view, amount * gtk_adjustment_get_page_increment (adjustment));
}

static void
help (LscLanesView *view, double amount)
{
  gtk_widget_activate_action (GTK_WIDGET (view), "win.show-help-overlay", NULL);
}

static void
cause (LscLanesView *view, double amount)
{
  lsc_lanes_view_go_to_cause (view, amount > 0 ? LSC_STATE_PREEMPTED : LSC_STATE_RUNNABLE);
}

/* Where the pointer is, as the key is pressed. */
static void
marker (LscLanesView *view, double amount)
{
  const Input *input = g_object_get_data (G_OBJECT (view), "input");
  lsc_lanes_view_set_marker (view, amount > 0, input->x);
}

static void
mark (LscLanesView *view, double amount)
{
  const Input *input = g_object_get_data (G_OBJECT (view), "input");
  const LscMarker *marker = lsc_lanes_view_find_marker (view, input->x);
  if (marker != NULL && marker->thread == LSC_THREAD_NONE)
    gtk_widget_activate_action (GTK_WIDGET (view), "lanes.remove-marker", "u", marker->number);
  else
    lsc_lanes_view_toggle_marker (view, input->x);
}

static const Key keys[] = {
  { GDK_KEY_w, lsc_lanes_view_zoom_centre, KEY_ZOOM },
  { GDK_KEY_plus, lsc_lanes_view_zoom_centre, KEY_ZOOM },
  { GDK_KEY_equal, lsc_lanes_view_zoom_centre, KEY_ZOOM },
  { GDK_KEY_KP_Add, lsc_lanes_view_zoom_centre, KEY_ZOOM },
  { GDK_KEY_s, lsc_lanes_view_zoom_centre, 1 / KEY_ZOOM },
  { GDK_KEY_minus, lsc_lanes_view_zoom_centre, 1 / KEY_ZOOM },
  { GDK_KEY_KP_Subtract, lsc_lanes_view_zoom_centre, 1 / KEY_ZOOM },
  { GDK_KEY_a, lsc_lanes_view_pan_page, -KEY_PAN },
  { GDK_KEY_d, lsc_lanes_view_pan_page, KEY_PAN },
  { GDK_KEY_Left, step_span, -1 },
  { GDK_KEY_Right, step_span, 1 },
  { GDK_KEY_Up, step_lane, -1 },
  { GDK_KEY_Down, step_lane, 1 },
  { GDK_KEY_Page_Up, scroll_page, -1 },
  { GDK_KEY_Page_Down, scroll_page, 1 },
  { GDK_KEY_f, fit, 0 },
  { GDK_KEY_Home, show_all, 0 },
  { GDK_KEY_End, follow, 1 },
  { GDK_KEY_space, follow, 0 },
  { GDK_KEY_u, cause, 0 },
  { GDK_KEY_p, cause, 1 },
  { GDK_KEY_m, mark, 0 },
  { GDK_KEY_A, marker, 0 },
  { GDK_KEY_B, marker, 1 },
  { GDK_KEY_Escape, clear, 0 },
  { GDK_KEY_question, help, 0 },
};

/* Keys that do what the menus do. */
static const struct
{
  guint key;
  GdkModifierType modifiers;
  const char *action;
} action_keys[] = {
  { GDK_KEY_slash, 0, "lanes.find" },
  { GDK_KEY_slash, GDK_SHIFT_MASK, "lanes.find" }, /* where it is above the 7 */
  { GDK_KEY_n, 0, "lanes.next-marker" },
  { GDK_KEY_N, GDK_SHIFT_MASK, "lanes.previous-marker" },
  { GDK_KEY_M, GDK_SHIFT_MASK, "lanes.name-marker" },
  { GDK_KEY_e, 0, "lanes.note" },
  { GDK_KEY_Return, 0, "lanes.other-mode" },
  { GDK_KEY_KP_Enter, 0, "lanes.other-mode" },
  { GDK_KEY_g, 0, "lanes.go-to" },
  { GDK_KEY_h, 0, "lanes.hide" },
  { GDK_KEY_t, 0, "lanes.pin" },
  { GDK_KEY_l, 0, "lanes.life" },
  { GDK_KEY_o, 0, "lanes.sort-again" },
  { GDK_KEY_c, 0, "lanes.collapse" },
  { GDK_KEY_i, 0, "lanes.hide-idle" },
  { GDK_KEY_k, 0, "lanes.critical-path" },
  { GDK_KEY_Up, GDK_CONTROL_MASK, "lanes.move-up" },
  { GDK_KEY_Down, GDK_CONTROL_MASK, "lanes.move-down" },
  { GDK_KEY_plus, GDK_CONTROL_MASK, "lanes.taller" },
  { GDK_KEY_plus, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "lanes.taller" }, /* where it is above the = */
  { GDK_KEY_equal, GDK_CONTROL_MASK, "lanes.taller" },
  { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "lanes.taller" },
  { GDK_KEY_minus, GDK_CONTROL_MASK, "lanes.lower" },
  { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "lanes.lower" },
  { GDK_KEY_Left, GDK_ALT_MASK, "lanes.back" },
  { GDK_KEY_Right, GDK_ALT_MASK, "lanes.forward" },
  { GDK_KEY_z, GDK_CONTROL_MASK, "lanes.undo" },
  { GDK_KEY_Menu, 0, "lanes.menu" },
  { GDK_KEY_F10, GDK_SHIFT_MASK, "lanes.menu" },
};

static gboolean
key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  const Key *key = &keys[g_variant_get_uint32 (args)];
  key->move (LSC_LANES_VIEW (widget), key->amount);
  return TRUE;
}

void
lsc_lanes_input_install (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (action_keys); i++)
    gtk_widget_class_add_binding_action (widget_class, action_keys[i].key, action_keys[i].modifiers,
                                         action_keys[i].action, NULL);
  for (guint32 i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gboolean upper = gdk_keyval_is_upper (keys[i].key) && !gdk_keyval_is_lower (keys[i].key);
      gboolean shifted = upper || keys[i].key == GDK_KEY_question;
      if (!upper)
        gtk_widget_class_add_binding (widget_class, keys[i].key, 0, key_cb, "u", i);
      if (shifted)
        gtk_widget_class_add_binding (widget_class, keys[i].key, GDK_SHIFT_MASK, key_cb, "u", i);
    }
}

static void
add (Input *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (controller));
}

void
lsc_lanes_input_attach (LscLanesView *view)
{
  Input *self = g_new0 (Input, 1);
  self->view = view;
  g_object_set_data_full (G_OBJECT (view), "input", self, g_free);

  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  add (self, scroll);

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  add (self, motion);

  GtkGesture *zoom = gtk_gesture_zoom_new ();
  g_signal_connect (zoom, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (zoom, "scale-changed", G_CALLBACK (pinch_cb), self);
  add (self, zoom);

  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  add (self, drag);

  GtkGesture *click_gesture = gtk_gesture_click_new ();
  g_signal_connect (click_gesture, "pressed", G_CALLBACK (pressed_cb), self);
  add (self, click_gesture);
}
