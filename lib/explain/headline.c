/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/headline.h"

#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n-lib.h>

/* Each is said of a thread, for some time; and, without naming the thread, of a bar beside another.
 */
typedef struct
{
  const char *headline;
  const char *neighbour;
} Phrases;

static const Phrases phrases[LSC_N_REASONS] = {
  /* Translators: in all of these the first %s is a thread, the last one a length of time. */
  [LSC_REASON_UNKNOWN] = { N_ ("Nothing is known of %s for %s"), N_ ("not known, %s") },
  [LSC_REASON_QUEUE] = { N_ ("%s waited for a CPU for %s"), N_ ("waited for a CPU, %s") },
  [LSC_REASON_PREEMPTED] = { N_ ("%s was pushed off the CPU for %s"), N_ ("pushed off, %s") },
  [LSC_REASON_YIELDED] = { N_ ("%s gave its CPU away for %s"), N_ ("gave its CPU away, %s") },
  [LSC_REASON_LOCK] = { N_ ("%s waited for a lock for %s"), N_ ("waited for a lock, %s") },
  [LSC_REASON_DISK] = { N_ ("%s waited for the disk for %s"), N_ ("waited for the disk, %s") },
  [LSC_REASON_FILE] = { N_ ("%s waited for a file for %s"), N_ ("waited for a file, %s") },
  [LSC_REASON_PIPE] = { N_ ("%s waited for a pipe or terminal for %s"),
                        N_ ("waited for a pipe or terminal, %s") },
  [LSC_REASON_NETWORK] = { N_ ("%s waited for the network for %s"),
                           N_ ("waited for the network, %s") },
  [LSC_REASON_TIMER] = { N_ ("%s slept for %s"), N_ ("slept, %s") },
  [LSC_REASON_EVENTS] = { N_ ("%s waited for events for %s"), N_ ("waited for events, %s") },
  [LSC_REASON_CHILD] = { N_ ("%s waited for a child for %s"), N_ ("waited for a child, %s") },
  [LSC_REASON_SIGNAL] = { N_ ("%s waited for a signal for %s"), N_ ("waited for a signal, %s") },
  [LSC_REASON_PAGE_FAULT] = { N_ ("%s waited for memory for %s"), N_ ("waited for memory, %s") },
  [LSC_REASON_STOPPED] = { N_ ("%s was stopped for %s"), N_ ("stopped, %s") },
  [LSC_REASON_EXITING] = { N_ ("%s was on its way out for %s"), N_ ("on its way out, %s") },
  [LSC_REASON_KERNEL] = { N_ ("%s waited inside the kernel for %s"),
                          N_ ("waited inside the kernel, %s") },
};

/* A wait for a futex that is hardly one for a lock. */
static const Phrases other_thread = { N_ ("%s waited for another thread for %s"),
                                      N_ ("waited for another thread, %s") };

static const Phrases *
phrases_of (const LscSpan *span, LscReason reason)
{
  return reason == LSC_REASON_LOCK && span->facts.detail == LSC_DETAIL_FUTEX_WAIT_BITSET
             ? &other_thread
             : &phrases[reason];
}

static bool
find (const LscTrace *trace, uint32_t thread, uint64_t number, LscSpan *out_span)
{
  const LscLane *lane =
      thread < lsc_trace_get_n_threads (trace) ? lsc_trace_get_thread (trace, thread)->lane : NULL;

  if (lane == NULL || number < lsc_lane_get_first (lane) || number >= lsc_lane_get_end (lane))
    return false;
  lsc_lane_get (lane, number, out_span);
  return true;
}

static LscReason
reason_of (const LscTrace *trace, uint32_t thread, const LscSpan *span)
{
  return lsc_reason_of_facts (&span->facts,
                              lsc_reason_abi_of_machine (lsc_trace_get_header (trace)->machine),
                              lsc_trace_get_thread (trace, thread)->kernel_thread);
}

char *
lsc_headline_of_span (const LscTrace *trace, uint32_t thread, uint64_t number)
{
  g_autofree char *name = NULL, *length = NULL;
  LscReason reason;
  LscSpan span;

  if (!find (trace, thread, number, &span))
    return NULL;
  name = lsc_sentence_name_thread (trace, thread);
  length = lsc_duration_format (span.end_ns - span.start_ns);
  reason = reason_of (trace, thread, &span);
  if (span.facts.state == LSC_STATE_RUNNING)
    return g_strdup_printf (_ ("%s ran for %s"), name, length);
  if (reason == LSC_REASON_NONE)
    return g_strdup_printf (_ ("%s was not alive for %s"), name, length);
  return g_strdup_printf (_ (phrases_of (&span, reason)->headline), name, length);
}

char *
lsc_headline_of_neighbour (const LscTrace *trace, uint32_t thread, uint64_t number)
{
  g_autofree char *length = NULL;
  LscReason reason;
  LscSpan span;

  if (!find (trace, thread, number, &span))
    return NULL;
  length = lsc_duration_format (span.end_ns - span.start_ns);
  reason = reason_of (trace, thread, &span);
  if (span.facts.state == LSC_STATE_RUNNING && span.facts.cpu != LSC_CPU_NONE)
    return g_strdup_printf (_ ("ran %s on CPU %u"), length, span.facts.cpu);
  if (span.facts.state == LSC_STATE_RUNNING)
    return g_strdup_printf (_ ("ran %s"), length);
  if (reason == LSC_REASON_NONE)
    return g_strdup_printf (_ ("not alive, %s"), length);
  return g_strdup_printf (_ (phrases_of (&span, reason)->neighbour), length);
}
