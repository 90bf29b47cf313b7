/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * For whom: is this task traced, and may it be named?
 *
 * In scope own a task must be the user's own at this very event (security: a set-user-id program, a
 * process that may not be dumped, a reused id fall silent at once), and be chosen as well. The
 * other side of a switch is named only when it is the user's own, too.
 */
#pragma once

#include "bpf/knobs.h"
#include LEVEL_HEADER

#include <bpf/bpf_core_read.h>

static __always_inline bool
is_whole (void)
{
  return control.flags & LSC_START_WHOLE_MACHINE;
}

/* The tracer itself, or the client that shows the lanes. */
static __always_inline bool
is_ours (const struct task_struct *task)
{
  uint32_t tgid = (uint32_t) task->tgid;

  return tgid == control.own_tgid || (tgid == control.exclude_tgid && tgid != 0);
}

static __always_inline uint64_t *
shown_slot (const struct task_struct *task)
{
  return &shown[(uint32_t) task->pid & (LSC_KERNEL_SHOWN_SLOTS - 1)];
}

/* What stands in the slot of a task that was introduced, but for SHOWN_CHOSEN. Never 0: the first
 * tasks of a machine started at time 0. */
static __always_inline uint64_t
shown_value (const struct task_struct *task)
{
  return task->start_boottime + 1;
}

static __always_inline bool
is_shown (const struct task_struct *task)
{
  return (*shown_slot (task) & ~SHOWN_CHOSEN) == shown_value (task);
}

static __always_inline uint64_t
mm_flags (const struct mm_struct *mm)
{
  const struct mm_struct___word *word = (const void *) mm;

  if (bpf_core_field_exists (mm->flags.__mm_flags))
    return mm->flags.__mm_flags[0];
  return word->flags;
}

/* What __ptrace_may_access() asks of a task for this user without capabilities. A task that ends
 * has given its memory back; it is the user's own when it was so at its last event. */
static __noinline bool
is_own (const struct task_struct *task)
{
  const struct cred *cred = loose (task)->real_cred;
  const struct mm_struct *mm = loose (task)->mm;
  uint32_t flags = task->flags;
  bool own;

  if (flags & PF_KTHREAD || cred->uid.val != scope_uid || cred->euid.val != scope_uid
      || cred->suid.val != scope_uid)
    return false;
  if (!mm)
    return flags & PF_EXITING && is_shown (task);
  own = (mm_flags (mm) & DUMPABLE_MASK) == DUMPABLE_USER;
  if (!own && is_shown (task))
    *shown_slot (task) = 0;
  return own;
}

static __always_inline bool
may_name (const struct task_struct *task)
{
  return !scope_own || is_own (task);
}

/* The mark of a task that has one. The first look costs one load: most tasks have no storage. */
static __always_inline Mark *
find_mark (struct task_struct *task)
{
  if (!loose (task)->bpf_storage)
    return 0;
  return bpf_task_storage_get (&marks, task, 0, 0);
}

static __always_inline bool
has_mark (struct task_struct *task)
{
  Mark *mark = find_mark (task);

  return mark && mark->flags & MARK_CHOSEN;
}

/* Once chosen, always chosen: when the slot says so there is no need to fetch the mark. */
static __always_inline bool
is_chosen (struct task_struct *task)
{
  if (is_whole ())
    return task->pid != 0 && !is_ours (task);
  if (!loose (task)->bpf_storage)
    return false;
  return *shown_slot (task) == (shown_value (task) | SHOWN_CHOSEN) || has_mark (task);
}

static __always_inline bool
is_traced (struct task_struct *task)
{
  return is_chosen (task) && may_name (task);
}

/* A chosen task ends: whoever takes the bit has counted it. */
static __always_inline void
forget (Mark *mark)
{
  if (__sync_fetch_and_and (&mark->flags, ~MARK_ALIVE) & MARK_ALIVE)
    __sync_fetch_and_add (&totals.n_alive, -1);
}

/* Makes a task chosen. Only outside of interrupts and locks. */
static __always_inline void
choose (struct task_struct *task)
{
  Mark *mark = bpf_task_storage_get (&marks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

  if (!mark || __sync_fetch_and_or (&mark->flags, MARK_CHOSEN | MARK_ALIVE) & MARK_CHOSEN)
    return;
  __sync_fetch_and_add (&totals.n_alive, 1);
  /* Its exit may have come and gone before the mark was there. */
  if (task->flags & PF_EXITING)
    forget (mark);
}

/* Whether the client named this process. Not static: the verifier then looks at it once, not once
 * for every path that leads here. */
__noinline int
is_target (uint32_t tgid, uint64_t start_boottime)
{
  uint64_t ticks = start_boottime / 10000000; /* USER_HZ is 100 on every machine we know */

  for (uint32_t i = 0; i < LSC_COMMAND_TARGETS_MAX; i++)
    {
      if (i >= control.n_targets)
        break;
      if (control.targets[i].tgid == tgid
          && (control.targets[i].start_ticks == 0 || control.targets[i].start_ticks == ticks))
        return 1;
    }
  return 0;
}

/* Whether a task that the snapshot meets is of a target's process or, if asked, a child of a chosen
 * task. One that comes before its parent is found by the next pass. */
static __always_inline bool
is_to_be_chosen (struct task_struct *task)
{
  struct task_struct *parent;

  if (is_ours (task) || !may_name (task))
    return false;
  if (is_target ((uint32_t) task->tgid, loose (task)->group_leader->start_boottime))
    return true;
  if (!(control.flags & LSC_START_CHILDREN))
    return false;
  parent = task->real_parent;
  return parent && has_mark (parent);
}
