/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/push.h"

#include "lsc-config.h"

#include <glib/gi18n-lib.h>

LscPushKind
lsc_push_find_kind (const LscTrace *trace, uint32_t taker, uint64_t time_ns, uint64_t ran_ns)
{
  const LscThread *thread = lsc_trace_get_thread (trace, taker);
  const LscLane *lane = thread != NULL ? thread->lane : NULL;
  uint64_t number;
  LscSpan run, queued;

  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    return LSC_PUSH_UNCLEAR;
  number = lsc_lane_find (lane, time_ns);
  if (number == lsc_lane_get_first (lane))
    return LSC_PUSH_UNCLEAR;
  lsc_lane_get (lane, number, &run);
  lsc_lane_get (lane, number - 1, &queued);
  if (run.start_ns != time_ns || run.facts.state != LSC_STATE_RUNNING
      || queued.facts.flags & LSC_FACT_INFERRED || queued.open_start)
    return LSC_PUSH_UNCLEAR;
  if (queued.facts.state == LSC_STATE_RUNNABLE && time_ns - queued.start_ns <= LSC_PUSH_WOKEN_NS)
    return LSC_PUSH_WOKEN;
  if ((queued.facts.state == LSC_STATE_RUNNABLE || queued.facts.state == LSC_STATE_PREEMPTED)
      && time_ns - queued.start_ns >= LSC_PUSH_SLICE_NS && ran_ns >= LSC_PUSH_SLICE_NS)
    return LSC_PUSH_TIMESLICE;
  return LSC_PUSH_UNCLEAR;
}

char *
lsc_push_describe (LscPushKind kind, uint32_t cpu, const char *taker)
{
  switch (kind)
    {
    case LSC_PUSH_WOKEN:
      return g_strdup_printf (_ ("Pushed off CPU %u by %s, which had just been woken."), cpu,
                              taker);
    case LSC_PUSH_TIMESLICE:
      /* Translators: a CPU's number; a thread that had waited in the queue. */
      return g_strdup_printf (
          _ ("Its timeslice on CPU %u was probably over: %s, which had waited, took its turn."),
          cpu, taker);
    case LSC_PUSH_UNCLEAR:
    default:
      return g_strdup_printf (_ ("Pushed off CPU %u by %s."), cpu, taker);
    }
}
