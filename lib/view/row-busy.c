/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-busy.h"

#include "lib/view/row-settings.h"

#define N_FIRST 8u /* spans of a lane */

typedef struct
{
  bool busy;
  uint64_t n_seen; /* the lane's end when it was looked at */
} Activity;

struct _LscRowBusy
{
  LscSparseArray threads; /* Activity */
};

LscRowBusy *
lsc_row_busy_new (void)
{
  LscRowBusy *self = g_new0 (LscRowBusy, 1);

  lsc_sparse_array_init (&self->threads, sizeof (Activity));
  return self;
}

void
lsc_row_busy_free (LscRowBusy *self)
{
  lsc_sparse_array_clear (&self->threads);
  g_free (self);
}

void
lsc_row_busy_reset (LscRowBusy *self)
{
  lsc_sparse_array_clear (&self->threads);
}

void
lsc_row_busy_forget (LscRowBusy *self, const LscTrace *trace)
{
  lsc_row_settings_forget_pages (&self->threads, trace, LSC_ROW_THREAD);
}

static bool
is_work (LscState state)
{
  return state == LSC_STATE_RUNNING || state == LSC_STATE_RUNNABLE || state == LSC_STATE_PREEMPTED;
}

/* Nearly every thread that works does so within its first spans: most lanes need not be summed. */
static bool
begins_busy (const LscLane *lane)
{
  uint64_t first = lsc_lane_get_first (lane), end = MIN (lsc_lane_get_end (lane), first + N_FIRST);

  for (uint64_t i = first; i < end; i++)
    {
      LscSpan span;

      lsc_lane_get (lane, i, &span);
      if (is_work (span.facts.state) && span.end_ns > span.start_ns)
        return true;
    }
  return false;
}

/* The last span may only have begun, and be 0 ns long so far. */
static bool
is_busy (const LscTrace *trace, const LscLane *lane)
{
  uint64_t ns[LSC_N_STATES] = { 0 };
  LscSpan last;

  if (begins_busy (lane))
    return true;
  lsc_lane_sum (lane, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace), ns);
  if (ns[LSC_STATE_RUNNING] + ns[LSC_STATE_RUNNABLE] + ns[LSC_STATE_PREEMPTED] > 0)
    return true;
  if (lsc_lane_get_first (lane) == lsc_lane_get_end (lane) || !lsc_lane_is_open (lane))
    return false;
  lsc_lane_get (lane, lsc_lane_get_end (lane) - 1, &last);
  return is_work (last.facts.state);
}

bool
lsc_row_busy_update (LscRowBusy *self, const LscTrace *trace)
{
  uint32_t n = lsc_trace_get_n_threads (trace);
  bool changed = false;

  for (uint32_t i = lsc_trace_next_thread (trace, 0); i < n;
       i = lsc_trace_next_thread (trace, i + 1))
    {
      const LscLane *lane = lsc_trace_get_thread (trace, i)->lane;
      Activity *activity = lsc_sparse_array_ensure (&self->threads, i);

      if (activity->busy || lane == NULL || activity->n_seen == lsc_lane_get_end (lane))
        continue;
      activity->busy = is_busy (trace, lane);
      activity->n_seen = lsc_lane_get_end (lane);
      changed |= activity->busy;
    }
  return changed;
}

bool
lsc_row_busy_get (const LscRowBusy *self, uint32_t thread)
{
  const Activity *activity = lsc_sparse_array_get (&self->threads, thread);

  return activity != NULL && activity->busy;
}
