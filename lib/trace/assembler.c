/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records in, lanes out: what each kind of record means for who is who. What a record means for a
 * lane is in lane-builder.c.
 */
#include "lib/trace/assembler.h"

#include "lib/trace/event-cause.h"
#include "lib/trace/lane-builder.h"
#include "lib/trace/plain-events.h"

#include <errno.h>
#include <string.h>

struct _LscAssembler
{
  LscTrace *trace;
  uint64_t n_skipped;
};

LscAssembler *
lsc_assembler_new (LscTrace *trace)
{
  LscAssembler *self = g_new0 (LscAssembler, 1);

  self->trace = trace;
  lsc_event_cause_take_header (trace);
  return self;
}

void
lsc_assembler_free (LscAssembler *self)
{
  g_free (self);
}

uint64_t
lsc_assembler_get_n_skipped (const LscAssembler *self)
{
  return self->n_skipped;
}

/* The thread an event is about, `known` as far as its tid is. One nobody has introduced (its record
 * was lost, or is still to come) is taken for a traced one when the event would not be here
 * otherwise. */
static LscTraceThread *
thread_of_event (LscAssembler *self, uint32_t tid, LscTraceThread *known, bool must_be_traced)
{
  LscTraceThread *thread = known;

  if (tid == LSC_TID_IDLE || tid == LSC_TID_OTHER)
    return NULL;
  if (thread == NULL || thread->thread.ended)
    thread = lsc_trace_add_thread (self->trace, tid, tid);
  if (thread == NULL)
    self->n_skipped++;
  else if (must_be_traced && !thread->thread.traced && !thread->neighbour)
    lsc_trace_set_traced (self->trace, thread);
  return thread;
}

static bool
whole_machine (const LscAssembler *self)
{
  return (self->trace->header.head.flags & LSC_HEADER_WHOLE_MACHINE) != 0;
}

static bool
is_traced (const LscTraceThread *thread)
{
  return thread != NULL && thread->thread.traced;
}

static void
take_switch (LscAssembler *self, const LscRecordSwitch *record)
{
  bool all = whole_machine (self);
  LscTraceThread *prev = lsc_trace_lookup (self->trace, record->prev_tid);
  LscTraceThread *next = lsc_trace_lookup (self->trace, record->next_tid);
  bool unclear = !all && !is_traced (prev) && !is_traced (next);

  prev = thread_of_event (self, record->prev_tid, prev, all || unclear);
  if (record->next_tid == record->prev_tid)
    next = prev; /* it may just have been made */
  next = thread_of_event (self, record->next_tid, next, all || (unclear && prev == NULL));
  if (prev != NULL)
    prev->thread.prio = record->prev_prio;
  if (next != NULL)
    next->thread.prio = record->next_prio;
  lsc_lane_builder_switch (self->trace, record, prev, next);
}

static void
take_waking (LscAssembler *self, const LscRecordWaking *record)
{
  LscTraceThread *wakee = thread_of_event (self, record->wakee_tid,
                                           lsc_trace_lookup (self->trace, record->wakee_tid), true);
  LscTraceThread *waker =
      thread_of_event (self, record->waker_tid, lsc_trace_lookup (self->trace, record->waker_tid),
                       whole_machine (self));

  if (wakee != NULL && wakee->thread.traced)
    lsc_lane_builder_waking (self->trace, record, wakee, waker);
}

static void
set_name (LscTraceThread *thread, LscProcess *process, const char *name)
{
  memcpy (thread->thread.name, name, sizeof thread->thread.name);
  if (thread->thread.tid == process->tgid || process->name[0] == '\0')
    memcpy (process->name, name, sizeof process->name);
}

static LscProcess *
process_of (const LscAssembler *self, const LscTraceThread *thread)
{
  return lsc_trace_peek_process (self->trace, thread->thread.process);
}

/* Whether the record speaks of another life than the one that has this tid. */
static bool
is_another_life (const LscTraceThread *thread, const LscRecordTask *record)
{
  /* Other tools' traces know no start times, but who has ended cannot be born again. */
  if (thread->thread.ended && (record->head.flags & (LSC_TASK_NEW | LSC_TASK_STATE_UNKNOWN)) != 0)
    return true;
  return thread->thread.start_ns != 0 && record->start_ns != 0
         && thread->thread.start_ns != record->start_ns;
}

