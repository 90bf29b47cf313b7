/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-measure.h"

#define STEP_SPANS 4096u
#define FIRST_RUN_SPANS 64u /* looked at for the first run: threads run early */

void
lsc_row_measure_init (LscRowMeasure *self,
                      const LscTrace *trace,
                      const LscThread *thread,
                      LscRowSort sort,
                      uint64_t from_ns,
                      uint64_t to_ns)
{
  *self = (LscRowMeasure){ .from_ns = from_ns,
                           .to_ns = MAX (from_ns, to_ns),
                           .sort = sort,
                           .abi = lsc_reason_abi_of_machine (lsc_trace_get_header (trace)->machine),
                           .kernel_thread = thread != NULL && thread->kernel_thread };
  if (thread != NULL && thread->lane != NULL)
    self->from_ns = MAX (from_ns, lsc_lane_get_start_ns (thread->lane));
  self->off_ns = self->from_ns;
}

bool
lsc_row_measure_is_maximum (LscRowSort sort)
{
  return sort == LSC_SORT_LONGEST_WAIT || sort == LSC_SORT_LONGEST_QUEUE
         || sort == LSC_SORT_FIRST_RUN;
}

static bool
needs_walk (LscRowSort sort)
{
  return sort == LSC_SORT_LONGEST_WAIT || sort == LSC_SORT_LONGEST_QUEUE || sort >= LSC_SORT_REASON;
}

static uint64_t
first_run (const LscLane *lane)
{
  uint64_t first = lsc_lane_get_first (lane), end = lsc_lane_get_end (lane);
  LscSpan span;

  for (uint64_t i = first; i < end && i < first + FIRST_RUN_SPANS; i++)
    {
      lsc_lane_get (lane, i, &span);
      if (span.facts.state == LSC_STATE_RUNNING)
        return UINT64_MAX - span.start_ns;
    }
  return 0;
}

static uint64_t
count (const LscRowMeasure *self, const LscLane *lane)
{
  LscLaneCounts counts = { 0 };

  lsc_lane_count (lane, self->from_ns, self->to_ns, &counts);
  if (self->sort == LSC_SORT_WAKEUPS)
    return counts.wakeups;
  if (self->sort == LSC_SORT_MIGRATIONS)
    return counts.migrations;
  return (uint64_t) counts.voluntary + counts.involuntary;
}

/* What is known without a look at the spans. */
static uint64_t
sum (const LscRowMeasure *self, const LscLane *lane)
{
  uint64_t ns[LSC_N_STATES] = { 0 };

  if (self->sort == LSC_SORT_NAME || self->sort == LSC_SORT_TID)
    return 0;
  if (self->sort == LSC_SORT_FIRST_RUN)
    return first_run (lane);
  if (self->sort == LSC_SORT_SWITCHES || self->sort == LSC_SORT_WAKEUPS
      || self->sort == LSC_SORT_MIGRATIONS)
    return count (self, lane);
  lsc_lane_sum (lane, self->from_ns, self->to_ns, ns);
  if (self->sort == LSC_SORT_QUEUED)
    return ns[LSC_STATE_RUNNABLE];
  if (self->sort == LSC_SORT_PREEMPTED)
    return ns[LSC_STATE_PREEMPTED];
  if (self->sort == LSC_SORT_WAITING)
    return ns[LSC_STATE_SLEEPING] + ns[LSC_STATE_UNINTERRUPTIBLE];
  if (self->sort == LSC_SORT_BLOCKED)
    return ns[LSC_STATE_UNINTERRUPTIBLE];
  return ns[LSC_STATE_RUNNING];
}

/* Takes in one span, of which [from, to) is in the range. */
static void
take (LscRowMeasure *self, const LscSpan *span, uint64_t from, uint64_t to)
{
  if (self->sort >= LSC_SORT_REASON)
    {
      if (lsc_reason_of_facts (&span->facts, self->abi, self->kernel_thread)
          == (LscReason) (self->sort - LSC_SORT_REASON))
        self->number += to - from;
    }
  else if (self->sort == LSC_SORT_LONGEST_QUEUE)
    {
      if (span->facts.state == LSC_STATE_RUNNABLE)
        self->number = MAX (self->number, to - from);
    }
  else if (span->facts.state == LSC_STATE_RUNNING)
    {
      self->number = MAX (self->number, from - self->off_ns);
      self->off_ns = to;
    }
}

bool
lsc_row_measure_step (LscRowMeasure *self, const LscLane *lane)
{
  LscLaneIter iter;
  LscSpan span;
  uint64_t last;

  if (lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    return true;
  if (!needs_walk (self->sort))
    {
      self->number = sum (self, lane);
      return true;
    }
  last = MIN (self->to_ns, lsc_lane_get_end_ns (lane));
  lsc_lane_iter_init (&iter, lane, self->from_ns);
  for (unsigned i = 0; i < STEP_SPANS && self->from_ns < last; i++)
    {
      if (!lsc_lane_iter_next (&iter, &span))
        self->from_ns = last;
      else if (span.end_ns > self->from_ns && span.start_ns < last)
        {
          take (self, &span, MAX (span.start_ns, self->from_ns), MIN (span.end_ns, last));
          self->from_ns = MIN (span.end_ns, last);
        }
    }
  if (self->from_ns < last)
    return false;
  if (self->sort == LSC_SORT_LONGEST_WAIT && last > self->off_ns)
    self->number = MAX (self->number, last - self->off_ns);
  return true;
}
