/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The statistics of a thread the slow and plain way, a look at every span, to compare with.
 */
#pragma once

#include "lib/explain/percentile.h"
#include "lib/explain/statistics.h"

#include <string.h>

/* One walk over a lane. */
typedef struct
{
  const LscThread *thread;
  LscAbi abi;
  uint64_t from_ns;
  uint64_t to_ns;
  bool to_the_end; /* a moment at to_ns itself counts too: nothing comes after it */
  LscSpan before;  /* the span before the one looked at; ABSENT before the first */
  uint32_t last_cpu;
  bool off; /* in a stretch off the CPU, that began at off_ns */
  uint64_t off_ns;
  GArray *latencies; /* of uint64_t */
  LscStatistics *out;
} Walk;

static bool
is_inside (const Walk *self, uint64_t time_ns)
{
  return time_ns >= self->from_ns && (time_ns < self->to_ns || self->to_the_end);
}

static bool
is_off_cpu (uint8_t state)
{
  return state != LSC_STATE_RUNNING && state != LSC_STATE_UNKNOWN && state != LSC_STATE_ABSENT;
}

static void
count_switch (Walk *self, uint64_t time_ns, uint8_t next_state)
{
  if (!is_inside (self, time_ns))
    return;
  self->out->switches++;
  if (next_state == LSC_STATE_PREEMPTED)
    self->out->involuntary++;
  else
    self->out->voluntary++;
}

static void
end_stretch (Walk *self, uint64_t time_ns)
{
  if (self->off && time_ns - self->off_ns > self->out->max_off_cpu_ns)
    {
      self->out->max_off_cpu_ns = time_ns - self->off_ns;
      self->out->max_off_cpu_at_ns = self->off_ns;
    }
  self->off = false;
}

/* A wakeup that was seen, from `before` to the run that is `span`. */
static void
count_latency (Walk *self, const LscSpan *span)
{
  LscLatency *latency = &self->out->wakeup_latency;
  uint64_t ns = self->before.end_ns - self->before.start_ns;

  if (self->before.facts.state != LSC_STATE_RUNNABLE || self->before.open_start
      || self->before.facts.flags & LSC_FACT_INFERRED)
    return;
  if (!is_inside (self, self->before.start_ns) || !is_inside (self, span->start_ns))
    return;
  g_array_append_val (self->latencies, ns);
  if (latency->count++ == 0 || ns > latency->max_ns)
    {
      latency->max_ns = ns;
      latency->max_at_ns = self->before.start_ns;
    }
}

static void
enter_running (Walk *self, const LscSpan *span)
{
  if (self->last_cpu != LSC_CPU_NONE && span->facts.cpu != self->last_cpu
      && is_inside (self, span->start_ns))
    self->out->migrations++;
  self->last_cpu = span->facts.cpu;
  count_latency (self, span);
}

static void
add_time (Walk *self, const LscSpan *span)
{
  uint64_t from = MAX (span->start_ns, self->from_ns);
  uint64_t to = MIN (span->end_ns, self->to_ns);
  LscReason reason = lsc_reason_of_facts (&span->facts, self->abi, self->thread->kernel_thread);
  LscReasonTotal *total = &self->out->reasons[reason];

  if (from > to)
    return;
  self->out->ns[span->facts.state] += to - from;
  total->ns += to - from;
  total->count++;
}

/* Whether a switch away from a CPU was seen where the span begins. After an unknown stretch it is
 * what the span itself was told by; a wakeup is none. */
static bool
leaves_cpu (const Walk *self, const LscSpan *span)
{
  uint8_t state = span->facts.state;

  if (self->before.facts.state == LSC_STATE_RUNNING)
    return state != LSC_STATE_RUNNING && state != LSC_STATE_UNKNOWN;
  return self->before.facts.state == LSC_STATE_UNKNOWN && is_off_cpu (state)
         && state != LSC_STATE_RUNNABLE && !(span->facts.flags & LSC_FACT_INFERRED);
}

static void
walk_span (Walk *self, const LscSpan *span)
{
  uint8_t state = span->facts.state;

  if (leaves_cpu (self, span))
    count_switch (self, span->start_ns, state);
  if (state == LSC_STATE_RUNNING)
    enter_running (self, span);
  if (state == LSC_STATE_RUNNABLE && !span->open_start && is_inside (self, span->start_ns))
    self->out->wakeups++;
  if (!is_off_cpu (state))
    end_stretch (self, CLAMP (span->start_ns, self->from_ns, self->to_ns));
  else if (!self->off)
    {
      self->off = true;
      self->off_ns = MAX (span->start_ns, self->from_ns);
    }
  add_time (self, span);
  self->before = *span;
}