/* The thread a task record introduces: the one with its tid, unless that has been another life. */
static LscTraceThread *
thread_of_task (LscAssembler *self, const LscRecordTask *record)
{
  LscTraceThread *before = lsc_trace_lookup (self->trace, record->tid), *thread;

  if (before != NULL && !is_another_life (before, record))
    return before;
  if (before != NULL)
    lsc_lane_builder_end (before, record->head.time_ns);
  thread = lsc_trace_add_thread (self->trace, record->tid, record->tgid);
  if (record->tid == record->tgid && before != NULL && thread != NULL)
    lsc_trace_set_process (self->trace, thread, lsc_trace_add_process (self->trace, record->tgid));
  return thread;
}

/* It ends at its next switch; a neighbour's is not told. */
static void
note_exit (LscTraceThread *thread, uint64_t time_ns)
{
  thread->exiting = true;
  if (thread->neighbour)
    thread->ended_ns = time_ns;
}

static void
take_task (LscAssembler *self, const LscRecordTask *record)
{
  LscTraceThread *thread = thread_of_task (self, record);
  LscProcess *process;

  if (thread == NULL)
    {
      self->n_skipped++;
      return;
    }
  process = lsc_trace_ensure_process (self->trace, record->tgid);
  lsc_trace_set_process (self->trace, thread, process);
  process->parent_tgid = record->parent_tgid;
  process->uid = record->uid;
  thread->thread.ns_tid = record->ns_tid;
  thread->thread.start_ns = record->start_ns;
  thread->thread.prio = record->prio;
  thread->thread.kernel_thread = (record->head.flags & LSC_TASK_KTHREAD) != 0;
  if (thread->thread.lane != NULL)
    lsc_lane_set_kernel_thread (thread->thread.lane, thread->thread.kernel_thread);
  thread->thread.born |= (record->head.flags & LSC_TASK_NEW) != 0;
  set_name (thread, process, record->name);
  thread->neighbour = !thread->thread.traced && (record->head.flags & LSC_TASK_TRACED) == 0;
  if (thread->neighbour && (record->head.flags & LSC_TASK_EXITING) != 0)
    note_exit (thread, record->head.time_ns);
  if ((record->head.flags & LSC_TASK_TRACED) != 0)
    {
      lsc_trace_set_traced (self->trace, thread);
      if ((record->head.flags & LSC_TASK_STATE_UNKNOWN) == 0)
        lsc_lane_builder_snapshot (self->trace, record, thread);
    }
}

static void
take_fork (LscAssembler *self, const LscRecordFork *record)
{
  LscTraceThread *child = lsc_trace_lookup (self->trace, record->child_tid);
  LscTraceThread *parent = lsc_trace_lookup (self->trace, record->parent_tid);

  if (child == NULL)
    {
      self->n_skipped++;
      return;
    }
  child->thread.born = true;
  if (parent != NULL)
    child->thread.parent = parent->thread.index;
}

static void
take_exec (LscAssembler *self, const LscRecordExec *record)
{
  LscTraceThread *leader = lsc_trace_lookup (self->trace, record->tid);
  LscTraceThread *thread =
      leader != NULL ? leader : thread_of_event (self, record->tid, NULL, whole_machine (self));
  LscTraceThread *caller = lsc_trace_lookup (self->trace, record->old_tid);

  if (thread == NULL)
    return;
  if (caller != NULL && caller != thread && caller->thread.traced)
    {
      lsc_trace_set_traced (self->trace, thread);
      lsc_lane_builder_take_over (self->trace, record, thread, caller);
    }
  set_name (thread, process_of (self, thread), record->name);
}

static void
take_rename (LscAssembler *self, const LscRecordRename *record)
{
  LscTraceThread *thread = lsc_trace_lookup (self->trace, record->tid);

  if (thread != NULL)
    set_name (thread, process_of (self, thread), record->name);
  else
    self->n_skipped++;
}

