/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What an event says about the span that begins with it, as facts and as a cause. For lib/trace
 * alone.
 *
 * Causes that come again are remembered where they come from: by the thread that leaves, wakes or
 * takes over, and by the CPU.
 */
#pragma once

#include "lib/trace/trace-private.h"

/* Facts that say nothing else. */
static inline LscFacts
lsc_facts_of (LscState state, uint32_t cpu)
{
  return (LscFacts){
    .state = (uint8_t) state, .syscall = LSC_SYSCALL_NONE, .cpu = cpu, .thread = LSC_THREAD_NONE
  };
}

/* The trace has another header: what its machine is may have changed. */
void lsc_event_cause_take_header (LscTrace *trace);

/* What LscFacts.thread is for the thread `tid`; `thread` is NULL for idle and for whoever may not
 * be named, here and below. */
uint32_t lsc_event_cause_index_of (const LscTraceThread *thread, uint32_t tid);

/* It runs on the CPU of that number; `cpu` is NULL for a number no machine has, here and below. */
LscCause lsc_event_cause_of_running (LscTrace *trace, LscTraceCpu *cpu, uint32_t number);

/* What became of prev. */
LscCause lsc_event_cause_of_leaving (LscTrace *trace,
                                     const LscRecordSwitch *record,
                                     LscTraceThread *prev,
                                     LscTraceThread *next);

/* On a CPU's lane: who has it. */
LscFacts
lsc_event_cause_facts_of_cpu (const LscTrace *trace, const LscTraceThread *thread, uint32_t tid);
LscCause lsc_event_cause_of_cpu (LscTrace *trace, LscTraceThread *thread, uint32_t tid);

/* Who woke. */
LscFacts lsc_event_cause_facts_of_waking (const LscRecordWaking *record,
                                          const LscTraceThread *waker);
LscCause lsc_event_cause_of_waking (LscTrace *trace,
                                    const LscRecordWaking *record,
                                    const LscFacts *facts,
                                    LscTraceThread *waker);
