/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/plain-events.h"

#include "lib/trace/lane-private.h"

/* What the events of one call have in common. */
typedef struct
{
  LscTrace *trace;
  uint32_t unusual; /* LSC_ODD_* that are not plain in this capture */
} Plain;

/* One of the two tasks of a switch; who is no thread has no lane. NULL: not known yet. */
static inline LscTraceThread *
find_task (const LscTrace *trace, uint32_t tid)
{
  LscTraceThread *thread = lsc_trace_lookup (trace, tid);

  if (thread != NULL)
    return thread;
  return tid == LSC_TID_IDLE ? trace->idle : tid == LSC_TID_OTHER ? trace->other : NULL;
}

/* What became of prev, when it is remembered; or 0. */
static inline LscCause
recall_leaving (const LscRecordSwitch *record,
                const LscTraceThread *prev,
                const LscTraceThread *next)
{
  uint64_t how = lsc_leaving_memo_of (record);

  if (!lsc_leaving_memo_is_queued (record))
    return prev->left.how == how && prev->left.arg == record->prev_arg ? prev->left.cause : 0;
  return next->took.how == how && record->prev_arg == 0 ? next->took.cause : 0;
}

static inline bool
take_switch (const Plain *self, const LscRecordSwitch *record)
{
  const LscTrace *trace = self->trace;
  LscTraceThread *prev = find_task (trace, record->prev_tid);
  LscTraceThread *next = find_task (trace, record->next_tid);
  uint64_t time_ns = record->head.time_ns;
  LscLane *left, *taken;
  const LscTraceCpu *cpu;
  LscCause leaving = 0;

  if (prev == NULL || next == NULL || ((prev->odd | next->odd) & self->unusual) != 0
      || next->on_cpu == 0 || record->head.cpu >= trace->n_cpus)
    return false;
  cpu = &trace->cpus[record->head.cpu];
  left = prev->thread.lane;
  taken = next->thread.lane;
  if (cpu->running == 0 || cpu->resuming || cpu->lane->last_cause != prev->on_cpu
      || (left == NULL && taken == NULL))
    return false;
  if (left != NULL)
    {
      leaving = recall_leaving (record, prev, next);
      if (leaving == 0 || left->last_cause != cpu->running)
        return false;
    }
  if (taken != NULL && lsc_cause_get_state (taken->last_cause) == LSC_STATE_RUNNING)
    return false;
  prev->thread.prio = record->prev_prio;
  next->thread.prio = record->next_prio;
  lsc_lane_append_inline (cpu->lane, time_ns, next->on_cpu);
  if (left != NULL)
    lsc_lane_append_inline (left, time_ns, leaving);
  if (taken != NULL)
    lsc_lane_append_inline (taken, time_ns, cpu->running);
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

/* The size of the record, when it is plain and was taken; or 0. */
static inline size_t
take_event (const Plain *self, const void *record, size_t n_bytes)
{
  if (is_whole (record, LSC_RECORD_SWITCH, sizeof (LscRecordSwitch), n_bytes))
    return take_switch (self, record) ? sizeof (LscRecordSwitch) : 0;
  if (is_whole (record, LSC_RECORD_WAKING, sizeof (LscRecordWaking), n_bytes))
    return take_waking (self, record) ? sizeof (LscRecordWaking) : 0;
  return 0;
}

size_t
lsc_plain_events_take (LscTrace *trace, const void *bytes, size_t n_bytes)
{
  bool all = (trace->header.head.flags & LSC_HEADER_WHOLE_MACHINE) != 0;
  const Plain self = { trace, all ? LSC_ODD_ANY : LSC_ODD_ANY & ~LSC_ODD_UNTRACED };
  const uint8_t *at = bytes, *end = at + n_bytes;

  if (!trace->has_start)
    return 0;
  /* The sums are kept where they belong: registers are scarce here. */
  while ((size_t) (end - at) >= sizeof (LscRecordWaking))
    {
      uint64_t time_ns = ((const LscRecordHead *) (const void *) at)->time_ns;
      size_t size = take_event (&self, at, (size_t) (end - at));

      if (size == 0)
        break;
      at += size;
      trace->n_events++;
      if (time_ns >= trace->shared.end_ns)
        trace->shared.end_ns = time_ns;
      else
        lsc_trace_touch (trace, time_ns);
    }
  trace->revision += at != bytes;
  return (size_t) (at - (const uint8_t *) bytes);
}
