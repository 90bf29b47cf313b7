/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/meanwhile.h"

typedef struct
{
  LscMeanwhile result;
  GHashTable *ns_of; /* thread -> uint64_t, owned */
} Tally;

static void
add_run (Tally *self, uint32_t thread, uint64_t ns)
{
  uint64_t *sum = g_hash_table_lookup (self->ns_of, GUINT_TO_POINTER (thread));

  if (sum == NULL)
    {
      sum = g_new0 (uint64_t, 1);
      g_hash_table_insert (self->ns_of, GUINT_TO_POINTER (thread), sum);
    }
  *sum += ns;
  if (self->result.thread == LSC_THREAD_NONE || *sum > self->result.ns)
    {
      self->result.thread = thread;
      self->result.ns = *sum;
    }
}

static void
add_span (Tally *self, const LscSpan *span, uint64_t from_ns, uint64_t to_ns, uint32_t except)
{
  uint64_t from = MAX (span->start_ns, from_ns);
  uint64_t to = MIN (span->end_ns, to_ns);

  if (from >= to)
    return;
  if (span->facts.state == LSC_STATE_RUNNING && span->facts.thread != LSC_THREAD_NONE
      && span->facts.thread != except)
    add_run (self, span->facts.thread, to - from);
}

LscMeanwhile
lsc_meanwhile_on_cpu (const LscTrace *trace,
                      uint32_t cpu,
                      uint64_t from_ns,
                      uint64_t to_ns,
                      uint32_t except,
                      uint32_t max_spans)
{
  Tally tally = { .result = { .thread = LSC_THREAD_NONE } };
  const LscLane *lane;
  LscLaneIter iter;
  LscSpan span;
  uint32_t n;

  if (cpu >= lsc_trace_get_n_cpus (trace))
    return tally.result;
  lane = lsc_trace_get_cpu_lane (trace, cpu);
  if (lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    return tally.result;
  tally.ns_of = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  lsc_lane_iter_init (&iter, lane, from_ns);
  for (n = 0; n < max_spans && lsc_lane_iter_next (&iter, &span) && span.start_ns < to_ns; n++)
    add_span (&tally, &span, from_ns, to_ns, except);
  n = g_hash_table_size (tally.ns_of);
  tally.result.n_others = n > 0 ? n - 1 : 0;
  g_hash_table_unref (tally.ns_of);
  return tally.result;
}
