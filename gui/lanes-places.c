/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-view-private.h"

#include <glib/gi18n.h>

#define BAR_SHARE 0.02 /* of the width: a bar that is narrower is zoomed to */
#define RANGE_MARGIN 0.15
#define BAR_ROOM 12.0 /* times its length is visible then */

LscTrace *
lsc_lanes_view_get_trace (LscLanesView *self)
{
  return self->trace;
}

gboolean
lsc_lanes_view_holds (LscLanesView *self, const LscPick *pick)
{
  if (self->trace == NULL || pick->index == LSC_ROW_NONE)
    return FALSE;
  if (pick->kind == LSC_ROW_CPU)
    return TRUE;
  return pick->kind == LSC_ROW_THREAD ? lsc_trace_has_thread (self->trace, pick->index)
                                      : lsc_trace_has_process (self->trace, pick->index);
}

LscWords
lsc_lanes_view_get_words (LscLanesView *self)
{
  return self->words;
}

/* What a CPU ran is a bar of a thread. */
static gboolean
get_cpu_bar (LscLanesView *self, const LscPick *pick, LscBar *out_bar)
{
  LscSpan span;
  if (!pick->has_number || !lsc_hit_get_span (&self->scene, pick, &span)
      || span.facts.thread >= lsc_trace_get_n_threads (self->trace))
    return FALSE;
  out_bar->thread = span.facts.thread;
  return lsc_lanes_view_find_bar (self, span.facts.thread, span.start_ns, &out_bar->number);
}

gboolean
lsc_lanes_view_get_bar (LscLanesView *self, LscBar *out_bar)
{
  const LscPick *pick = &self->scene.selected;
  LscSpan span;
  if (self->trace == NULL || pick->index == LSC_ROW_NONE)
    return FALSE;
  if (pick->kind == LSC_ROW_CPU)
    return get_cpu_bar (self, pick, out_bar);
  if (pick->kind != LSC_ROW_THREAD || !lsc_hit_get_span (&self->scene, pick, &span))
    return FALSE;
  *out_bar = (LscBar){ pick->index, pick->number };
  return TRUE;
}

gboolean
lsc_lanes_view_get_thread (LscLanesView *self, guint32 *out_thread)
{
  const LscPick *pick = &self->scene.selected;
  LscBar bar;
  if (self->trace == NULL || pick->index == LSC_ROW_NONE)
    return FALSE;
  if (pick->kind == LSC_ROW_THREAD)
    *out_thread = pick->index;
  else if (lsc_lanes_view_get_bar (self, &bar))
    *out_thread = bar.thread;
  else
    return FALSE;
  return lsc_trace_has_thread (self->trace, *out_thread);
}

gboolean
lsc_lanes_view_get_process (LscLanesView *self, guint32 *out_process)
{
  const LscPick *pick = &self->scene.selected;
  guint32 thread;
  if (self->trace != NULL && pick->index != LSC_ROW_NONE && pick->kind == LSC_ROW_PROCESS)
    *out_process = pick->index;
  else if (lsc_lanes_view_get_thread (self, &thread))
    *out_process = lsc_trace_get_thread (self->trace, thread)->process;
  else
    return FALSE;
  return lsc_trace_has_process (self->trace, *out_process);
}

gboolean
lsc_lanes_view_get_selection (LscLanesView *self, LscTimeRange *out_range)
{
  if (self->trace == NULL || !self->scene.has_range)
    return FALSE;
  *out_range = (LscTimeRange){ self->scene.range_from_ns, self->scene.range_to_ns };
  return TRUE;
}

LscTimeRange
lsc_lanes_view_get_visible (LscLanesView *self)
{
  guint64 start_ns = lsc_trace_get_start_ns (self->trace);
  guint64 end_ns = lsc_trace_get_end_ns (self->trace);
  const LscViewport *viewport = &self->scene.viewport;
  return (LscTimeRange){ CLAMP (lsc_viewport_from_ns (viewport), start_ns, end_ns),
                         CLAMP (lsc_viewport_to_ns (viewport), start_ns, end_ns) };
}

