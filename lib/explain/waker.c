/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/waker.h"

#include "lib/explain/syscall-name.h"

#include <glib.h>

/* A thread that is waited for wakes the other so shortly before its last moment. */
#define LEAVING_NS UINT64_C (1000000)

/* From then on it did nothing but end. */
static bool
is_leaving (const LscLane *lane, uint64_t time_ns)
{
  LscSpan span;

  if (lsc_lane_get_end_ns (lane) < time_ns || lsc_lane_get_end_ns (lane) - time_ns > LEAVING_NS)
    return false;
  for (uint64_t number = lsc_lane_get_end (lane); number > lsc_lane_get_first (lane); number--)
    {
      lsc_lane_get (lane, number - 1, &span);
      if (span.end_ns <= time_ns)
        break;
      if (span.facts.state == LSC_STATE_SLEEPING)
        return false;
    }
  return true;
}

static bool
is_futex (const LscTrace *trace, const LscFacts *wait)
{
  g_autofree char *call = lsc_syscall_name (lsc_trace_get_header (trace)->machine, wait->syscall,
                                            (wait->flags & LSC_FACT_COMPAT) != 0);

  return call != NULL && g_str_has_prefix (call, "futex");
}

/* A thread that ends wakes whoever waits for that: the kernel does it for the futex its library
 * gave (CLONE_CHILD_CLEARTID). A plain wait is for a lock that it had until then. And when the
 * first thread of a process ends, it wakes all others, whatever they wait for, to end as well. */
static bool
is_join (const LscTrace *trace,
         const LscThread *sleeper,
         const LscFacts *wait,
         const LscThread *waker,
         uint64_t woken_ns)
{
  return waker != NULL && waker->ended && waker->lane != NULL && waker->process == sleeper->process
         && waker->tid != lsc_trace_get_process (trace, waker->process)->tgid
         && (wait->detail == LSC_DETAIL_NONE || wait->detail == LSC_DETAIL_FUTEX_WAIT_BITSET)
         && is_futex (trace, wait) && is_leaving (waker->lane, woken_ns);
}

LscWakerKind
lsc_waker_find_kind (const LscTrace *trace,
                     const LscThread *sleeper,
                     const LscFacts *wait,
                     const LscFacts *waker,
                     uint64_t woken_ns)
{
  LscAbi abi = lsc_reason_abi_of_machine (lsc_trace_get_header (trace)->machine);

  if (waker->flags & LSC_FACT_INFERRED)
    return LSC_WAKER_UNKNOWN;
  if (waker->flags & LSC_FACT_INTERRUPT)
    return lsc_reason_of_facts (wait, abi, sleeper->kernel_thread) == LSC_REASON_TIMER
                   || is_futex (trace, wait)
               ? LSC_WAKER_TIMER
               : LSC_WAKER_INTERRUPT;
  if (waker->thread == LSC_THREAD_NONE)
    return LSC_WAKER_UNKNOWN;
  if (waker->flags & LSC_FACT_NEW)
    return LSC_WAKER_MAKER;
  return is_join (trace, sleeper, wait, lsc_trace_get_thread (trace, waker->thread), woken_ns)
             ? LSC_WAKER_LEAVING
             : LSC_WAKER_THREAD;
}
