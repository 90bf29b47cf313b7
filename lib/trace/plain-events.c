/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/plain-events.h"

#include "lib/trace/lane-private.h"

/* What the events of one call have in common. */
typedef struct
{
  LscTrace *trace;
  uint32_t unusual; /* LSC_ODD_* that are not plain in this capture */
} Plain;

/* One of the two tasks of a switch. */
typedef struct
{
  LscTraceThread *thread; /* NULL: idle, or not to be named */
  LscLane *lane;          /* NULL: not traced */
  LscCause on_cpu;        /* on the CPU's lane, when it runs; 0: not asked for yet */
} Side;

static inline bool
find_side (const Plain *self, uint32_t tid, Side *out_side)
{
  const LscTrace *trace = self->trace;
  LscTraceThread *thread = lsc_trace_lookup (trace, tid);

  if (thread == NULL)
    {
      *out_side = (Side){ NULL, NULL, tid == LSC_TID_IDLE ? trace->idle : trace->other };
      return tid == LSC_TID_IDLE || tid == LSC_TID_OTHER;
    }
  *out_side = (Side){ thread, thread->thread.lane, thread->on_cpu };
  return (thread->odd & self->unusual) == 0;
}

/* What became of prev, when it is remembered; or 0. */
static inline LscCause
recall_leaving (const LscRecordSwitch *record, const Side *prev, const Side *next)
{
  const LscLeavingMemo *left = &prev->thread->left;
  const LscTakingMemo *took;
  uint64_t how = lsc_leaving_memo_of (record);

  if (!lsc_leaving_memo_is_queued (record))
    return left->how == how && left->arg == record->prev_arg ? left->cause : 0;
  if (next->thread == NULL || record->prev_arg != 0)
    return 0;
  took = &next->thread->took;
  return took->how == how ? took->cause : 0;
}

static inline bool
take_switch (const Plain *self, const LscRecordSwitch *record)
{
  const LscTrace *trace = self->trace;
  uint64_t time_ns = record->head.time_ns;
  const LscTraceCpu *cpu;
  LscCause leaving = 0;
  Side prev, next;

  if (record->head.cpu >= trace->n_cpus || !find_side (self, record->prev_tid, &prev)
      || !find_side (self, record->next_tid, &next) || next.on_cpu == 0)
    return false;
  cpu = &trace->cpus[record->head.cpu];
  if (cpu->running == 0 || cpu->resuming || cpu->lane->last_cause != prev.on_cpu
      || (prev.lane == NULL && next.lane == NULL))
    return false;
  if (prev.lane != NULL)
    {
      leaving = recall_leaving (record, &prev, &next);
      if (leaving == 0 || prev.lane->last_cause != cpu->running)
        return false;
    }
  if (next.lane != NULL && lsc_cause_get_state (next.lane->last_cause) == LSC_STATE_RUNNING)
    return false;
  if (prev.lane != NULL)
    lsc_lane_append_inline (prev.lane, time_ns, leaving);
  if (prev.thread != NULL)
    prev.thread->thread.prio = record->prev_prio;
  if (next.lane != NULL)
    lsc_lane_append_inline (next.lane, time_ns, cpu->running);
  if (next.thread != NULL)
    next.thread->thread.prio = record->next_prio;
  lsc_lane_append_inline (cpu->lane, time_ns, next.on_cpu);
  return true;
}

/* Who woke, when it is remembered; or 0. */
static inline LscCause
recall_waking (const Plain *self, const LscRecordWaking *record)
{
  const LscTraceCpu *cpu = &self->trace->cpus[record->head.cpu];
  const LscTraceThread *waker;
  const LscWakingMemo *woke;

  if (record->head.flags == LSC_WAKING_INTERRUPT && record->waker_tid == LSC_TID_IDLE)
    return cpu->interrupt;
  if (record->head.flags != 0)
    return 0;
  if (record->waker_tid == LSC_TID_OTHER)
    return cpu->stranger;
  waker = lsc_trace_lookup (self->trace, record->waker_tid);
  if (waker == NULL || (waker->odd & self->unusual) != 0)
    return 0;
  woke = &waker->woke[record->head.cpu % LSC_WAKING_MEMO_CPUS];
  return woke->cpu == record->head.cpu ? woke->cause : 0;
}

static inline bool
take_waking (const Plain *self, const LscRecordWaking *record)
{
  const LscTraceThread *wakee = lsc_trace_lookup (self->trace, record->wakee_tid);
  LscCause cause;
  LscState state;

  if (wakee == NULL || wakee->odd != 0 || record->head.cpu >= self->trace->n_cpus)
    return false;
  cause = recall_waking (self, record);
  state = lsc_cause_get_state (wakee->thread.lane->last_cause);
  if (cause == 0 || state == LSC_STATE_RUNNING)
    return false;
  if (state != LSC_STATE_RUNNABLE && state != LSC_STATE_PREEMPTED)
    lsc_lane_append_inline (wakee->thread.lane, record->head.time_ns, cause);
  return true;
}

static inline bool
is_whole (const LscRecordHead *head, LscRecordKind kind, size_t size, size_t n_bytes)
{
  return head->kind == kind && head->size == size && n_bytes >= size;
}

size_t
lsc_plain_events_take (LscTrace *trace, const void *bytes, size_t n_bytes)
{
  bool all = (trace->header.head.flags & LSC_HEADER_WHOLE_MACHINE) != 0;
  const Plain self = { trace, all ? LSC_ODD_ANY : LSC_ODD_ANY & ~LSC_ODD_UNTRACED };
  uint64_t first_ns = UINT64_MAX, last_ns = 0, n_events = 0;
  size_t done = 0;

  while (n_bytes - done >= sizeof (LscRecordWaking))
    {
      const void *record = (const uint8_t *) bytes + done;
      const LscRecordHead *head = record;

      if (is_whole (head, LSC_RECORD_SWITCH, sizeof (LscRecordSwitch), n_bytes - done))
        {
          if (!take_switch (&self, record))
            break;
          done += sizeof (LscRecordSwitch);
        }
      else
        {
          if (!is_whole (head, LSC_RECORD_WAKING, sizeof (LscRecordWaking), n_bytes - done)
              || !take_waking (&self, record))
            break;
          done += sizeof (LscRecordWaking);
        }
      first_ns = MIN (first_ns, head->time_ns);
      last_ns = MAX (last_ns, head->time_ns);
      n_events++;
    }
  if (n_events > 0)
    {
      lsc_trace_touch (trace, first_ns);
      lsc_trace_touch (trace, last_ns);
      trace->n_events += n_events;
    }
  return done;
}