static void
take_exit (LscAssembler *self, const LscRecordExit *record)
{
  LscTraceThread *thread = lsc_trace_lookup (self->trace, record->tid);

  if (thread == NULL)
    {
      self->n_skipped++;
      return;
    }
  note_exit (thread, record->head.time_ns);
}

static int
take_header (LscAssembler *self, const LscRecordHeader *record)
{
  int error = lsc_record_check_header (record);

  if (error < 0)
    return error;
  self->trace->header = *record;
  lsc_event_cause_take_header (self->trace);
  return 0;
}

/* What is not an event: how the capture itself goes on. */
static int
take_meta (LscAssembler *self, const LscRecordHead *head)
{
  switch (head->kind)
    {
    case LSC_RECORD_HEADER:
      return take_header (self, (const LscRecordHeader *) head);
    case LSC_RECORD_GAP:
      lsc_lane_builder_gap (self->trace, (const LscRecordGap *) head);
      break;
    case LSC_RECORD_STATUS:
      self->trace->status = *(const LscRecordStatus *) head;
      break;
    case LSC_RECORD_END:
      self->trace->end = *(const LscRecordEnd *) head;
      break;
    case LSC_RECORD_READY:
      self->trace->is_ready = true;
      break;
    case LSC_RECORD_NOTE: /* what people wrote is no fact about threads: lib/files keeps it */
    case LSC_RECORD_SETTING:
      return 0;
    default:
      self->n_skipped++;
      break;
    }
  self->trace->revision++;
  return 0;
}

/* Any record but a switch and a waking, which are most of all. */
static int
take_rare (LscAssembler *self, const LscRecordHead *head)
{
  switch (head->kind)
    {
    case LSC_RECORD_TASK:
      lsc_trace_touch (self->trace, head->time_ns);
      take_task (self, (const LscRecordTask *) head);
      return 0;
    case LSC_RECORD_FORK:
      take_fork (self, (const LscRecordFork *) head);
      break;
    case LSC_RECORD_EXEC:
      take_exec (self, (const LscRecordExec *) head);
      break;
    case LSC_RECORD_RENAME:
      take_rename (self, (const LscRecordRename *) head);
      break;
    case LSC_RECORD_EXIT:
      take_exit (self, (const LscRecordExit *) head);
      break;
    default:
      return take_meta (self, head);
    }
  self->trace->n_events++;
  lsc_trace_touch (self->trace, head->time_ns);
  return 0;
}

/* Takes the first record of `bytes`. Its size; 0 when there is more to come; or an error. */
static int
take_record (LscAssembler *self, const void *bytes, size_t n_bytes)
{
  const LscRecordHead *head = bytes;
  int size = lsc_record_check (head, n_bytes);
  int error = 0;

  if (size <= 0)
    return size;
  switch (head->kind)
    {
    case LSC_RECORD_SWITCH:
      take_switch (self, bytes);
      break;
    case LSC_RECORD_WAKING:
      take_waking (self, bytes);
      break;
    default:
      error = take_rare (self, head);
      return error < 0 ? error : size;
    }
  self->trace->n_events++;
  lsc_trace_touch (self->trace, head->time_ns);
  return size;
}

int64_t
lsc_assembler_feed (LscAssembler *self, const void *bytes, size_t n_bytes)
{
  const uint8_t *start = bytes;
  size_t done = 0;
  int size = 1;

  while (size > 0)
    {
      done += lsc_plain_events_take (self->trace, start + done, n_bytes - done);
      size = take_record (self, start + done, n_bytes - done);
      done += (size_t) MAX (size, 0);
    }
  if (size < 0)
    return size;
  lsc_trace_trim (self->trace);
  return (int64_t) done;
}

void
lsc_assembler_finish (LscAssembler *self)
{
  /* Open spans end at the trace's end by themselves; the status says no more than the end does. */
  if (self->trace->status.head.size != 0)
    lsc_trace_advance (self->trace, self->trace->status.head.time_ns);
  if (self->trace->end.head.size != 0)
    lsc_trace_advance (self->trace, self->trace->end.head.time_ns);
}