/* What is to be known from before the range: the span before `number`, and the CPU it last ran on.
 */
static void
look_back (Walk *self, const LscLane *lane, uint64_t number)
{
  uint64_t first = lsc_lane_get_first (lane);
  LscSpan span;

  if (number > first)
    lsc_lane_get (lane, number - 1, &self->before);
  while (number > first && self->last_cpu == LSC_CPU_NONE)
    {
      lsc_lane_get (lane, --number, &span);
      if (span.facts.state == LSC_STATE_RUNNING)
        self->last_cpu = span.facts.cpu;
    }
}

/* The first span that reaches into the range: not lsc_lane_find() alone, because spans of 0 ns may
 * stand at from_ns before the one it finds. */
static uint64_t
find_first (const LscLane *lane, uint64_t from_ns)
{
  uint64_t number = lsc_lane_find (lane, from_ns);
  LscSpan span;

  while (number > lsc_lane_get_first (lane))
    {
      lsc_lane_get (lane, number - 1, &span);
      if (span.start_ns < from_ns)
        break;
      number--;
    }
  return number;
}

static void
walk_lane (Walk *self, const LscLane *lane)
{
  uint64_t found = lsc_lane_find (lane, self->from_ns);
  uint64_t number = find_first (lane, self->from_ns);
  LscLaneIter iter;
  LscSpan span;

  look_back (self, lane, number);
  for (; number < found; number++)
    {
      lsc_lane_get (lane, number, &span);
      walk_span (self, &span);
    }
  lsc_lane_iter_init (&iter, lane, self->from_ns);
  while (lsc_lane_iter_next (&iter, &span))
    {
      if (span.start_ns > self->to_ns || (span.start_ns == self->to_ns && !self->to_the_end))
        break;
      walk_span (self, &span);
    }
  end_stretch (self, self->out->last_ns);
  /* Its last switch is the one it did not come back from. */
  if (!lsc_lane_is_open (lane) && self->before.facts.state == LSC_STATE_RUNNING
      && self->before.end_ns == lsc_lane_get_end_ns (lane))
    count_switch (self, self->before.end_ns, LSC_STATE_ABSENT);
}

static void
compute_percentiles (Walk *self)
{
  LscLatency *latency = &self->out->wakeup_latency;
  uint64_t *values = (uint64_t *) (void *) self->latencies->data;

  latency->p50_ns = lsc_percentile_of (values, self->latencies->len, 50);
  latency->p99_ns = lsc_percentile_of (values, self->latencies->len, 99);
}

/* Clears `out` but for the thread and its time inside the range. False when there is none. */
static bool
begin (const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, LscStatistics *out)
{
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;
  uint64_t first_ns, last_ns;

  memset (out, 0, sizeof *out);
  out->thread = thread;
  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane) || from_ns > to_ns)
    return false;
  first_ns = MAX (lsc_lane_get_start_ns (lane), from_ns);
  last_ns = MIN (lsc_lane_get_end_ns (lane), to_ns);
  if (first_ns > last_ns || (first_ns == to_ns && to_ns < lsc_trace_get_end_ns (trace)))
    {
      out->thread = 0;
      return false;
    }
  out->first_ns = first_ns;
  out->last_ns = last_ns;
  return true;
}

static bool
slow_statistics_of_thread (
    const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, LscStatistics *out)
{
  Walk walk = { .thread = lsc_trace_get_thread (trace, thread),
                .abi = lsc_reason_abi_of_machine (lsc_trace_get_header (trace)->machine),
                .from_ns = from_ns,
                .to_ns = to_ns,
                .to_the_end = to_ns >= lsc_trace_get_end_ns (trace),
                .before = { .facts = { .state = LSC_STATE_ABSENT } },
                .last_cpu = LSC_CPU_NONE,
                .out = out };
  g_autoptr (GArray) latencies = NULL;

  if (!begin (trace, thread, from_ns, to_ns, out))
    return false;
  walk.latencies = latencies = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  walk_lane (&walk, walk.thread->lane);
  compute_percentiles (&walk);
  return true;
}
