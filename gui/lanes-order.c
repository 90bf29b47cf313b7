/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-view-private.h"

#define FIRST_NS (1000 * 1000 * 1000ull) /* of a live capture: who is busy is known then */
#define AGAIN_NS (3 * FIRST_NS)
#define ENDED_NS (FIRST_NS / 2) /* how often those that have ended go */
#define COST_SHARE 10           /* rows are brought up to date in at most a tenth of the time */

/* The row that is to stay where it is: its place in the widget, and those below it, should it go.
 */
typedef struct
{
  guint32 row; /* LSC_ROW_NONE: none has to */
  GArray *picks;
  double y;
} Anchor;

static gboolean
is_pointed_at (LscLanesView *self)
{
  return self->pointer_y >= 0;
}

static void
anchor_init (Anchor *anchor, LscLanesView *self)
{
  double scroll_y = self->scene.scroll_y;
  double at = is_pointed_at (self) ? self->pointer_y - self->layout.lanes.y : 0;
  guint32 n_rows = lsc_row_list_get_n_rows (self->rows);
  anchor->picks = g_array_new (FALSE, FALSE, sizeof (LscPick));
  anchor->row = LSC_ROW_NONE;
  anchor->y = 0;
  if (at >= 0 && (scroll_y > 0 || is_pointed_at (self)))
    anchor->row = lsc_row_list_at_y (self->rows, at + scroll_y);
  for (guint32 i = anchor->row; i < n_rows && anchor->picks->len < 64; i++)
    {
      const LscRow *row = lsc_row_list_get (self->rows, i);
      LscPick pick = { .kind = row->kind, .index = row->index };
      g_array_append_val (anchor->picks, pick);
    }
  if (anchor->row != LSC_ROW_NONE)
    anchor->y = lsc_row_list_get (self->rows, anchor->row)->y - scroll_y;
}

/* The first row that still is one stands where the anchor stood. */
static void
anchor_hold (Anchor *anchor, LscLanesView *self)
{
  for (guint i = 0; i < anchor->picks->len; i++)
    {
      const LscPick *pick = &g_array_index (anchor->picks, LscPick, i);
      guint32 row = lsc_row_list_find (self->rows, pick->kind, pick->index);
      if (row == LSC_ROW_NONE)
        continue;
      gtk_adjustment_set_value (self->adjustment,
                                lsc_row_list_get (self->rows, row)->y - anchor->y);
      break;
    }
}

/* Nothing is picked any more of a thread that ended before what is held in memory. */
static void
let_go_of_forgotten (LscLanesView *self)
{
  const LscPick *picked = &self->scene.selected;
  if (picked->index != LSC_ROW_NONE && !lsc_lanes_view_holds (self, picked))
    lsc_lanes_view_select (self, &LSC_PICK_NOTHING);
}

/* Who asked for an order wants to see its beginning, or the picked lane's place in it. */
static void
show_sorted (LscLanesView *self)
{
  self->sort_wanted = FALSE;
  gtk_adjustment_set_value (self->adjustment, 0);
  if (self->scene.selected.index != LSC_ROW_NONE)
    lsc_lanes_view_show_row (self, &self->scene.selected);
}

static gboolean
sort_cb (gpointer data)
{
  LscLanesView *self = data;
  self->sort_id = 0;
  lsc_lanes_view_refresh_rows (self);
  return G_SOURCE_REMOVE;
}

void
lsc_lanes_view_refresh_rows (LscLanesView *self)
{
  Anchor anchor;
  if (self->trace == NULL)
    return;
  anchor_init (&anchor, self);
  if (lsc_row_list_update (self->rows, self->trace))
    {
      let_go_of_forgotten (self);
      lsc_lanes_view_update_adjustment (self);
      if (self->sort_wanted && !lsc_row_list_is_sorting (self->rows))
        show_sorted (self);
      else
        anchor_hold (&anchor, self);
      lsc_lanes_view_changed (self);
    }
  g_array_unref (anchor.picks);
  if (!lsc_row_list_is_sorting (self->rows) && lsc_lanes_view_place (self))
    lsc_lanes_view_changed (self);
  if (lsc_row_list_is_sorting (self->rows) && self->sort_id == 0)
    self->sort_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, sort_cb, self, NULL);
}

static gboolean
may_sort (LscLanesView *self)
{
  if (lsc_trace_get_n_threads (self->trace) == 0)
    return FALSE;
  return !self->live || lsc_row_list_get_sort (self->rows) != LSC_SORT_BUSIEST
         || lsc_trace_get_end_ns (self->trace) - lsc_trace_get_start_ns (self->trace) > FIRST_NS;
}

/* Nobody looks at a certain lane, so that others may come and go around it. */
static gboolean
may_arrange (LscLanesView *self, guint64 last_ns, guint64 pause_ns)
{
  return self->live && self->follow && !is_pointed_at (self)
         && lsc_trace_get_end_ns (self->trace) > last_ns + pause_ns;
}

/* In a crowd that is followed, who is busy now belongs on top, unless somebody has arranged them.
 */
static gboolean
may_sort_again (LscLanesView *self)
{
  return self->sorted && lsc_row_list_get_mode (self->rows) == LSC_ROWS_BY_THREAD
         && lsc_row_list_get_hide_idle (self->rows)
         && lsc_row_list_get_sort (self->rows) == LSC_SORT_BUSIEST
         && (self->acts == NULL || self->acts->len == 0);
}

