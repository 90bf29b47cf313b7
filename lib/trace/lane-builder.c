/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane-builder.h"

#include "lib/trace/lane-private.h"
#include "lib/trace/reason.h"
#include "lib/trace/task-state.h"

#include <string.h>

/* sched_yield: the system-call tables of x86-64 and arm64, by utsname.machine. */
#define YIELD_X86_64 24
#define YIELD_GENERIC 124

static LscFacts
facts_of (LscState state, uint32_t cpu)
{
  return (LscFacts){
    .state = (uint8_t) state, .syscall = LSC_SYSCALL_NONE, .cpu = cpu, .thread = LSC_THREAD_NONE
  };
}

static void
append (LscTrace *trace, LscLane *lane, uint64_t time_ns, const LscFacts *facts)
{
  lsc_lane_append (lane, time_ns, lsc_cause_table_intern (trace->shared.causes, facts));
}

/* The cause of facts that are always the same, remembered in `memo`. */
static inline LscCause
intern_once (LscTrace *trace, LscFacts facts, LscCause *memo)
{
  if (*memo == 0)
    *memo = lsc_cause_table_intern (trace->shared.causes, &facts);
  return *memo;
}

static LscCause
cause_of_running (LscTrace *trace, LscTraceCpu *cpu, uint32_t number)
{
  LscFacts running = facts_of (LSC_STATE_RUNNING, number);

  return cpu != NULL ? intern_once (trace, running, &cpu->running)
                     : lsc_cause_table_intern (trace->shared.causes, &running);
}

static void
amend (LscTrace *trace, LscLane *lane, LscFacts facts)
{
  facts.flags |= LSC_FACT_INFERRED;
  lsc_lane_amend (lane, lsc_cause_table_intern (trace->shared.causes, &facts));
}

static inline bool
is_empty (const LscLane *lane)
{
  return lsc_lane_get_n_spans (lane) == 0;
}

/* Of the lane's last span; the lane is not empty. */
static inline LscState
last_state (const LscLane *lane)
{
  return lsc_cause_get_state (lane->last_cause);
}

static inline const LscFacts *
last_facts (const LscLane *lane)
{
  return lsc_cause_table_get (lane->shared->causes, lane->last_cause);
}

static inline uint64_t
last_start_ns (const LscLane *lane)
{
  return lane->last_start_ns;
}

static uint32_t
index_of (const LscTraceThread *thread, uint32_t tid)
{
  if (thread != NULL)
    return thread->thread.index;
  return tid == LSC_TID_IDLE ? LSC_THREAD_IDLE : LSC_THREAD_OTHER;
}

void
lsc_lane_builder_take_header (LscTrace *trace)
{
  trace->yield = strcmp (trace->header.machine, "x86_64") == 0 ? YIELD_X86_64 : YIELD_GENERIC;
  trace->idle = trace->other = 0;
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
  LscFacts facts = facts_of (lsc_task_state_to_state (record->prev_state), LSC_CPU_NONE);

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
      facts.thread = index_of (next, record->next_tid);
      if (is_yield (trace, record))
        facts.flags |= LSC_FACT_YIELDED;
    }
  else if ((record->head.flags & LSC_SWITCH_IO_WAIT) != 0)
    facts.flags |= LSC_FACT_IO_WAIT;
  return facts;
}

/* The same as a cause. A thread mostly sleeps in the same place again; pushed off a CPU in no
 * system call, it says nothing but who took it. */
static inline LscCause
cause_of_leaving (LscTrace *trace,
                  const LscRecordSwitch *record,
                  LscTraceThread *prev,
                  LscTraceThread *next)
{
  LscFacts facts = facts_of_leaving (trace, record, next);

  if (facts.state == LSC_STATE_PREEMPTED && next != NULL && facts.kernel_state == 0
      && facts.flags == 0 && facts.syscall == LSC_SYSCALL_NONE && facts.arg == 0)
    return intern_once (trace, facts, &next->took);
  return lsc_cause_table_intern_again (trace->shared.causes, facts, &prev->left);
}

/* Whether the last span is a run on that CPU. The lane is not empty. */
static bool
runs_on (const LscLane *lane, uint32_t cpu)
{
  return last_state (lane) == LSC_STATE_RUNNING && last_facts (lane)->cpu == cpu;
}

/* An event shows that the lane's thread was in `expected` just now, though its last span says
 * otherwise. After a gap that is what it was; else something was not told, and it is not known
 * since when. */
static void
reconcile (LscTrace *trace, LscTraceThread *thread, const LscFacts *expected)
{
  LscLane *lane = thread->thread.lane;

  if (thread->resuming)
    amend (trace, lane, *expected);
  else
    amend (trace, lane, facts_of (LSC_STATE_UNKNOWN, LSC_CPU_NONE));
  thread->resuming = false;
}