gboolean
lsc_lanes_view_find_bar (LscLanesView *self, guint32 thread, guint64 time_ns, guint64 *out_number)
{
  const LscLane *lane = thread < lsc_trace_get_n_threads (self->trace)
                            ? lsc_trace_get_thread (self->trace, thread)->lane
                            : NULL;
  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    return FALSE;
  *out_number = lsc_lane_find (lane, time_ns);
  return TRUE;
}

/* Leaves the present view for one of the bar: as near as now, unless the bar could not be seen
 * then, or would fill the view. */
static void
leave_for (LscLanesView *self, const LscSpan *span, gboolean jump)
{
  double length_ns = (double) (span->end_ns - span->start_ns);
  double visible_ns = lsc_viewport_span_ns (&self->scene.viewport);
  guint64 room_ns = (guint64) (MAX (length_ns, 1000.0) * BAR_ROOM / 2);
  guint64 middle_ns = span->start_ns + (span->end_ns - span->start_ns) / 2;
  lsc_lanes_view_leave (self, jump);
  if (length_ns < visible_ns * BAR_SHARE || length_ns > visible_ns)
    lsc_lanes_view_fit_range (self, middle_ns - MIN (middle_ns, room_ns), middle_ns + room_ns, 0);
  else
    lsc_lanes_view_set_follow (self, FALSE);
}

/* Links stay for a while where what they lead to was forgotten. */
static void
refuse (LscLanesView *self)
{
  lsc_lanes_view_refuse (self,
                         _ ("That place is no longer in memory. Save the capture and open the "
                            "file to see it again."));
}

static void
go_to_bar (LscLanesView *self, const LscBar *bar, gboolean jump)
{
  LscPick pick = {
    .kind = LSC_ROW_THREAD, .index = bar->thread, .has_number = TRUE, .number = bar->number
  };
  LscSpan span;
  if (self->trace == NULL || !lsc_hit_get_span (&self->scene, &pick, &span))
    {
      refuse (self);
      return;
    }
  leave_for (self, &span, jump);
  lsc_lanes_view_reveal_thread (self, bar->thread);
  lsc_lanes_view_select (self, &pick);
  lsc_lanes_view_bring_in_sight (self, &pick);
}

void
lsc_lanes_view_go_to_bar (LscLanesView *self, const LscBar *bar)
{
  go_to_bar (self, bar, TRUE);
}

void
lsc_lanes_view_step_to_bar (LscLanesView *self, const LscBar *bar)
{
  go_to_bar (self, bar, FALSE);
}

/* The picked span, or the first of the next two, that is in `state`: a sleep is followed by the
 * wait for a CPU that tells who ended it. */
static gboolean
find_caused (LscLanesView *self, LscState state, LscSpan *out_span)
{
  LscPick pick = self->scene.selected;
  for (guint i = 0; i < 3; i++, pick.number++)
    {
      if (pick.kind != LSC_ROW_THREAD || !lsc_hit_get_span (&self->scene, &pick, out_span))
        return FALSE;
      if (out_span->facts.state == state)
        return TRUE;
    }
  return FALSE;
}

/* Why nobody can be shown who woke it or pushed it off; `span` is NULL when neither happened. */
static const char *
get_no_cause (LscLanesView *self, LscState state, const LscSpan *span)
{
  if (!self->scene.selected.has_number)
    return _ ("No bar is picked. Click one first, or go to one with the arrow keys.");
  if (self->scene.selected.kind != LSC_ROW_THREAD)
    return _ ("A lane of a CPU tells only what ran. Show the lanes by thread and pick a wait.");
  if (span == NULL && state == LSC_STATE_PREEMPTED)
    return _ ("It was not pushed off the CPU here. Pick a bar that was.");
  if (span == NULL)
    return _ ("Nobody woke it here. Pick a wait that ended.");
  if ((span->facts.flags & LSC_FACT_INTERRUPT) != 0)
    return _ ("An interrupt or a timer woke it, not a thread: there is no lane to go to.");
  return _ ("The capture does not tell which thread it was, or has no lane for it.");
}

