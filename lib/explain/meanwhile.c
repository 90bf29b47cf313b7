/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/meanwhile.h"

static void
add_span (GHashTable *ns_of, const LscSpan *span, uint64_t from_ns, uint64_t to_ns, uint32_t except)
{
  uint64_t from = MAX (span->start_ns, from_ns);
  uint64_t to = MIN (span->end_ns, to_ns);
  uint64_t *sum;

  if (from >= to || span->facts.state != LSC_STATE_RUNNING || span->facts.thread == LSC_THREAD_NONE
      || span->facts.thread == except)
    return;
  sum = g_hash_table_lookup (ns_of, GUINT_TO_POINTER (span->facts.thread));
  if (sum == NULL)
    {
      sum = g_new0 (uint64_t, 1);
      g_hash_table_insert (ns_of, GUINT_TO_POINTER (span->facts.thread), sum);
    }
  *sum += to - from;
}

/* Longest first; of equals the one that was heard of first. */
static gint
compare (gconstpointer a, gconstpointer b)
{
  const LscMeanwhileShare *x = a, *y = b;

  if (x->ns != y->ns)
    return x->ns > y->ns ? -1 : 1;
  return (x->thread > y->thread) - (x->thread < y->thread);
}

static GArray *
sort (GHashTable *ns_of)
{
  GArray *shares = g_array_new (FALSE, FALSE, sizeof (LscMeanwhileShare));
  GHashTableIter iter;
  gpointer thread, ns;

  g_hash_table_iter_init (&iter, ns_of);
  while (g_hash_table_iter_next (&iter, &thread, &ns))
    {
      LscMeanwhileShare share = { GPOINTER_TO_UINT (thread), *(uint64_t *) ns };

      g_array_append_val (shares, share);
    }
  g_array_sort (shares, compare);
  return shares;
}

GArray *
lsc_meanwhile_list (const LscTrace *trace,
                    uint32_t cpu,
                    uint64_t from_ns,
                    uint64_t to_ns,
                    uint32_t except,
                    uint32_t max_spans)
{
  const LscLane *lane =
      cpu < lsc_trace_get_n_cpus (trace) ? lsc_trace_get_cpu_lane (trace, cpu) : NULL;
  g_autoptr (GHashTable) ns_of = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  LscLaneIter iter;
  LscSpan span;

  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    return sort (ns_of);
  lsc_lane_iter_init (&iter, lane, from_ns);
  for (uint32_t n = 0; n < max_spans && lsc_lane_iter_next (&iter, &span) && span.start_ns < to_ns;
       n++)
    add_span (ns_of, &span, from_ns, to_ns, except);
  return sort (ns_of);
}

LscMeanwhile
lsc_meanwhile_on_cpu (const LscTrace *trace,
                      uint32_t cpu,
                      uint64_t from_ns,
                      uint64_t to_ns,
                      uint32_t except,
                      uint32_t max_spans)
{
  g_autoptr (GArray) shares = lsc_meanwhile_list (trace, cpu, from_ns, to_ns, except, max_spans);
  LscMeanwhile result = { .thread = LSC_THREAD_NONE };

  if (shares->len == 0)
    return result;
  result.thread = g_array_index (shares, LscMeanwhileShare, 0).thread;
  result.ns = g_array_index (shares, LscMeanwhileShare, 0).ns;
  result.n_others = shares->len - 1;
  return result;
}