/* It leaves a CPU that it was never seen to enter. While it was queued, that can only have been
 * after the CPU's last switch: before, somebody else had it. */
static void
reconcile_leaving (LscTrace *trace, const LscRecordSwitch *record, LscTraceThread *prev)
{
  LscFacts running = facts_of (LSC_STATE_RUNNING, record->head.cpu);
  LscFacts unknown = facts_of (LSC_STATE_UNKNOWN, record->head.cpu);
  LscLane *lane = prev->thread.lane;
  const LscLane *cpu_lane = lsc_trace_get_cpu_lane (trace, record->head.cpu);
  LscState last = last_state (lane);

  if (!prev->resuming && (last == LSC_STATE_RUNNABLE || last == LSC_STATE_PREEMPTED)
      && cpu_lane != NULL && !is_empty (cpu_lane)
      && last_start_ns (cpu_lane) > last_start_ns (lane))
    append (trace, lane, last_start_ns (cpu_lane), &unknown);
  else
    reconcile (trace, prev, &running);
}

static void
leave_cpu (LscTrace *trace,
           const LscRecordSwitch *record,
           LscTraceThread *prev,
           LscTraceThread *next,
           LscCause running)
{
  LscCause leaving = cause_of_leaving (trace, record, prev, next);
  LscState state = lsc_cause_get_state (leaving);
  LscLane *lane = prev->thread.lane;

  if (!is_empty (lane) && lane->last_cause != running && !runs_on (lane, record->head.cpu))
    reconcile_leaving (trace, record, prev);
  if (state == LSC_STATE_ABSENT)
    {
      if (is_empty (lane))
        lsc_lane_append (lane, record->head.time_ns, running);
      lsc_lane_builder_end (prev, record->head.time_ns);
      return;
    }
  if (state == LSC_STATE_PREEMPTED)
    prev->has_pending = false;
  lsc_lane_append_inline (lane, record->head.time_ns, leaving);
}

/* A wakeup that came while the thread was still on its CPU takes effect where it left it. */
static void
apply_pending (LscTrace *trace, LscTraceThread *thread)
{
  if (thread->has_pending)
    append (trace, thread->thread.lane, last_start_ns (thread->thread.lane), &thread->pending);
}

static void
enter_cpu (LscTrace *trace, const LscRecordSwitch *record, LscTraceThread *next, LscCause running)
{
  LscFacts queued = facts_of (LSC_STATE_RUNNABLE, LSC_CPU_NONE);
  LscLane *lane = next->thread.lane;

  if (!is_empty (lane))
    {
      LscState last = last_state (lane);

      if (last == LSC_STATE_RUNNING && runs_on (lane, record->head.cpu))
        return; /* said twice */
      if (next->resuming || last == LSC_STATE_RUNNING)
        reconcile (trace, next, &queued);
      else if (last == LSC_STATE_SLEEPING || last == LSC_STATE_UNINTERRUPTIBLE
               || last == LSC_STATE_STOPPED)
        apply_pending (trace, next);
    }
  next->has_pending = false;
  lsc_lane_append_inline (lane, record->head.time_ns, running);
}

/* What is known about who has the CPU. */
static LscFacts
facts_of_cpu (const LscTrace *trace, const LscTraceThread *thread, uint32_t tid)
{
  LscFacts facts = facts_of (LSC_STATE_ABSENT, LSC_CPU_NONE);

  facts.thread = index_of (thread, tid);
  if (thread != NULL && thread->thread.traced)
    facts.state = LSC_STATE_RUNNING;
  else if (tid == LSC_TID_IDLE && (trace->header.head.flags & LSC_HEADER_WHOLE_MACHINE) != 0)
    facts.state = LSC_STATE_SLEEPING;
  return facts;
}

/* The same as a cause. */
static inline LscCause
cause_of_cpu (LscTrace *trace, LscTraceThread *thread, uint32_t tid)
{
  LscCause *memo = thread != NULL        ? &thread->on_cpu
                   : tid == LSC_TID_IDLE ? &trace->idle
                                         : &trace->other;

  return *memo != 0 ? *memo : intern_once (trace, facts_of_cpu (trace, thread, tid), memo);
}

static void
switch_cpu (LscTrace *trace,
            const LscRecordSwitch *record,
            LscTraceCpu *cpu,
            const LscTraceThread *prev,
            LscTraceThread *next)
{
  if (cpu->resuming)
    amend (trace, cpu->lane, facts_of_cpu (trace, prev, record->prev_tid));
  cpu->resuming = false;
  lsc_lane_append_inline (cpu->lane, record->head.time_ns,
                          cause_of_cpu (trace, next, record->next_tid));
}

