/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane-builder.h"

#include "lib/trace/lane-private.h"
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

/* The same for facts that are often the same again. */
static inline void
append_again (LscTrace *trace, LscLane *lane, uint64_t time_ns, LscFacts facts, LscCauseMemo *memo)
{
  lsc_lane_append_inline (lane, time_ns,
                          lsc_cause_table_intern_again (trace->shared.causes, facts, memo));
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
  return lane->n_spans == 0;
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

static bool
is_yield (const LscTrace *trace, const LscRecordSwitch *record)
{
  int16_t yield = strcmp (trace->header.machine, "x86_64") == 0 ? YIELD_X86_64 : YIELD_GENERIC;

  return (record->head.flags & (LSC_SWITCH_PREEMPT | LSC_SWITCH_COMPAT)) == 0
         && record->prev_syscall == yield;
}

/* What became of prev, as facts. */
static LscFacts
facts_of_leaving (const LscTrace *trace, const LscRecordSwitch *record, const LscTraceThread *next)
{
  LscFacts facts = facts_of (lsc_task_state_to_state (record->prev_state), LSC_CPU_NONE);

  facts.kernel_state = record->prev_state;
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
leave_cpu (LscTrace *trace, const LscRecordSwitch *record, LscTraceThread *prev, LscFacts leaving)
{
  LscFacts running = facts_of (LSC_STATE_RUNNING, record->head.cpu);
  LscLane *lane = prev->thread.lane;

  if (!is_empty (lane)
      && (last_state (lane) != LSC_STATE_RUNNING || last_facts (lane)->cpu != record->head.cpu))
    reconcile_leaving (trace, record, prev);
  if (leaving.state == LSC_STATE_ABSENT)
    {
      if (is_empty (lane))
        append (trace, lane, record->head.time_ns, &running);
      lsc_lane_builder_end (prev, record->head.time_ns);
      return;
    }
  if (leaving.state == LSC_STATE_PREEMPTED)
    prev->pending.state = LSC_STATE_UNKNOWN;
  append_again (trace, lane, record->head.time_ns, leaving, &prev->left);
}

/* A wakeup that came while the thread was still on its CPU takes effect where it left it. */
static bool
apply_pending (LscTrace *trace, LscTraceThread *thread)
{
  if (thread->pending.state != LSC_STATE_RUNNABLE)
    return false;
  append (trace, thread->thread.lane, last_start_ns (thread->thread.lane), &thread->pending);
  thread->pending.state = LSC_STATE_UNKNOWN;
  return true;
}

static void
enter_cpu (LscTrace *trace, const LscRecordSwitch *record, LscTraceThread *next)
{
  LscFacts running = facts_of (LSC_STATE_RUNNING, record->head.cpu);
  LscFacts queued = facts_of (LSC_STATE_RUNNABLE, LSC_CPU_NONE);
  LscLane *lane = next->thread.lane;

  if (!is_empty (lane))
    {
      LscState last = last_state (lane);

      if (last == LSC_STATE_RUNNING && last_facts (lane)->cpu == record->head.cpu)
        return; /* said twice */
      if (next->resuming || last == LSC_STATE_RUNNING)
        reconcile (trace, next, &queued);
      else if (last == LSC_STATE_SLEEPING || last == LSC_STATE_UNINTERRUPTIBLE
               || last == LSC_STATE_STOPPED)
        apply_pending (trace, next);
    }
  next->pending.state = LSC_STATE_UNKNOWN;
  append_again (trace, lane, record->head.time_ns, running,
                &trace->cpu_memos[record->head.cpu % LSC_CPU_MEMOS].running);
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

static void
switch_cpu (LscTrace *trace,
            const LscRecordSwitch *record,
            const LscTraceThread *prev,
            LscTraceThread *next)
{
  uint32_t cpu = record->head.cpu;
  LscLane *lane = lsc_trace_ensure_cpu (trace, cpu);
  LscFacts facts;

  if (lane == NULL)
    return;
  if (trace->cpu_resuming[cpu])
    amend (trace, lane, facts_of_cpu (trace, prev, record->prev_tid));
  trace->cpu_resuming[cpu] = false;
  facts = facts_of_cpu (trace, next, record->next_tid);
  append_again (trace, lane, record->head.time_ns, facts,
                next != NULL ? &next->on_cpu : &trace->cpu_memos[cpu % LSC_CPU_MEMOS].nobody);
}

/* Somebody else leaves the CPU than was seen to enter it: that one's leaving was hidden, and with
 * it how long it ran and what it does since. */
static void
evict_unseen (LscTrace *trace, const LscRecordSwitch *record, const LscTraceThread *prev)
{
  LscFacts unknown = facts_of (LSC_STATE_UNKNOWN, LSC_CPU_NONE);
  LscLane *cpu_lane = lsc_trace_ensure_cpu (trace, record->head.cpu);
  LscTraceThread *seen;
  LscLane *lane;

  if (cpu_lane == NULL || is_empty (cpu_lane) || last_state (cpu_lane) != LSC_STATE_RUNNING
      || last_facts (cpu_lane)->thread == index_of (prev, record->prev_tid))
    return;
  seen = g_ptr_array_index (trace->threads, last_facts (cpu_lane)->thread);
  lane = seen->thread.lane;
  amend (trace, cpu_lane, unknown);
  if (is_empty (lane) || seen->thread.ended || last_state (lane) != LSC_STATE_RUNNING
      || last_facts (lane)->cpu != record->head.cpu)
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
  evict_unseen (trace, record, prev);
  if (prev != NULL && prev->thread.traced)
    leave_cpu (trace, record, prev, facts_of_leaving (trace, record, next));
  if (next != NULL && next->thread.traced)
    enter_cpu (trace, record, next);
  switch_cpu (trace, record, prev, next);
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

void
lsc_lane_builder_waking (LscTrace *trace,
                         const LscRecordWaking *record,
                         LscTraceThread *wakee,
                         const LscTraceThread *waker)
{
  LscFacts facts = facts_of_waking (record, waker);
  LscFacts slept = facts_of (LSC_STATE_SLEEPING, LSC_CPU_NONE);
  LscLane *lane = wakee->thread.lane;
  LscCauseMemo *memo;

  if (!is_empty (lane) && !wakee->resuming)
    switch (last_state (lane))
      {
      case LSC_STATE_RUNNING:
        wakee->pending = facts;
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
  wakee->pending.state = LSC_STATE_UNKNOWN;
  memo = (facts.flags & LSC_FACT_INTERRUPT) == 0
             ? &wakee->woken
             : &trace->cpu_memos[record->head.cpu % LSC_CPU_MEMOS].interrupt;
  append_again (trace, lane, record->head.time_ns, facts, memo);
}

void
lsc_lane_builder_snapshot (LscTrace *trace, const LscRecordTask *record, LscTraceThread *thread)
{
  LscFacts facts = facts_of (lsc_task_state_to_state (record->state), LSC_CPU_NONE);
  LscLane *lane = thread->thread.lane;
  LscLane *cpu_lane = NULL;

  if (!is_empty (lane))
    return;
  facts.kernel_state = record->state;
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
    cpu_lane = lsc_trace_ensure_cpu (trace, record->head.cpu);
  if (cpu_lane != NULL && is_empty (cpu_lane))
    {
      facts = facts_of_cpu (trace, thread, record->tid);
      append (trace, cpu_lane, record->head.time_ns, &facts);
      lsc_lane_set_open_start (cpu_lane, true);
    }
}

void
lsc_lane_builder_take_over (LscTrace *trace,
                            const LscRecordExec *record,
                            LscTraceThread *leader,
                            LscTraceThread *caller)
{
  LscFacts running = facts_of (LSC_STATE_RUNNING, record->head.cpu);
  LscFacts on_cpu = facts_of_cpu (trace, leader, record->tid);
  LscLane *cpu_lane = lsc_trace_ensure_cpu (trace, record->head.cpu);

  lsc_lane_builder_end (caller, record->head.time_ns);
  leader->thread.ended = false;
  leader->exiting = false;
  append (trace, leader->thread.lane, record->head.time_ns, &running);
  if (cpu_lane != NULL)
    append (trace, cpu_lane, record->head.time_ns, &on_cpu);
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
          thread->pending.state = LSC_STATE_UNKNOWN;
        }
    }
  for (uint32_t cpu = 0; cpu < trace->n_cpus; cpu++)
    if ((record->head.cpu == LSC_CPU_NONE || record->head.cpu == cpu)
        && !is_empty (trace->cpus[cpu]) && blank (trace, trace->cpus[cpu], record))
      trace->cpu_resuming[cpu] = true;
}

void
lsc_lane_builder_end (LscTraceThread *thread, uint64_t time_ns)
{
  if (thread->thread.ended)
    return;
  thread->thread.ended = true;
  thread->resuming = false;
  thread->pending.state = LSC_STATE_UNKNOWN;
  if (thread->thread.lane != NULL && !is_empty (thread->thread.lane))
    lsc_lane_close (thread->thread.lane, time_ns);
}
