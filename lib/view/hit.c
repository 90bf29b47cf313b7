/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/hit.h"

#include <math.h>

#define THIN_PX 3.0
#define REACH_PX 1.5
#define LOOK_MAX 256u /* spans looked at around the pointer */

static const LscLane *
lane_of (const LscScene *scene, const LscPick *pick)
{
  const LscTrace *trace = scene->trace;
  const LscLane *lane = NULL;

  if (pick->kind == LSC_ROW_THREAD && pick->index < lsc_trace_get_n_threads (trace))
    lane = lsc_trace_get_thread (trace, pick->index)->lane;
  else if (pick->kind == LSC_ROW_CPU && pick->index < lsc_trace_get_n_cpus (trace))
    lane = lsc_trace_get_cpu_lane (trace, pick->index);
  return lane != NULL && lsc_lane_get_first (lane) < lsc_lane_get_end (lane) ? lane : NULL;
}

/* How far the span is from the moment, 0 if it covers it. */
static uint64_t
away (const LscSpan *span, uint64_t time_ns)
{
  if (time_ns < span->start_ns)
    return span->start_ns - time_ns;
  return time_ns >= span->end_ns ? time_ns - span->end_ns + 1 : 0;
}

/* Thin spans near the pointer win over wide ones under it, the nearest of them, then the longest.
 */
static bool
is_better (const LscSpan *span, const LscSpan *best, uint64_t time_ns)
{
  uint64_t a = away (span, time_ns), b = away (best, time_ns);

  if (a != b)
    return a < b;
  return span->end_ns - span->start_ns > best->end_ns - best->start_ns;
}

static void
find_span (const LscScene *scene, const LscLane *lane, double x, LscPick *pick)
{
  const LscViewport *viewport = &scene->viewport;
  uint64_t time = lsc_viewport_time (viewport, x);
  uint64_t from = lsc_viewport_time (viewport, x - REACH_PX);
  uint64_t to = lsc_viewport_time (viewport, x + REACH_PX);
  uint64_t number, middle, end = lsc_lane_get_end (lane);
  LscSpan span, best = { 0 };
  bool found = false;

  if (to >= lsc_lane_get_start_ns (lane) && from < lsc_lane_get_end_ns (lane))
    {
      number = lsc_lane_find (lane, from);
      middle = lsc_lane_find (lane, time);
      if (middle - number > LOOK_MAX / 2)
        number = middle - LOOK_MAX / 2;
      for (unsigned i = 0; number < end && i < LOOK_MAX; number++, i++)
        {
          lsc_lane_get (lane, number, &span);
          if (span.start_ns > to)
            break;
          if ((double) (span.end_ns - span.start_ns) >= THIN_PX * viewport->ns_per_px
              || span.end_ns == span.start_ns || span.end_ns <= from)
            continue;
          if (!found || is_better (&span, &best, time))
            {
              best = span;
              pick->number = number;
              found = true;
            }
        }
    }
  pick->has_number = found;
  if (found || !lsc_lane_span_at (lane, time, &span))
    return;
  pick->has_number = true;
  pick->number = lsc_lane_find (lane, time);
}

void
lsc_hit_find (const LscScene *scene, double x, double y, LscHit *out_hit)
{
  const LscRow *row;
  const LscLane *lane;

  *out_hit = (LscHit){ .row = lsc_row_list_at_y (scene->rows, y + scene->scroll_y),
                       .pick = LSC_PICK_NOTHING,
                       .time_ns = lsc_viewport_time (&scene->viewport, x) };
  if (out_hit->row == LSC_ROW_NONE)
    return;
  row = lsc_row_list_get (scene->rows, out_hit->row);
  out_hit->pick.kind = row->kind;
  out_hit->pick.index = row->index;
  lane = lane_of (scene, &out_hit->pick);
  if (lane != NULL && x >= 0)
    find_span (scene, lane, x, &out_hit->pick);
}

bool
lsc_hit_next (const LscScene *scene, const LscPick *pick, uint64_t time_ns, LscPick *out_pick)
{
  const LscLane *lane = lane_of (scene, pick);
  LscSpan span;

  if (lane == NULL)
    return false;
  for (uint64_t i = lsc_lane_find (lane, time_ns); i < lsc_lane_get_end (lane); i++)
    {
      lsc_lane_get (lane, i, &span);
      if (span.start_ns <= time_ns || (span.end_ns == span.start_ns && !span.open_end))
        continue;
      *out_pick = *pick;
      out_pick->has_number = true;
      out_pick->number = i;
      return true;
    }
  return false;
}

bool
lsc_hit_previous (const LscScene *scene, const LscPick *pick, uint64_t time_ns, LscPick *out_pick)
{
  const LscLane *lane = lane_of (scene, pick);
  LscSpan span;

  if (lane == NULL)
    return false;
  for (uint64_t i = lsc_lane_find (lane, time_ns) + 1; i > lsc_lane_get_first (lane); i--)
    {
      lsc_lane_get (lane, i - 1, &span);
      if (span.start_ns >= time_ns || span.end_ns == span.start_ns)
        continue;
      *out_pick = *pick;
      out_pick->has_number = true;
      out_pick->number = i - 1;
      return true;
    }
  return false;
}

bool
lsc_hit_get_span (const LscScene *scene, const LscPick *pick, LscSpan *out_span)
{
  const LscLane *lane = pick->index != LSC_ROW_NONE ? lane_of (scene, pick) : NULL;

  if (lane == NULL || !pick->has_number || pick->number < lsc_lane_get_first (lane)
      || pick->number >= lsc_lane_get_end (lane))
    return false;
  lsc_lane_get (lane, pick->number, out_span);
  return true;
}