/* Somebody else leaves the CPU than was seen to enter it: that one's leaving was hidden, and with
 * it how long it ran and what it does since. */
static void
evict_unseen (LscTrace *trace,
              const LscRecordSwitch *record,
              LscLane *cpu_lane,
              const LscTraceThread *prev)
{
  LscFacts unknown = facts_of (LSC_STATE_UNKNOWN, LSC_CPU_NONE);
  LscTraceThread *seen;
  LscLane *lane;

  if (is_empty (cpu_lane) || last_state (cpu_lane) != LSC_STATE_RUNNING
      || last_facts (cpu_lane)->thread == index_of (prev, record->prev_tid))
    return;
  seen = g_ptr_array_index (trace->threads, last_facts (cpu_lane)->thread);
  lane = seen->thread.lane;
  amend (trace, cpu_lane, unknown);
  if (is_empty (lane) || seen->thread.ended || !runs_on (lane, record->head.cpu))
    return;
  amend (trace, lane, unknown);
  append (trace, lane, record->head.time_ns, &unknown);
  seen->resuming = true;
}

void
lsc_lane_builder_switch (LscTrace *trace,
                         const LscRecordSwitch *record,
                         LscTraceThread *prev,
                         LscTraceThread *next)
{
  LscTraceCpu *cpu = lsc_trace_ensure_cpu (trace, record->head.cpu);
  LscCause running = cause_of_running (trace, cpu, record->head.cpu);

  if (cpu != NULL && cpu->lane->last_cause != cause_of_cpu (trace, prev, record->prev_tid))
    evict_unseen (trace, record, cpu->lane, prev);
  if (prev != NULL && prev->thread.traced)
    leave_cpu (trace, record, prev, next, running);
  if (next != NULL && next->thread.traced)
    enter_cpu (trace, record, next, running);
  if (cpu != NULL)
    switch_cpu (trace, record, cpu, prev, next);
}

static LscFacts
facts_of_waking (const LscRecordWaking *record, const LscTraceThread *waker)
{
  LscFacts facts = facts_of (LSC_STATE_RUNNABLE, record->head.cpu);

  if ((record->head.flags & LSC_WAKING_INTERRUPT) != 0)
    facts.flags |= LSC_FACT_INTERRUPT;
  else
    facts.thread = index_of (waker, record->waker_tid);
  if ((record->head.flags & LSC_WAKING_NEW) != 0)
    facts.flags |= LSC_FACT_NEW;
  return facts;
}

static LscCause
cause_of_waking (LscTrace *trace,
                 const LscRecordWaking *record,
                 const LscFacts *facts,
                 LscTraceThread *waker)
{
  LscTraceCpu *cpu = lsc_trace_ensure_cpu (trace, record->head.cpu);

  if (facts->flags == 0 && waker != NULL)
    return lsc_cause_table_intern_again (trace->shared.causes, *facts, &waker->woke);
  if (facts->flags == LSC_FACT_INTERRUPT && cpu != NULL)
    return intern_once (trace, *facts, &cpu->interrupt);
  if (facts->flags == 0 && cpu != NULL && facts->thread == LSC_THREAD_OTHER)
    return intern_once (trace, *facts, &cpu->stranger);
  return lsc_cause_table_intern (trace->shared.causes, facts);
}

void
lsc_lane_builder_waking (LscTrace *trace,
                         const LscRecordWaking *record,
                         LscTraceThread *wakee,
                         LscTraceThread *waker)
{
  LscFacts facts = facts_of_waking (record, waker);
  LscFacts slept = facts_of (LSC_STATE_SLEEPING, LSC_CPU_NONE);
  LscLane *lane = wakee->thread.lane;

  if (!is_empty (lane) && !wakee->resuming)
    switch (last_state (lane))
      {
      case LSC_STATE_RUNNING:
        wakee->pending = facts;
        wakee->has_pending = true;
        return;
      case LSC_STATE_RUNNABLE:
      case LSC_STATE_PREEMPTED:
        return; /* queued already: nothing changes */
      case LSC_STATE_UNKNOWN:
      case LSC_STATE_SLEEPING:
      case LSC_STATE_UNINTERRUPTIBLE:
      case LSC_STATE_STOPPED:
      case LSC_STATE_ABSENT:
      case LSC_N_STATES:
        break;
      }
  if (wakee->resuming)
    reconcile (trace, wakee, &slept);
  wakee->has_pending = false;
  lsc_lane_append_inline (lane, record->head.time_ns,
                          cause_of_waking (trace, record, &facts, waker));
}

