/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/event-cause.h"

#include "lib/trace/reason.h"
#include "lib/trace/task-state.h"

#include <string.h>

/* sched_yield: the system-call tables of x86-64 and arm64, by utsname.machine. */
#define YIELD_X86_64 24
#define YIELD_GENERIC 124

/* The cause of facts that are always the same, remembered in `memo`. */
static inline LscCause
intern_once (LscTrace *trace, LscFacts facts, LscCause *memo)
{
  if (*memo == 0)
    *memo = lsc_cause_table_intern (trace->shared.causes, &facts);
  return *memo;
}

LscCause
lsc_event_cause_of_running (LscTrace *trace, LscTraceCpu *cpu, uint32_t number)
{
  LscFacts running = lsc_facts_of (LSC_STATE_RUNNING, number);

  return cpu != NULL ? intern_once (trace, running, &cpu->running)
                     : lsc_cause_table_intern (trace->shared.causes, &running);
}

uint32_t
lsc_event_cause_index_of (const LscTraceThread *thread, uint32_t tid)
{
  if (thread != NULL)
    return thread->thread.index;
  return tid == LSC_TID_IDLE ? LSC_THREAD_IDLE : LSC_THREAD_OTHER;
}

void
lsc_event_cause_take_header (LscTrace *trace)
{
  trace->yield = strcmp (trace->header.machine, "x86_64") == 0 ? YIELD_X86_64 : YIELD_GENERIC;
  trace->idle->on_cpu = trace->other->on_cpu = 0;
  for (uint32_t i = lsc_trace_next_thread (trace, 0); i < trace->n_threads;
       i = lsc_trace_next_thread (trace, i + 1))
    lsc_trace_peek_thread (trace, i)->took = (LscTakingMemo){ 0 };
  lsc_cause_table_set_abi (trace->shared.causes, lsc_reason_abi_of_machine (trace->header.machine));
}

static bool
is_yield (const LscTrace *trace, const LscRecordSwitch *record)
{
  return (record->head.flags & (LSC_SWITCH_PREEMPT | LSC_SWITCH_COMPAT)) == 0
         && record->prev_syscall == trace->yield;
}

/* What became of prev, as facts. */
static LscFacts
facts_of_leaving (const LscTrace *trace, const LscRecordSwitch *record, const LscTraceThread *next)
{
  LscFacts facts = lsc_facts_of (lsc_task_state_to_state (record->prev_state), LSC_CPU_NONE);

  facts.kernel_state = (uint16_t) record->prev_state;
  facts.detail = record->head.flags >> LSC_SWITCH_DETAIL_SHIFT;
  facts.syscall = record->prev_syscall;
  facts.arg = record->prev_arg;
  if ((record->head.flags & LSC_SWITCH_COMPAT) != 0)
    facts.flags |= LSC_FACT_COMPAT;
  if (facts.state == LSC_STATE_RUNNABLE
      || ((record->head.flags & LSC_SWITCH_PREEMPT) != 0 && facts.state != LSC_STATE_ABSENT))
    {
      /* Preempted on its way to sleep, it is still queued, whatever its state says. */
      facts.state = LSC_STATE_PREEMPTED;
      facts.thread = lsc_event_cause_index_of (next, record->next_tid);
      if (is_yield (trace, record))
        facts.flags |= LSC_FACT_YIELDED;
    }
  else if ((record->head.flags & LSC_SWITCH_IO_WAIT) != 0)
    facts.flags |= LSC_FACT_IO_WAIT;
  return facts;
}

/* The same as a cause, remembered for the next time. */
LscCause
lsc_event_cause_of_leaving (LscTrace *trace,
                            const LscRecordSwitch *record,
                            LscTraceThread *prev,
                            LscTraceThread *next)
{
  LscFacts facts = facts_of_leaving (trace, record, next);
  LscCause cause = lsc_cause_table_intern (trace->shared.causes, &facts);
  uint64_t how = lsc_leaving_memo_of (record);

  if (facts.state == LSC_STATE_ABSENT)
    return cause;
  if (!lsc_leaving_memo_is_queued (record))
    prev->left = (LscLeavingMemo){ how, record->prev_arg, cause };
  else if (next != NULL && record->prev_arg == 0)
    next->took = (LscTakingMemo){ how, cause };
  return cause;
}

/* What is known about who has the CPU. */
LscFacts
lsc_event_cause_facts_of_cpu (const LscTrace *trace, const LscTraceThread *thread, uint32_t tid)
{
  LscFacts facts = lsc_facts_of (LSC_STATE_ABSENT, LSC_CPU_NONE);

  facts.thread = lsc_event_cause_index_of (thread, tid);
  if (thread != NULL && thread->thread.traced)
    facts.state = LSC_STATE_RUNNING;
  else if (tid == LSC_TID_IDLE && (trace->header.head.flags & LSC_HEADER_WHOLE_MACHINE) != 0)
    facts.state = LSC_STATE_SLEEPING;
  return facts;
}

/* The same as a cause. */
LscCause
lsc_event_cause_of_cpu (LscTrace *trace, LscTraceThread *thread, uint32_t tid)
{
  LscCause *memo = thread != NULL        ? &thread->on_cpu
                   : tid == LSC_TID_IDLE ? &trace->idle->on_cpu
                                         : &trace->other->on_cpu;

  return *memo != 0 ? *memo
                    : intern_once (trace, lsc_event_cause_facts_of_cpu (trace, thread, tid), memo);
}

LscFacts
lsc_event_cause_facts_of_waking (const LscRecordWaking *record, const LscTraceThread *waker)
{
  LscFacts facts = lsc_facts_of (LSC_STATE_RUNNABLE, record->head.cpu);

  if ((record->head.flags & LSC_WAKING_INTERRUPT) != 0)
    facts.flags |= LSC_FACT_INTERRUPT;
  else
    facts.thread = lsc_event_cause_index_of (waker, record->waker_tid);
  if ((record->head.flags & LSC_WAKING_NEW) != 0)
    facts.flags |= LSC_FACT_NEW;
  return facts;
}

LscCause
lsc_event_cause_of_waking (LscTrace *trace,
                           const LscRecordWaking *record,
                           const LscFacts *facts,
                           LscTraceThread *waker)
{
  LscTraceCpu *cpu = lsc_trace_ensure_cpu (trace, record->head.cpu);

  if (facts->flags == 0 && waker != NULL)
    {
      LscWakingMemo *woke = &waker->woke[record->head.cpu % LSC_WAKING_MEMO_CPUS];

      *woke =
          (LscWakingMemo){ record->head.cpu, lsc_cause_table_intern (trace->shared.causes, facts) };
      return woke->cause;
    }
  if (facts->flags == LSC_FACT_INTERRUPT && cpu != NULL)
    return intern_once (trace, *facts, &cpu->interrupt);
  if (facts->flags == 0 && cpu != NULL && facts->thread == LSC_THREAD_OTHER)
    return intern_once (trace, *facts, &cpu->stranger);
  return lsc_cause_table_intern (trace->shared.causes, facts);
}
