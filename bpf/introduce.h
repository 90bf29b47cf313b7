/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a task becomes known to the stream: who it is, what it does, how it is called from now on.
 *
 * Nobody is mentioned before he was introduced, whether he is traced or somebody's neighbour.
 */
#pragma once

#include "bpf/task-facts.h"

/* What the task does at this moment, as a switch away from it would say. */
static __always_inline uint8_t
fill_state (LscRecordTask *record, struct task_struct *task)
{
  uint32_t state = task->__state | (uint32_t) task->exit_state;
  uint8_t flags = *(volatile uint8_t *) &record->head.flags; /* see hide_value() */

  record->state = 0;
  record->syscall = LSC_SYSCALL_NONE;
  record->arg = 0;
  if (task->on_cpu)
    {
      record->head.cpu = cpu_of (task);
      return LSC_TASK_ON_CPU;
    }
  record->state = state;
  if (state != 0 && flags & LSC_TASK_TRACED && !(flags & LSC_TASK_NEW))
    {
      SyscallFacts facts = syscall_of (task);

      record->syscall = facts.syscall;
      record->arg = facts.arg;
      return (uint8_t) ((is_io_wait (task) ? LSC_TASK_IO_WAIT : 0)
                        | (facts.compat ? LSC_TASK_COMPAT : 0));
    }
  return 0;
}

/* Introduces a task to the stream. `flags`: LSC_TASK_TRACED, LSC_TASK_NEW. `detail`: LscDetail,
 * asked for by the snapshot only, so that the verifier need not follow that everywhere. */
static __noinline void
show_task (Run *run, struct task_struct *task, uint8_t flags, uint8_t detail)
{
  LscRecordTask *record;

  take_time (run);
  record = begin_record (run, sizeof *record, LSC_RECORD_TASK, flags);
  if (!record)
    return;
  record->tid = (uint32_t) task->pid;
  record->tgid = (uint32_t) task->tgid;
  record->parent_tgid = parent_of (task);
  record->ns_tid = ns_tid_of (task);
  record->start_ns = task->start_boottime;
  copy_name (record->name, task);
  record->prio = (uint8_t) task->prio;
  record->detail = detail;
  record->uid = loose (task)->real_cred->uid.val;
  record->reserved2 = 0;
  record->head.flags |= fill_state (record, task)
                        | (task->flags & PF_KTHREAD ? LSC_TASK_KTHREAD : 0)
                        | (uint8_t) ((task->flags & PF_EXITING) * (LSC_TASK_EXITING / PF_EXITING));
  *shown_slot (task) = shown_value (task) | (flags & LSC_TASK_TRACED ? SHOWN_CHOSEN : 0);
}

/* Sees to it that the stream knows a task before it mentions it. */
static __always_inline void
introduce (Run *run, struct task_struct *task)
{
  if (!is_shown (task) && task->pid != 0)
    show_task (run, task, is_traced (task) ? LSC_TASK_TRACED : 0, LSC_DETAIL_NONE);
}

/* Takes the flag that a task has a new name. */
static __always_inline bool
take_rename (Mark *mark)
{
  if (!(__sync_fetch_and_and (&mark->flags, ~MARK_RENAMED) & MARK_RENAMED))
    return false;
  __sync_fetch_and_add (&totals.n_renamed, -1);
  return true;
}

/* Tells a new name that could not be read when it was given. */
static __noinline void
tell_rename (Run *run, struct task_struct *task)
{
  Mark *mark = find_mark (task);
  LscRecordRename *record;

  if (!mark || !(mark->flags & MARK_RENAMED) || !is_traced (task) || !take_rename (mark))
    return;
  take_time (run);
  record = begin_record (run, sizeof *record, LSC_RECORD_RENAME, 0);
  if (!record)
    return;
  record->head.time_ns = mark->renamed_ns;
  record->tid = (uint32_t) task->pid;
  record->reserved = 0;
  copy_name (record->name, task);
}