static void
arrange_again (LscLanesView *self)
{
  guint64 end_ns = lsc_trace_get_end_ns (self->trace);
  if (self->hide_ended && may_arrange (self, self->ended_ns, ENDED_NS))
    {
      self->ended_ns = end_ns;
      lsc_row_list_set_ended_before (self->rows, lsc_viewport_from_ns (&self->scene.viewport));
    }
  if (may_sort_again (self) && may_arrange (self, self->arranged_ns, AGAIN_NS))
    {
      self->arranged_ns = end_ns;
      lsc_row_list_sort (self->rows, end_ns - AGAIN_NS, end_ns);
    }
}

void
lsc_lanes_view_arrange (LscLanesView *self)
{
  guint64 now_us = (guint64) g_get_monotonic_time ();
  if (now_us - self->arranged_us < COST_SHARE * self->arranging_us && self->live)
    return;
  arrange_again (self);
  if (!self->sorted && may_sort (self))
    {
      self->sorted = TRUE;
      self->scene.origin_ns = lsc_trace_get_start_ns (self->trace);
      lsc_row_list_sort (self->rows, lsc_trace_get_start_ns (self->trace),
                         lsc_trace_get_end_ns (self->trace));
    }
  lsc_lanes_view_refresh_rows (self);
  self->arranged_us = (guint64) g_get_monotonic_time ();
  self->arranging_us = self->arranged_us - now_us;
}

void
lsc_lanes_view_set_first_sort (LscLanesView *self, LscRowSort sort)
{
  LscRowMode mode = lsc_row_list_get_mode (self->rows);
  lsc_row_list_set_mode (self->rows, LSC_ROWS_BY_CPU);
  lsc_row_list_set_sort (self->rows, LSC_SORT_TID);
  lsc_row_list_set_mode (self->rows, LSC_ROWS_BY_THREAD);
  lsc_row_list_set_sort (self->rows, sort);
  lsc_row_list_set_mode (self->rows, mode);
}

/* The span of `lane` at the picked one's middle, if it is of the same run. */
static gboolean
find_other (const LscLane *lane, guint64 time_ns, LscPick *out_pick)
{
  LscSpan span;
  if (lane == NULL || !lsc_lane_span_at (lane, time_ns, &span))
    return FALSE;
  out_pick->has_number = true;
  out_pick->number = lsc_lane_find (lane, time_ns);
  return TRUE;
}

/* The picked run, as the other mode shows it. */
static LscPick
translate (LscLanesView *self, const LscPick *pick)
{
  LscPick other = LSC_PICK_NOTHING;
  LscSpan span;
  if (self->trace == NULL || !lsc_hit_get_span (&self->scene, pick, &span)
      || span.facts.state != LSC_STATE_RUNNING)
    return pick->kind == LSC_ROW_CPU ? other : *pick;
  guint64 middle_ns = span.start_ns + (span.end_ns - span.start_ns) / 2;
  if (pick->kind == LSC_ROW_CPU && span.facts.thread < lsc_trace_get_n_threads (self->trace))
    {
      other = (LscPick){ .kind = LSC_ROW_THREAD, .index = span.facts.thread };
      find_other (lsc_trace_get_thread (self->trace, other.index)->lane, middle_ns, &other);
    }
  else if (pick->kind == LSC_ROW_THREAD && span.facts.cpu < lsc_trace_get_n_cpus (self->trace))
    {
      other = (LscPick){ .kind = LSC_ROW_CPU, .index = span.facts.cpu };
      find_other (lsc_trace_get_cpu_lane (self->trace, other.index), middle_ns, &other);
    }
  return other;
}

void
lsc_lanes_view_set_mode (LscLanesView *self, LscRowMode mode)
{
  if (mode == lsc_row_list_get_mode (self->rows))
    return;
  LscPick pick = translate (self, &self->scene.selected);
  lsc_row_list_set_mode (self->rows, mode);
  gtk_adjustment_set_value (self->adjustment, 0);
  lsc_lanes_view_refresh_rows (self);
  lsc_lanes_view_select (self, &pick);
  if (pick.index != LSC_ROW_NONE)
    lsc_lanes_view_show_row (self, &pick);
  lsc_lanes_view_changed (self); /* another button is pressed, whatever the rows */
}

LscRowMode
lsc_lanes_view_get_mode (LscLanesView *self)
{
  return lsc_row_list_get_mode (self->rows);
}

void
lsc_lanes_view_set_sort (LscLanesView *self, LscRowSort sort)
{
  self->sort_wanted = TRUE;
  lsc_lanes_view_forget_moved (self);
  lsc_row_list_set_sort (self->rows, sort);
  lsc_row_list_sort (self->rows, lsc_viewport_from_ns (&self->scene.viewport),
                     lsc_viewport_to_ns (&self->scene.viewport));
  lsc_lanes_view_refresh_rows (self);
}

LscRowSort
lsc_lanes_view_get_sort (LscLanesView *self)
{
  return lsc_row_list_get_sort (self->rows);
}

void
lsc_lanes_view_sort_again (LscLanesView *self)
{
  lsc_lanes_view_set_sort (self, lsc_row_list_get_sort (self->rows));
}

void
lsc_lanes_view_set_hide_idle (LscLanesView *self, gboolean hide_idle)
{
  lsc_row_list_set_hide_idle (self->rows, hide_idle);
  lsc_lanes_view_refresh_rows (self);
}

gboolean
lsc_lanes_view_get_hide_idle (LscLanesView *self)
{
  return lsc_row_list_get_hide_idle (self->rows);
}

void
lsc_lanes_view_set_hide_ended (LscLanesView *self, gboolean hide_ended)
{
  guint64 before_ns = lsc_viewport_from_ns (&self->scene.viewport);
  self->hide_ended = hide_ended;
  lsc_row_list_set_ended_before (self->rows, hide_ended ? before_ns : 0);
  lsc_lanes_view_refresh_rows (self);
}

gboolean
lsc_lanes_view_get_hide_ended (LscLanesView *self)
{
  return self->hide_ended;
}
