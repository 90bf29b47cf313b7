/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-view-private.h"

#include "gui/frame-log.h"
#include "gui/lanes-input.h"
#include "lib/explain/duration.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define HEADER_WIDTH 210.0
#define FIRST_SPAN_NS (1000 * 1000 * 1000ull) /* of a live capture */
#define SORT_BUDGET_US 3000
#define SIGHT_MARGIN 0.1
#define FRAME_BUDGET_US 150 /* for what a frame shows for the first time */
#define PREPARE_US 2000     /* at a time, between two frames */
#define STEPS_AHEAD 4
#define TELL_MS 100 /* how often it is told where a movement has got to */

G_DEFINE_FINAL_TYPE (LscLanesView, lsc_lanes_view, GTK_TYPE_WIDGET)

enum
{
  VIEW_CHANGED,
  SELECTED,
  MARKED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* What assistive programs read, and outside checks too. */
void
lsc_lanes_view_describe (LscLanesView *self)
{
  guint n_lanes = lsc_lanes_view_get_n_lanes (self);
  guint n_gone = lsc_lanes_view_get_n_filtered (self) + lsc_lanes_view_get_n_hidden (self);
  g_autofree char *span = lsc_duration_format (lsc_lanes_view_get_span_ns (self));
  g_autofree char *lanes =
      g_strdup_printf (g_dngettext (NULL, "%u lane", "%u lanes", n_lanes), n_lanes);
  /* Translators: "Visible span 40 ms, 7 lanes" */
  g_autofree char *seen = g_strdup_printf (_ ("Visible span %s, %s"), span, lanes);
  g_autofree char *gone =
      g_strdup_printf (g_dngettext (NULL, ", %u hidden", ", %u hidden", n_gone), n_gone);
  g_autofree char *subject = lsc_lanes_view_dup_subject (self);
  const char *note = lsc_lanes_view_get_note (self);
  g_autofree char *noted = note == NULL ? g_strdup ("") : g_strdup_printf (_ ("; note: %s"), note);
  g_autofree char *text = g_strconcat (seen, n_gone > 0 ? gone : "", subject == NULL ? "" : "; ",
                                       subject == NULL ? "" : subject, noted, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

void
lsc_lanes_view_changed (LscLanesView *self)
{
  g_clear_handle_id (&self->tell_id, g_source_remove);
  self->told_us = g_get_monotonic_time ();
  lsc_lanes_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
}

static gboolean
tell_cb (gpointer data)
{
  LscLanesView *self = data;
  self->tell_id = 0;
  lsc_lanes_view_changed (self);
  return G_SOURCE_REMOVE;
}

/* Each frame of a movement is drawn; told it is now and then, and at the end: what is told wakes a
 * screen reader and the bus, which take the CPU from the next frame. */
static void
tell_moved (LscLanesView *self)
{
  gint64 since_ms = (g_get_monotonic_time () - self->told_us) / 1000;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (since_ms >= TELL_MS)
    lsc_lanes_view_changed (self);
  else if (self->tell_id == 0)
    self->tell_id = g_timeout_add ((guint) (TELL_MS - since_ms), tell_cb, self);
}

void
lsc_lanes_view_update_adjustment (LscLanesView *self)
{
  double page = self->layout.lanes.height;
  double upper = MAX (page, lsc_row_list_get_height (self->rows) + 40);
  g_object_freeze_notify (G_OBJECT (self->adjustment));
  gtk_adjustment_configure (self->adjustment, gtk_adjustment_get_value (self->adjustment), 0, upper,
                            46, page * 0.9, page);
  g_object_thaw_notify (G_OBJECT (self->adjustment));
}

static void
scrolled_cb (LscLanesView *self)
{
  self->scene.scroll_y = gtk_adjustment_get_value (self->adjustment);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
follow_newest (LscLanesView *self)
{
  if (self->follow && self->trace != NULL)
    lsc_viewport_place (&self->scene.viewport, lsc_trace_get_end_ns (self->trace),
                        self->scene.viewport.width);
}

/* The one way the viewport changes. */
void
lsc_lanes_view_set_viewport (LscLanesView *self, const LscViewport *viewport)
{
  self->scene.viewport = *viewport;
  follow_newest (self);
  lsc_viewport_keep_in_sight (&self->scene.viewport, lsc_trace_get_start_ns (self->trace),
                              lsc_trace_get_end_ns (self->trace), SIGHT_MARGIN);
  tell_moved (self);
}

static void
motion_cb (const LscViewport *viewport, gpointer data)
{
  lsc_lanes_view_set_viewport (data, viewport);
}

static void
style_cb (LscLanesView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  LscTheme theme = adw_style_manager_get_dark (manager) ? LSC_THEME_DARK : LSC_THEME_LIGHT;
  /* its ground is white: dark windows keep the dark look, whose contrast is high enough */
  if (adw_style_manager_get_high_contrast (manager) && theme == LSC_THEME_LIGHT)
    theme = LSC_THEME_HIGH_CONTRAST;
  lsc_picture_set_theme (self->picture, theme);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Between two frames: first what the last one had to leave coarse, then what lies ahead. */
static gboolean
prepare_cb (gpointer data)
{
  LscLanesView *self = LSC_LANES_VIEW (data);
  gboolean rough = lsc_picture_is_rough (self->picture);
  if (self->trace != NULL
      && !lsc_picture_prepare (self->picture, &self->scene,
                               gtk_widget_get_height (GTK_WIDGET (self)), rough ? 0 : STEPS_AHEAD,
                               PREPARE_US))
    return G_SOURCE_CONTINUE;
  self->prepare_id = 0;
  if (rough)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
lsc_lanes_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LscLanesView *self = LSC_LANES_VIEW (widget);
  if (self->trace == NULL)
    return;
  cairo_t *cr = lsc_lanes_canvas_begin (&self->canvas, widget);
  lsc_picture_paint (self->picture, cr, &self->scene, gtk_widget_get_width (widget),
                     gtk_widget_get_height (widget));
  cairo_destroy (cr);
  lsc_lanes_canvas_show (&self->canvas, widget, snapshot);
  if (self->prepare_id == 0)
    self->prepare_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, prepare_cb, self, NULL);
}

static void
lsc_lanes_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LscLanesView *self = LSC_LANES_VIEW (widget);
  LscViewport before = self->scene.viewport;
  LscViewport *viewport = &self->scene.viewport;
  lsc_picture_layout (self->picture, width, height, &self->layout);
  lsc_motion_stop (self->motion);
  lsc_viewport_resize (viewport, MAX (1, self->layout.lanes.width));
  /* what was chosen, and what the entry says, is the span, not the zoom */
  lsc_viewport_zoom (viewport, 0, lsc_viewport_span_ns (viewport) / lsc_viewport_span_ns (&before));
  follow_newest (self);
  lsc_lanes_view_update_adjustment (self);
}

static gboolean
lsc_lanes_view_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  LscLanesView *self = LSC_LANES_VIEW (widget);
  LscHit hit = { .pick = self->scene.selected };
  LscPart part = keyboard ? LSC_PART_LANE : lsc_lanes_view_find (self, x, y, &hit);
  g_autofree char *text = NULL;
  if (part == LSC_PART_RULER)
    text = lsc_lanes_view_dup_flag (self, x);
  else if (part == LSC_PART_LANE)
    text = lsc_lanes_view_dup_story_of (self, &hit.pick);
  const char *note = part == LSC_PART_LANE ? lsc_lanes_view_note_of (self, &hit.pick) : NULL;
  g_autofree char *both =
      text == NULL || note == NULL ? NULL : g_strdup_printf (_ ("%s\nNote: %s"), text, note);
  gtk_tooltip_set_text (tooltip, both == NULL ? text : both);
  return text != NULL;
}

static void
lsc_lanes_view_dispose (GObject *object)
{
  LscLanesView *self = LSC_LANES_VIEW (object);
  g_clear_handle_id (&self->prepare_id, g_source_remove);
  g_clear_handle_id (&self->sort_id, g_source_remove);
  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_clear_pointer (&self->motion, lsc_motion_free);
  g_clear_object (&self->adjustment);
  G_OBJECT_CLASS (lsc_lanes_view_parent_class)->dispose (object);
}

static void
lsc_lanes_view_finalize (GObject *object)
{
  LscLanesView *self = LSC_LANES_VIEW (object);
  g_clear_pointer (&self->picture, lsc_picture_free);
  lsc_lanes_canvas_clear (&self->canvas);
  g_clear_pointer (&self->rows, lsc_row_list_free);
  g_clear_pointer (&self->history, lsc_view_history_free);
  g_clear_pointer (&self->markers, lsc_markers_free);
  g_clear_pointer (&self->first, g_hash_table_unref);
  g_clear_pointer (&self->acts, g_array_unref);
  G_OBJECT_CLASS (lsc_lanes_view_parent_class)->finalize (object);
}

static void
lsc_lanes_view_class_init (LscLanesViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_lanes_view_dispose;
  G_OBJECT_CLASS (class)->finalize = lsc_lanes_view_finalize;
  widget_class->snapshot = lsc_lanes_view_snapshot;
  widget_class->size_allocate = lsc_lanes_view_size_allocate;
  widget_class->query_tooltip = lsc_lanes_view_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "lanes");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[VIEW_CHANGED] = g_signal_new ("view-changed", LSC_TYPE_LANES_VIEW, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SELECTED] = g_signal_new ("selected", LSC_TYPE_LANES_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  signals[MARKED] = g_signal_new ("marked", LSC_TYPE_LANES_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  lsc_lanes_input_install (widget_class);
}

void
lsc_lanes_view_init_parts (LscPictureParts *parts)
{
  lsc_picture_parts_init (parts);
  parts->header_width = HEADER_WIDTH;
}

static void
lsc_lanes_view_init (LscLanesView *self)
{
  LscPictureParts parts;
  lsc_lanes_view_init_parts (&parts);
  self->rows = lsc_row_list_new ();
  lsc_row_list_set_budget (self->rows, SORT_BUDGET_US);
  self->pointer_y = -1;
  self->history = lsc_view_history_new ();
  self->markers = lsc_markers_new ();
  self->picture = lsc_picture_new ();
  lsc_picture_set_budget (self->picture, FRAME_BUDGET_US);
  lsc_picture_set_parts (self->picture, &parts);
  lsc_lanes_view_set_words (self, LSC_WORDS_PLAIN);
  lsc_viewport_init (&self->scene.viewport, 0, FIRST_SPAN_NS, 1);
  self->scene.rows = self->rows;
  self->motion = lsc_motion_new (GTK_WIDGET (self), motion_cb, self);
  self->adjustment = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_swapped (self->adjustment, "value-changed", G_CALLBACK (scrolled_cb), self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (style_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (style_cb), self, G_CONNECT_SWAPPED);
  style_cb (self);
  gtk_widget_set_size_request (GTK_WIDGET (self), 480, 260);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Lanes"),
                                  -1);
  lsc_lanes_input_attach (self);
  lsc_frame_log_watch (GTK_WIDGET (self));
}

void
lsc_lanes_view_set_trace (LscLanesView *self, LscTrace *trace, gboolean live, gboolean crowd)
{
  lsc_motion_stop (self->motion);
  lsc_picture_reset (self->picture);
  lsc_row_list_reset (self->rows);
  lsc_view_history_reset (self->history);
  lsc_lanes_view_forget_markers (self);
  g_clear_pointer (&self->acts, g_array_unref);
  lsc_lanes_view_forget_moved (self);
  self->trace = trace;
  self->live = live;
  self->follow = live;
  self->sorted = FALSE;
  self->arranged_ns = 0;
  self->ended_ns = 0;
  self->hide_ended = live;
  /* Busiest first; but lanes of a few threads that grow keep the place they were born to. */
  lsc_row_list_set_hide_idle (self->rows, crowd);
  lsc_lanes_view_set_first_sort (self, live && !crowd ? LSC_SORT_TID : LSC_SORT_BUSIEST);
  if (trace == NULL)
    return;
  lsc_scene_init (&self->scene, trace, self->rows, self->scene.viewport.width);
  for (guint i = 0; i < LSC_N_STRIP_PLACES; i++)
    lsc_lanes_view_set_strip (self, (LscStripPlace) i, NULL);
  if (live)
    lsc_viewport_init (&self->scene.viewport, 0, FIRST_SPAN_NS, self->scene.viewport.width);
  lsc_lanes_view_begin_keeping (self);
  lsc_lanes_view_update (self);
}

void
lsc_lanes_view_update (LscLanesView *self)
{
  if (self->trace == NULL)
    return;
  lsc_lanes_view_arrange (self);
  follow_newest (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkAdjustment *
lsc_lanes_view_get_adjustment (LscLanesView *self)
{
  return self->adjustment;
}

void
lsc_lanes_view_set_ended (LscLanesView *self)
{
  self->live = FALSE;
  self->follow = FALSE;
  lsc_lanes_view_update (self);
  if (lsc_viewport_from_ns (&self->scene.viewport) < lsc_trace_get_start_ns (self->trace))
    lsc_lanes_view_show_all (self); /* it was shorter than what is visible */
  lsc_lanes_view_changed (self);
}