void
lsc_lanes_view_go_to_cause (LscLanesView *self, LscState state)
{
  LscSpan span;
  const LscThread *thread = NULL;
  gboolean found = self->trace != NULL && find_caused (self, state, &span);
  if (found && span.facts.thread < lsc_trace_get_n_threads (self->trace))
    thread = lsc_trace_get_thread (self->trace, span.facts.thread);
  if (thread == NULL || thread->lane == NULL
      || lsc_lane_get_first (thread->lane) == lsc_lane_get_end (thread->lane))
    {
      lsc_lanes_view_refuse (self, get_no_cause (self, state, found ? &span : NULL));
      return;
    }
  LscPick pick = { .kind = LSC_ROW_THREAD, .index = thread->index, .has_number = TRUE };
  pick.number = lsc_lane_find (thread->lane, span.start_ns);
  lsc_lanes_view_leave (self, TRUE);
  lsc_lanes_view_set_follow (self, FALSE);
  lsc_lanes_view_select (self, &pick);
  lsc_lanes_view_bring_in_sight (self, &pick);
}

void
lsc_lanes_view_go_to_thread_at (LscLanesView *self, guint32 thread, guint64 time_ns)
{
  LscBar bar = { .thread = thread };
  if (self->trace != NULL && lsc_lanes_view_find_bar (self, thread, time_ns, &bar.number))
    lsc_lanes_view_go_to_bar (self, &bar);
  else
    refuse (self);
}

void
lsc_lanes_view_go_to_range (LscLanesView *self, guint32 thread, const LscTimeRange *range)
{
  LscPick pick = { .kind = LSC_ROW_THREAD, .index = thread };
  if (self->trace == NULL || !lsc_trace_has_thread (self->trace, thread))
    {
      refuse (self);
      return;
    }
  lsc_lanes_view_show_range (self, range->from_ns, range->to_ns, RANGE_MARGIN);
  self->scene.has_range = TRUE;
  self->scene.range_from_ns = range->from_ns;
  self->scene.range_to_ns = range->to_ns;
  lsc_lanes_view_reveal_thread (self, thread);
  lsc_lanes_view_select (self, &pick);
  lsc_lanes_view_show_row (self, &pick);
  lsc_lanes_view_changed (self);
}

gboolean
lsc_lanes_view_find_legend (
    LscLanesView *self, double x, double y, LscState *out_state, LscReason *out_reason)
{
  LscHit hit;
  if (lsc_lanes_view_find (self, x, y, &hit) != LSC_PART_LEGEND)
    return FALSE;
  const LscLegendSpot *spot = lsc_picture_legend_at (self->picture, x);
  if (spot == NULL || spot->state == LSC_STATE_UNKNOWN)
    return FALSE;
  *out_state = spot->state;
  *out_reason = spot->reason;
  return TRUE;
}

gboolean
lsc_lanes_view_get_legend_box (LscLanesView *self,
                               LscState state,
                               LscReason reason,
                               GdkRectangle *out_box)
{
  const LscLegendSpot *spot = lsc_picture_legend_of (self->picture, state, reason);
  if (spot == NULL)
    return FALSE;
  *out_box = (GdkRectangle){ (int) spot->from_x, (int) self->layout.legend.y,
                             (int) (spot->to_x - spot->from_x), (int) self->layout.legend.height };
  return TRUE;
}

void
lsc_lanes_view_set_strip (LscLanesView *self, LscStripPlace place, const LscStrip *strip)
{
  guint n = 0;
  self->strip_places[place] = strip == NULL ? (LscStrip){ 0 } : *strip;
  for (guint i = 0; i < LSC_N_STRIP_PLACES; i++)
    if (self->strip_places[i].title != NULL)
      self->strips[n++] = self->strip_places[i];
  self->scene.strips = self->strips;
  if (n != self->scene.n_strips)
    {
      LscPictureParts parts;
      lsc_lanes_view_init_parts (&parts);
      parts.n_strips = n;
      lsc_picture_set_parts (self->picture, &parts);
      gtk_widget_queue_allocate (GTK_WIDGET (self));
    }
  self->scene.n_strips = n;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
