/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-view-private.h"

#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define FIT_MARGIN 0.05
#define BAR_MARGIN 0.25
/* The most that can be in view: so many times the capture, or a minute. */
#define CAPTURES_IN_VIEW 20.0
#define SPAN_MAX_NS 60e9

/* Where a movement that goes on leads; a further one starts from there. */
static LscViewport
get_goal (LscLanesView *self)
{
  const LscViewport *goal = lsc_motion_get_goal (self->motion);
  return goal == NULL ? self->scene.viewport : *goal;
}

static void
go_to (LscLanesView *self, const LscViewport *goal)
{
  lsc_motion_start (self->motion, &self->scene.viewport, goal);
}

void
lsc_lanes_view_refuse (LscLanesView *self, const char *sentence)
{
  gtk_widget_error_bell (GTK_WIDGET (self));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", sentence);
}

void
lsc_lanes_view_leave (LscLanesView *self, gboolean jump)
{
  LscViewPoint now = { get_goal (self), self->scene.scroll_y, self->scene.selected };
  lsc_view_history_leave (self->history, &now, jump, g_get_monotonic_time ());
}

gboolean
lsc_lanes_view_go (LscLanesView *self, int direction)
{
  LscViewPoint now = { get_goal (self), self->scene.scroll_y, self->scene.selected };
  LscViewPoint point;
  if (self->trace == NULL || !lsc_view_history_go (self->history, direction, &now, &point))
    return FALSE;
  /* the widget may have another width by now */
  LscViewport goal = self->scene.viewport;
  lsc_viewport_fit (&goal, lsc_viewport_from_ns (&point.viewport),
                    lsc_viewport_to_ns (&point.viewport), 0);
  lsc_lanes_view_set_follow (self, FALSE);
  gtk_adjustment_set_value (self->adjustment, point.scroll_y);
  go_to (self, &goal);
  lsc_lanes_view_select (self, &point.selected);
  lsc_lanes_view_changed (self);
  return TRUE;
}

void
lsc_lanes_view_fit_range (LscLanesView *self, guint64 from_ns, guint64 to_ns, double margin)
{
  LscViewport goal = self->scene.viewport;
  lsc_lanes_view_set_follow (self, FALSE);
  lsc_viewport_fit (&goal, from_ns, to_ns, margin);
  go_to (self, &goal);
}

void
lsc_lanes_view_show_range (LscLanesView *self, guint64 from_ns, guint64 to_ns, double margin)
{
  lsc_lanes_view_leave (self, TRUE);
  lsc_lanes_view_fit_range (self, from_ns, to_ns, margin);
}

static double
to_lanes_x (LscLanesView *self, double x)
{
  return CLAMP (x - self->layout.lanes.x, 0, self->layout.lanes.width);
}

/* The factor as far as it may go: with more around it a capture is a dot that nobody finds. */
static double
bound (LscLanesView *self, const LscViewport *from, double factor)
{
  double length_ns = lsc_viewport_distance (lsc_trace_get_start_ns (self->trace),
                                            lsc_trace_get_end_ns (self->trace));
  double span_max_ns = MAX (length_ns * CAPTURES_IN_VIEW, SPAN_MAX_NS);
  return MAX (factor, MIN (1, lsc_viewport_span_ns (from) / span_max_ns));
}

void
lsc_lanes_view_zoom (LscLanesView *self, double x, double factor)
{
  if (self->trace == NULL)
    return;
  LscViewport goal = get_goal (self);
  lsc_lanes_view_leave (self, FALSE);
  lsc_viewport_zoom (&goal, to_lanes_x (self, x), bound (self, &goal, factor));
  go_to (self, &goal);
}

void
lsc_lanes_view_zoom_now (LscLanesView *self, double x, double factor)
{
  if (self->trace == NULL)
    return;
  lsc_motion_stop (self->motion);
  lsc_lanes_view_leave (self, FALSE);
  LscViewport goal = self->scene.viewport;
  lsc_viewport_zoom (&goal, to_lanes_x (self, x), bound (self, &goal, factor));
  lsc_lanes_view_set_viewport (self, &goal);
}