void
lsc_lane_builder_snapshot (LscTrace *trace, const LscRecordTask *record, LscTraceThread *thread)
{
  LscFacts facts = facts_of (lsc_task_state_to_state (record->state), LSC_CPU_NONE);
  LscLane *lane = thread->thread.lane;
  LscTraceCpu *cpu = NULL;

  if (!is_empty (lane))
    return;
  facts.kernel_state = (uint16_t) record->state;
  facts.detail = record->detail;
  facts.syscall = record->syscall;
  facts.arg = record->arg;
  if ((record->head.flags & LSC_TASK_IO_WAIT) != 0)
    facts.flags |= LSC_FACT_IO_WAIT;
  if ((record->head.flags & LSC_TASK_COMPAT) != 0)
    facts.flags |= LSC_FACT_COMPAT;
  if ((record->head.flags & LSC_TASK_NEW) != 0)
    facts = facts_of (LSC_STATE_SLEEPING, LSC_CPU_NONE), facts.kernel_state = LSC_TASK_NEW_BIT;
  else if ((record->head.flags & LSC_TASK_ON_CPU) != 0)
    facts = facts_of (LSC_STATE_RUNNING, record->head.cpu);
  lsc_lane_set_open_start (lane, (record->head.flags & LSC_TASK_NEW) == 0);
  append (trace, lane, record->head.time_ns, &facts);
  if (facts.state == LSC_STATE_RUNNING)
    cpu = lsc_trace_ensure_cpu (trace, record->head.cpu);
  if (cpu != NULL && is_empty (cpu->lane))
    {
      lsc_lane_append (cpu->lane, record->head.time_ns, cause_of_cpu (trace, thread, record->tid));
      lsc_lane_set_open_start (cpu->lane, true);
    }
}

void
lsc_lane_builder_take_over (LscTrace *trace,
                            const LscRecordExec *record,
                            LscTraceThread *leader,
                            LscTraceThread *caller)
{
  LscTraceCpu *cpu = lsc_trace_ensure_cpu (trace, record->head.cpu);

  lsc_lane_builder_end (caller, record->head.time_ns);
  leader->thread.ended = false;
  leader->exiting = false;
  lsc_lane_append (leader->thread.lane, record->head.time_ns,
                   cause_of_running (trace, cpu, record->head.cpu));
  if (cpu != NULL)
    lsc_lane_append (cpu->lane, record->head.time_ns, cause_of_cpu (trace, leader, record->tid));
}

/* Whether a loss on `cpu` can hide a change of this thread: one that runs on another CPU is told of
 * by that. */
static bool
may_have_changed (const LscTraceThread *thread, uint32_t cpu)
{
  const LscLane *lane = thread->thread.lane;

  if (!thread->thread.traced || thread->thread.ended || is_empty (lane))
    return false;
  return cpu == LSC_CPU_NONE || last_state (lane) != LSC_STATE_RUNNING
         || last_facts (lane)->cpu == cpu;
}

/* Unknown within the gap; unknown after it until the next event tells. False when the lane is past
 * it. */
static bool
blank (LscTrace *trace, LscLane *lane, const LscRecordGap *record)
{
  LscFacts unknown = facts_of (LSC_STATE_UNKNOWN, record->head.cpu);

  if (last_start_ns (lane) > record->last_ns || record->last_ns < record->first_ns)
    return false;
  append (trace, lane, record->first_ns, &unknown);
  append (trace, lane, MIN (record->last_ns, UINT64_MAX - 1) + 1, &unknown);
  return true;
}

void
lsc_lane_builder_gap (LscTrace *trace, const LscRecordGap *record)
{
  LscGap gap = {
    record->first_ns, record->last_ns, record->count, record->head.cpu, record->cause,
  };

  g_array_append_val (trace->gaps, gap);
  trace->n_lost += record->count;
  lsc_trace_touch (trace, record->last_ns);
  for (uint32_t i = 0; i < trace->threads->len; i++)
    {
      LscTraceThread *thread = g_ptr_array_index (trace->threads, i);

      if (may_have_changed (thread, record->head.cpu) && blank (trace, thread->thread.lane, record))
        {
          thread->resuming = true;
          thread->has_pending = false;
        }
    }
  for (uint32_t cpu = 0; cpu < trace->n_cpus; cpu++)
    if ((record->head.cpu == LSC_CPU_NONE || record->head.cpu == cpu)
        && !is_empty (trace->cpus[cpu].lane) && blank (trace, trace->cpus[cpu].lane, record))
      trace->cpus[cpu].resuming = true;
}

void
lsc_lane_builder_end (LscTraceThread *thread, uint64_t time_ns)
{
  if (thread->thread.ended)
    return;
  thread->thread.ended = true;
  thread->resuming = false;
  thread->has_pending = false;
  if (thread->thread.lane != NULL && !is_empty (thread->thread.lane))
    lsc_lane_close (thread->thread.lane, time_ns);
}
