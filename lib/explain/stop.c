/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/stop.h"

static bool
is_queued (const LscSpan *span)
{
  return span->facts.state == LSC_STATE_RUNNABLE || span->facts.state == LSC_STATE_PREEMPTED;
}

static bool
is_blocked (const LscSpan *span)
{
  return span->facts.state == LSC_STATE_SLEEPING || span->facts.state == LSC_STATE_UNINTERRUPTIBLE
         || span->facts.state == LSC_STATE_STOPPED;
}

static void
add_span (LscStop *self, const LscSpan *span)
{
  uint64_t ns = span->end_ns - span->start_ns;

  if (is_blocked (span))
    {
      self->blocked_ns += ns;
      self->woken_ns = span->end_ns;
    }
  else
    self->queued_ns += ns;
  if (span->facts.state == LSC_STATE_RUNNABLE && !(span->facts.flags & LSC_FACT_INFERRED)
      && !span->open_start)
    {
      self->has_waker = true;
      self->waker = span->facts;
    }
  self->end_ns = span->end_ns;
}

bool
lsc_stop_find (const LscTrace *trace, uint32_t thread, uint64_t number, LscStop *out_stop)
{
  const LscThread *found =
      thread < lsc_trace_get_n_threads (trace) ? lsc_trace_get_thread (trace, thread) : NULL;
  const LscLane *lane = found == NULL ? NULL : found->lane;
  LscStop stop = { .cpu_back = LSC_CPU_NONE };
  LscSpan span;

  if (lane == NULL || number < lsc_lane_get_first (lane) || number >= lsc_lane_get_end (lane))
    return false;
  lsc_lane_get (lane, number, &span);
  if (!is_queued (&span) && !is_blocked (&span))
    return false;
  for (stop.first = number;
       stop.first > lsc_lane_get_first (lane) && number - stop.first < LSC_STOP_SPANS_MAX;
       stop.first--)
    {
      lsc_lane_get (lane, stop.first - 1, &span);
      if (!is_queued (&span) && !is_blocked (&span))
        break;
    }
  lsc_lane_get (lane, stop.first, &span);
  stop.facts = span.facts;
  stop.start_ns = stop.woken_ns = span.start_ns;
  stop.reason = lsc_reason_of_facts (
      &span.facts, lsc_reason_abi_of_machine (lsc_trace_get_header (trace)->machine),
      found->kernel_thread);
  for (stop.end = stop.first;
       stop.end < lsc_lane_get_end (lane) && stop.end < number + LSC_STOP_SPANS_MAX; stop.end++)
    {
      lsc_lane_get (lane, stop.end, &span);
      if (!is_queued (&span) && !is_blocked (&span))
        break;
      add_span (&stop, &span);
    }
  stop.has_back = stop.end < lsc_lane_get_end (lane) && span.facts.state == LSC_STATE_RUNNING;
  if (stop.has_back)
    stop.cpu_back = span.facts.cpu;
  *out_stop = stop;
  return true;
}

/* Those of one lane; returns how many spans were looked at. */
static uint32_t
add_woken (
    GArray *wakeups, const LscThread *wakee, uint32_t waker, uint64_t from_ns, uint64_t to_ns)
{
  uint64_t number = lsc_lane_find (wakee->lane, from_ns);
  uint32_t n = 0;
  LscSpan span;

  for (; number < lsc_lane_get_end (wakee->lane); number++, n++)
    {
      LscWakeup wakeup = { .thread = wakee->index, .number = number };

      lsc_lane_get (wakee->lane, number, &span);
      if (span.start_ns >= to_ns)
        break;
      wakeup.time_ns = span.start_ns;
      if (span.facts.state == LSC_STATE_RUNNABLE && span.facts.thread == waker
          && !(span.facts.flags & (LSC_FACT_INTERRUPT | LSC_FACT_INFERRED))
          && span.start_ns >= from_ns)
        g_array_append_val (wakeups, wakeup);
    }
  return n + 1;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  const LscWakeup *x = a, *y = b;

  return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

GArray *
lsc_stop_list_woken_by (
    const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, uint32_t max_spans)
{
  GArray *wakeups = g_array_new (FALSE, FALSE, sizeof (LscWakeup));
  uint32_t n = 0;

  for (uint32_t i = lsc_trace_next_thread (trace, 0);
       i < lsc_trace_get_n_threads (trace) && n < max_spans;
       i = lsc_trace_next_thread (trace, i + 1))
    {
      const LscThread *wakee = lsc_trace_get_thread (trace, i);

      if (wakee->lane != NULL && i != thread
          && lsc_lane_get_first (wakee->lane) < lsc_lane_get_end (wakee->lane)
          && lsc_lane_get_end_ns (wakee->lane) >= from_ns)
        n += add_woken (wakeups, wakee, thread, from_ns, to_ns);
    }
  g_array_sort (wakeups, compare_times);
  return wakeups;
}