void
lsc_lanes_view_zoom_centre (LscLanesView *self, double factor)
{
  lsc_lanes_view_zoom (self, self->layout.lanes.x + self->layout.lanes.width / 2, factor);
}

void
lsc_lanes_view_pan (LscLanesView *self, double dx)
{
  if (self->trace == NULL)
    return;
  lsc_motion_stop (self->motion);
  lsc_lanes_view_leave (self, FALSE);
  lsc_lanes_view_set_follow (self, FALSE);
  LscViewport goal = self->scene.viewport;
  lsc_viewport_pan (&goal, dx);
  lsc_lanes_view_set_viewport (self, &goal);
}

void
lsc_lanes_view_pan_page (LscLanesView *self, double pages)
{
  if (self->trace == NULL)
    return;
  LscViewport goal = get_goal (self);
  lsc_lanes_view_leave (self, FALSE);
  lsc_lanes_view_set_follow (self, FALSE);
  lsc_viewport_pan (&goal, pages * goal.width);
  go_to (self, &goal);
}

void
lsc_lanes_view_scroll_rows (LscLanesView *self, double dy)
{
  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_value (self->adjustment) + dy);
}

void
lsc_lanes_view_show_all (LscLanesView *self)
{
  if (self->trace != NULL)
    lsc_lanes_view_show_range (self, lsc_trace_get_start_ns (self->trace),
                               lsc_trace_get_end_ns (self->trace), 0);
}

void
lsc_lanes_view_fit_selection (LscLanesView *self)
{
  LscSpan span;
  if (self->trace == NULL)
    return;
  if (self->scene.has_range)
    lsc_lanes_view_show_range (self, self->scene.range_from_ns, self->scene.range_to_ns,
                               FIT_MARGIN);
  else if (lsc_hit_get_span (&self->scene, &self->scene.selected, &span))
    lsc_lanes_view_show_range (self, span.start_ns, span.end_ns, BAR_MARGIN);
  else
    lsc_lanes_view_refuse (self, _ ("There is nothing to fit into the window. Click a bar, or drag "
                                    "with Shift to select a range."));
}

void
lsc_lanes_view_show_time (LscLanesView *self, guint64 time_ns)
{
  if (self->trace == NULL)
    return;
  lsc_motion_stop (self->motion);
  lsc_lanes_view_leave (self, FALSE);
  lsc_lanes_view_set_follow (self, FALSE);
  LscViewport goal = self->scene.viewport;
  lsc_viewport_place (&goal, time_ns, goal.width / 2);
  lsc_lanes_view_set_viewport (self, &goal);
}

