/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane-builder.h"

#include "lib/trace/event-cause.h"
#include "lib/trace/lane-private.h"
#include "lib/trace/task-state.h"

#include <string.h>

static void
append (LscTrace *trace, LscLane *lane, uint64_t time_ns, const LscFacts *facts)
{
  lsc_lane_append (lane, time_ns, lsc_cause_table_intern (trace->shared.causes, facts));
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

static inline bool
is_odd (const LscTraceThread *thread, uint32_t odd)
{
  return (thread->odd & odd) != 0;
}

static inline void
set_odd (LscTraceThread *thread, uint32_t odd, bool value)
{
  thread->odd = value ? thread->odd | odd : thread->odd & ~odd;
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

  if (is_odd (thread, LSC_ODD_RESUMING))
    amend (trace, lane, *expected);
  else
    amend (trace, lane, lsc_facts_of (LSC_STATE_UNKNOWN, LSC_CPU_NONE));
  set_odd (thread, LSC_ODD_RESUMING, false);
}

/* It leaves a CPU that it was never seen to enter. While it was queued, that can only have been
 * after the CPU's last switch: before, somebody else had it. */
static void
reconcile_leaving (LscTrace *trace, const LscRecordSwitch *record, LscTraceThread *prev)
{
  LscFacts running = lsc_facts_of (LSC_STATE_RUNNING, record->head.cpu);
  LscFacts unknown = lsc_facts_of (LSC_STATE_UNKNOWN, record->head.cpu);
  LscLane *lane = prev->thread.lane;
  const LscLane *cpu_lane = lsc_trace_get_cpu_lane (trace, record->head.cpu);
  LscState last = last_state (lane);

  if (!is_odd (prev, LSC_ODD_RESUMING)
      && (last == LSC_STATE_RUNNABLE || last == LSC_STATE_PREEMPTED) && cpu_lane != NULL
      && !is_empty (cpu_lane) && last_start_ns (cpu_lane) > last_start_ns (lane))
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
  LscCause leaving = lsc_event_cause_of_leaving (trace, record, prev, next);
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
    set_odd (prev, LSC_ODD_PENDING, false);
  lsc_lane_append_inline (lane, record->head.time_ns, leaving);
}

/* A wakeup that came while the thread was still on its CPU takes effect where it left it. */
static void
apply_pending (LscTrace *trace, LscTraceThread *thread)
{
  if (is_odd (thread, LSC_ODD_PENDING))
    append (trace, thread->thread.lane, last_start_ns (thread->thread.lane), &thread->pending);
}

static void
enter_cpu (LscTrace *trace, const LscRecordSwitch *record, LscTraceThread *next, LscCause running)
{
  LscFacts queued = lsc_facts_of (LSC_STATE_RUNNABLE, LSC_CPU_NONE);
  LscLane *lane = next->thread.lane;

  if (!is_empty (lane))
    {
      LscState last = last_state (lane);

      if (last == LSC_STATE_RUNNING && runs_on (lane, record->head.cpu))
        return; /* said twice */
      if (is_odd (next, LSC_ODD_RESUMING) || last == LSC_STATE_RUNNING)
        reconcile (trace, next, &queued);
      else if (last == LSC_STATE_SLEEPING || last == LSC_STATE_UNINTERRUPTIBLE
               || last == LSC_STATE_STOPPED)
        apply_pending (trace, next);
    }
  set_odd (next, LSC_ODD_PENDING, false);
  lsc_lane_append_inline (lane, record->head.time_ns, running);
}

static void
switch_cpu (LscTrace *trace,
            const LscRecordSwitch *record,
            LscTraceCpu *cpu,
            const LscTraceThread *prev,
            LscTraceThread *next)
{
  if (cpu->resuming)
    amend (trace, cpu->lane, lsc_event_cause_facts_of_cpu (trace, prev, record->prev_tid));
  cpu->resuming = false;
  lsc_lane_append_inline (cpu->lane, record->head.time_ns,
                          lsc_event_cause_of_cpu (trace, next, record->next_tid));
}

/* Somebody else leaves the CPU than was seen to enter it: that one's leaving was hidden, and with
 * it how long it ran and what it does since. */
static void
evict_unseen (LscTrace *trace,
              const LscRecordSwitch *record,
              LscLane *cpu_lane,
              const LscTraceThread *prev)
{
  LscFacts unknown = lsc_facts_of (LSC_STATE_UNKNOWN, LSC_CPU_NONE);
  LscTraceThread *seen;
  LscLane *lane;

  if (is_empty (cpu_lane) || last_state (cpu_lane) != LSC_STATE_RUNNING
      || last_facts (cpu_lane)->thread == lsc_event_cause_index_of (prev, record->prev_tid))
    return;
  seen = lsc_trace_peek_thread (trace, last_facts (cpu_lane)->thread);
  amend (trace, cpu_lane, unknown);
  lane = seen != NULL ? seen->thread.lane : NULL;
  if (lane == NULL || is_empty (lane) || seen->thread.ended || !runs_on (lane, record->head.cpu))
    return;
  amend (trace, lane, unknown);
  append (trace, lane, record->head.time_ns, &unknown);
  set_odd (seen, LSC_ODD_RESUMING, true);
}

void
lsc_lane_builder_switch (LscTrace *trace,
                         const LscRecordSwitch *record,
                         LscTraceThread *prev,
                         LscTraceThread *next)
{
  LscTraceCpu *cpu = lsc_trace_ensure_cpu (trace, record->head.cpu);
  LscCause running = lsc_event_cause_of_running (trace, cpu, record->head.cpu);

  if (cpu != NULL
      && cpu->lane->last_cause != lsc_event_cause_of_cpu (trace, prev, record->prev_tid))
    evict_unseen (trace, record, cpu->lane, prev);
  if (prev != NULL && prev->thread.traced)
    leave_cpu (trace, record, prev, next, running);
  if (next != NULL && next->thread.traced)
    enter_cpu (trace, record, next, running);
  if (cpu != NULL)
    switch_cpu (trace, record, cpu, prev, next);
}

void
lsc_lane_builder_waking (LscTrace *trace,
                         const LscRecordWaking *record,
                         LscTraceThread *wakee,
                         LscTraceThread *waker)
{
  LscFacts facts = lsc_event_cause_facts_of_waking (record, waker);
  LscFacts slept = lsc_facts_of (LSC_STATE_SLEEPING, LSC_CPU_NONE);
  LscLane *lane = wakee->thread.lane;

  if (!is_empty (lane) && !is_odd (wakee, LSC_ODD_RESUMING))
    switch (last_state (lane))
      {
      case LSC_STATE_RUNNING:
        wakee->pending = facts;
        set_odd (wakee, LSC_ODD_PENDING, true);
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
  if (is_odd (wakee, LSC_ODD_RESUMING))
    reconcile (trace, wakee, &slept);
  set_odd (wakee, LSC_ODD_PENDING, false);
  lsc_lane_append_inline (lane, record->head.time_ns,
                          lsc_event_cause_of_waking (trace, record, &facts, waker));
}

void
lsc_lane_builder_snapshot (LscTrace *trace, const LscRecordTask *record, LscTraceThread *thread)
{
  LscFacts facts = lsc_facts_of (lsc_task_state_to_state (record->state), LSC_CPU_NONE);
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
    facts = lsc_facts_of (LSC_STATE_SLEEPING, LSC_CPU_NONE), facts.kernel_state = LSC_TASK_NEW_BIT;
  else if ((record->head.flags & LSC_TASK_ON_CPU) != 0)
    facts = lsc_facts_of (LSC_STATE_RUNNING, record->head.cpu);
  lsc_lane_set_open_start (lane, (record->head.flags & LSC_TASK_NEW) == 0);
  append (trace, lane, record->head.time_ns, &facts);
  if (facts.state == LSC_STATE_RUNNING)
    cpu = lsc_trace_ensure_cpu (trace, record->head.cpu);
  if (cpu != NULL && is_empty (cpu->lane))
    {
      lsc_lane_append (cpu->lane, record->head.time_ns,
                       lsc_event_cause_of_cpu (trace, thread, record->tid));
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
  set_odd (leader, LSC_ODD_ENDED, false);
  leader->exiting = false;
  lsc_lane_append (leader->thread.lane, record->head.time_ns,
                   lsc_event_cause_of_running (trace, cpu, record->head.cpu));
  if (cpu != NULL)
    lsc_lane_append (cpu->lane, record->head.time_ns,
                     lsc_event_cause_of_cpu (trace, leader, record->tid));
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
  LscFacts unknown = lsc_facts_of (LSC_STATE_UNKNOWN, record->head.cpu);

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
  for (uint32_t i = lsc_trace_next_thread (trace, 0); i < trace->n_threads;
       i = lsc_trace_next_thread (trace, i + 1))
    {
      LscTraceThread *thread = lsc_trace_peek_thread (trace, i);

      if (may_have_changed (thread, record->head.cpu) && blank (trace, thread->thread.lane, record))
        {
          set_odd (thread, LSC_ODD_RESUMING, true);
          set_odd (thread, LSC_ODD_PENDING, false);
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
  thread->ended_ns = time_ns;
  set_odd (thread, LSC_ODD_ENDED, true);
  set_odd (thread, LSC_ODD_RESUMING | LSC_ODD_PENDING, false);
  if (thread->thread.lane != NULL && !is_empty (thread->thread.lane))
    lsc_lane_close (thread->thread.lane, time_ns);
}