void
lsc_lanes_view_set_origin (LscLanesView *self, guint64 time_ns)
{
  self->scene.origin_ns = time_ns;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lsc_lanes_view_reset_origin (LscLanesView *self)
{
  if (self->trace != NULL)
    lsc_lanes_view_set_origin (self, lsc_trace_get_start_ns (self->trace));
}

void
lsc_lanes_view_select_range (LscLanesView *self, double from_x, double to_x)
{
  if (self->trace == NULL)
    return;
  double left = to_lanes_x (self, MIN (from_x, to_x));
  double right = to_lanes_x (self, MAX (from_x, to_x));
  guint64 start_ns = lsc_trace_get_start_ns (self->trace);
  guint64 end_ns = lsc_trace_get_end_ns (self->trace);
  guint64 from_ns = CLAMP (lsc_viewport_time (&self->scene.viewport, left), start_ns, end_ns);
  guint64 to_ns = CLAMP (lsc_viewport_time (&self->scene.viewport, right), start_ns, end_ns);
  /* there is nothing to ask about before the capture and after it */
  self->scene.has_range = from_ns < to_ns;
  self->scene.range_from_ns = from_ns;
  self->scene.range_to_ns = to_ns;
  lsc_lanes_view_changed (self);
}

void
lsc_lanes_view_clear_selection (LscLanesView *self)
{
  gboolean measured = self->scene.has_a || self->scene.has_b;
  self->scene.has_range = FALSE;
  self->scene.has_a = FALSE;
  self->scene.has_b = FALSE;
  if (measured)
    g_signal_emit_by_name (self, "marked");
  lsc_lanes_view_select (self, &LSC_PICK_NOTHING);
}

LscPart
lsc_lanes_view_find (LscLanesView *self, double x, double y, LscHit *out_hit)
{
  if (self->trace == NULL)
    return LSC_PART_NONE;
  return lsc_picture_pick (self->picture, &self->scene, &self->layout, x, y, out_hit);
}

static gboolean
same_pick (const LscPick *a, const LscPick *b)
{
  if (a->index != b->index || a->index == LSC_ROW_NONE)
    return a->index == b->index;
  return a->kind == b->kind && a->has_number == b->has_number
         && (!a->has_number || a->number == b->number);
}

void
lsc_lanes_view_set_pointer (LscLanesView *self, double y)
{
  self->pointer_y = y >= self->layout.lanes.y ? y : -1;
}

void
lsc_lanes_view_hover (LscLanesView *self, const LscPick *pick)
{
  if (same_pick (pick, &self->scene.hovered))
    return;
  self->scene.hovered = *pick;
  gtk_widget_trigger_tooltip_query (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lsc_lanes_view_show_row (LscLanesView *self, const LscPick *pick)
{
  guint32 row = lsc_row_list_find (self->rows, pick->kind, pick->index);
  if (row == LSC_ROW_NONE)
    return;
  const LscRow *at = lsc_row_list_get (self->rows, row);
  gtk_adjustment_clamp_page (self->adjustment, at->y, at->y + at->height);
}

gboolean
lsc_lanes_view_get_subject_box (LscLanesView *self, GdkRectangle *out_box)
{
  const LscPick *pick = &self->scene.selected;
  guint32 row = self->trace == NULL || pick->index == LSC_ROW_NONE
                    ? LSC_ROW_NONE
                    : lsc_row_list_find (self->rows, pick->kind, pick->index);
  if (row == LSC_ROW_NONE)
    return FALSE;
  const LscRow *at = lsc_row_list_get (self->rows, row);
  *out_box = (GdkRectangle){ (int) self->layout.headers.x,
                             (int) (self->layout.headers.y + at->y - self->scene.scroll_y),
                             (int) self->layout.headers.width, (int) at->height };
  return TRUE;
}

/* Scrolls and pans as little as needed to have the picked bar in sight. */
void
lsc_lanes_view_bring_in_sight (LscLanesView *self, const LscPick *pick)
{
  LscSpan span;
  lsc_lanes_view_show_row (self, pick);
  if (!lsc_hit_get_span (&self->scene, pick, &span))
    return;
  LscViewport goal = get_goal (self);
  lsc_viewport_keep_in_sight (&goal, span.start_ns, span.end_ns, 0.1);
  go_to (self, &goal);
}

void
lsc_lanes_view_select (LscLanesView *self, const LscPick *pick)
{
  self->scene.selected = *pick;
  lsc_lanes_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit_by_name (self, "selected");
}

void
lsc_lanes_view_step_span (LscLanesView *self, int direction)
{
  LscPick next;
  LscSpan span;
  LscPick *selected = &self->scene.selected;
  if (self->trace == NULL || selected->index == LSC_ROW_NONE)
    {
      lsc_lanes_view_pan_page (self, direction * 0.15);
      return;
    }
  guint64 from_ns = lsc_hit_get_span (&self->scene, selected, &span)
                        ? span.start_ns
                        : lsc_viewport_from_ns (&self->scene.viewport);
  gboolean found = direction > 0 ? lsc_hit_next (&self->scene, selected, from_ns, &next)
                                 : lsc_hit_previous (&self->scene, selected, from_ns, &next);
  if (!found)
    return;
  lsc_lanes_view_leave (self, FALSE);
  lsc_lanes_view_set_follow (self, FALSE);
  lsc_lanes_view_select (self, &next);
  lsc_lanes_view_bring_in_sight (self, &next);
}

void
lsc_lanes_view_step_lane (LscLanesView *self, int direction)
{
  guint32 n_rows = lsc_row_list_get_n_rows (self->rows);
  const LscPick *selected = &self->scene.selected;
  if (self->trace == NULL || n_rows == 0)
    return;
  guint32 row = selected->index == LSC_ROW_NONE
                    ? LSC_ROW_NONE
                    : lsc_row_list_find (self->rows, selected->kind, selected->index);
  if (row == LSC_ROW_NONE)
    row = direction > 0 ? 0 : n_rows - 1;
  else if (direction > 0)
    row = MIN (row + 1, n_rows - 1);
  else
    row = row == 0 ? 0 : row - 1;
  const LscRow *at = lsc_row_list_get (self->rows, row);
  LscPick pick = { .kind = at->kind, .index = at->index };
  lsc_lanes_view_select (self, &pick);
  lsc_lanes_view_bring_in_sight (self, &pick);
}

guint64
lsc_lanes_view_minimap_time (LscLanesView *self, double x)
{
  return lsc_picture_minimap_time (&self->scene, &self->layout, x);
}

void
lsc_lanes_view_get_corner (LscLanesView *self, GdkRectangle *out_box)
{
  *out_box = (GdkRectangle){ 0, (int) self->layout.ruler.y, (int) self->layout.ruler.x,
                             (int) self->layout.ruler.height };
}

void
lsc_lanes_view_set_follow (LscLanesView *self, gboolean follow)
{
  follow = follow && self->live;
  if (follow == self->follow)
    return;
  self->follow = follow;
  if (follow && self->trace != NULL)
    {
      LscViewport goal = self->scene.viewport;
      lsc_lanes_view_set_viewport (self, &goal);
    }
  lsc_lanes_view_changed (self);
}

gboolean
lsc_lanes_view_get_follow (LscLanesView *self)
{
  return self->follow;
}

void
lsc_lanes_view_set_all_arrows (LscLanesView *self, gboolean all_arrows)
{
  self->scene.all_arrows = all_arrows;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lsc_lanes_view_set_words (LscLanesView *self, LscWords words)
{
  LscPaintWords paint_words;
  self->words = words;
  lsc_lanes_words_fill (&paint_words, words, &self->label);
  lsc_picture_set_words (self->picture, &paint_words);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint64
lsc_lanes_view_get_span_ns (LscLanesView *self)
{
  return (guint64) lsc_viewport_span_ns (&self->scene.viewport);
}

void
lsc_lanes_view_set_span_ns (LscLanesView *self, guint64 span_ns)
{
  double factor = lsc_viewport_span_ns (&self->scene.viewport) / (double) MAX (span_ns, 1u);
  lsc_lanes_view_leave (self, TRUE);
  lsc_lanes_view_zoom_centre (self, factor);
}

guint
lsc_lanes_view_get_n_lanes (LscLanesView *self)
{
  return self->trace == NULL ? 0 : lsc_row_list_get_n_lanes (self->rows);
}

char *
lsc_lanes_view_dup_story_of (LscLanesView *self, const LscPick *pick)
{
  if (self->trace == NULL || pick->index == LSC_ROW_NONE || !pick->has_number)
    return NULL;
  if (pick->kind == LSC_ROW_CPU)
    return lsc_sentence_of_cpu_span (self->trace, pick->index, pick->number);
  return lsc_sentence_of_span (self->trace, pick->index, pick->number, self->words);
}

char *
lsc_lanes_view_dup_story (LscLanesView *self)
{
  return lsc_lanes_view_dup_story_of (self, &self->scene.selected);
}
