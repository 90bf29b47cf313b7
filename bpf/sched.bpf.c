/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel side: filters and copies, nothing else. What it means is said elsewhere.
 *
 * Everything is read by direct BTF loads: the object calls no helper that reads memory, so it works
 * where lockdown has taken those away, and costs less. Tracepoint arguments are indexed by hand,
 * because an argument that this kernel does not have must never be touched.
 */
#include "bpf/introduce.h"
#include "bpf/wait-detail.h"

char LICENSE[] SEC ("license") = "GPL";

typedef unsigned long long Args;

static __always_inline uint8_t
prio_of (const struct task_struct *task)
{
  return (uint8_t) task->prio; /* -1, a deadline task, becomes LSC_PRIO_DEADLINE */
}

/* 0 unless prev really goes to sleep or ends. A task that was preempted on its way to sleep, or had
 * a signal waiting, stays in its run queue. */
static __always_inline uint32_t
prev_state (const Args *ctx, const struct task_struct *prev)
{
  uint32_t now = prev->__state;

  if (ctx[0] || now == 0)
    return 0;
  return has_prev_state ? (uint32_t) ctx[3] : now;
}

static __always_inline void
fill_prev (LscRecordSwitch *record, const Args *ctx, struct task_struct *prev, bool traced)
{
  uint32_t state = prev_state (ctx, prev);
  uint8_t flags = ctx[0] ? LSC_SWITCH_PREEMPT : 0;

  record->prev_state = state;
  record->prev_prio = prio_of (prev);
  record->prev_syscall = LSC_SYSCALL_NONE;
  record->prev_arg = 0;
  if (state != 0 && is_io_wait (prev))
    flags |= LSC_SWITCH_IO_WAIT;
  if (traced && !ctx[0])
    {
      SyscallFacts facts = syscall_of (prev);

      record->prev_syscall = facts.syscall;
      record->prev_arg = facts.arg;
      if (state != 0)
        flags |= (uint8_t) (detail_of (prev, facts) << LSC_SWITCH_DETAIL_SHIFT);
      if (facts.compat)
        flags |= LSC_SWITCH_COMPAT;
    }
  record->head.flags = flags;
}

static __always_inline void
fill_prev_unnamed (LscRecordSwitch *record)
{
  record->prev_state = 0;
  record->prev_prio = 0;
  record->prev_syscall = LSC_SYSCALL_NONE;
  record->prev_arg = 0;
}

/* An event when one of the two is traced. On the whole machine also when the tracer or its client,
 * which are left out, leave a CPU that they were seen to take. */
static __always_inline bool
is_switch_told (struct task_struct *next, bool prev_traced)
{
  return prev_traced || is_traced (next)
         || (is_whole () && counters_of (bpf_get_smp_processor_id ())->shown_own);
}

static __always_inline void
tell_switch (
    Run *run, const Args *ctx, struct task_struct *prev, struct task_struct *next, bool prev_traced)
{
  bool prev_named, next_named;
  LscRecordSwitch *record;

  prev_traced = hide_value (run, prev_traced);
  prev_named = !scope_own || prev_traced || prev->pid == 0 || is_own (prev);
  next_named = !scope_own || next->pid == 0 || is_own (next);
  if (totals.n_renamed > 0)
    {
      tell_rename (run, prev);
      tell_rename (run, next);
    }
  if (prev_named)
    introduce (run, prev);
  if (next_named)
    introduce (run, next);
  if (!scope_own && is_whole ())
    run->counters->shown_own = is_ours (next);
  take_time (run);
  record = begin_record (run, sizeof *record, LSC_RECORD_SWITCH, 0);
  if (!record)
    return;
  record->prev_tid = prev_named ? (uint32_t) prev->pid : LSC_TID_OTHER;
  record->next_tid = next_named ? (uint32_t) next->pid : LSC_TID_OTHER;
  record->next_prio = next_named ? prio_of (next) : 0;
  if (prev_named)
    fill_prev (record, ctx, prev, prev_traced);
  else
    fill_prev_unnamed (record);
}

SEC ("tp_btf/sched_switch")
int
on_switch (Args *ctx)
{
  struct task_struct *prev = (struct task_struct *) ctx[1], *next = (struct task_struct *) ctx[2];
  bool prev_traced;
  Run run;

  if (!is_on ())
    return 0;
  prev_traced = is_traced (prev);
  if (!is_switch_told (next, prev_traced))
    return 0;
  begin_run (&run, false);
  tell_switch (&run, ctx, prev, next, prev_traced);
  end_run (&run);
  return 0;
}

static __always_inline bool
is_interrupted (const Run *run, const struct task_struct *current)
{
  return current->pid == 0
         || preempt_count (current, run->cpu) & (HARDIRQ_AND_NMI | SERVING_SOFTIRQ);
}

static __always_inline void
tell_waking (Run *run, struct task_struct *wakee, uint8_t flags)
{
  uint32_t waker_tid = LSC_TID_OTHER;
  struct task_struct *current;
  LscRecordWaking *record;

  current = bpf_get_current_task_btf ();
  /* Only who wakes himself may be interrupted. */
  run->interruptible = current == wakee;
  introduce (run, wakee);
  if (is_interrupted (run, current))
    {
      flags |= LSC_WAKING_INTERRUPT;
      waker_tid = LSC_TID_IDLE;
    }
  else if (may_name (current))
    {
      introduce (run, current);
      waker_tid = (uint32_t) current->pid;
    }
  take_time (run);
  record = begin_record (run, sizeof *record, LSC_RECORD_WAKING, flags);
  if (!record)
    return;
  record->wakee_tid = (uint32_t) wakee->pid;
  record->waker_tid = waker_tid;
}

static __always_inline int
run_waking (const Args *ctx, uint8_t flags)
{
  struct task_struct *wakee = (struct task_struct *) ctx[0];
  Run run;

  if (!is_on () || !is_traced (wakee))
    return 0;
  begin_run (&run, false);
  tell_waking (&run, wakee, flags);
  end_run (&run);
  return 0;
}

SEC ("tp_btf/sched_waking")
int
on_waking (Args *ctx)
{
  return run_waking (ctx, 0);
}

SEC ("tp_btf/sched_wakeup_new")
int
on_wakeup_new (Args *ctx)
{
  return run_waking (ctx, LSC_WAKING_NEW);
}

/* A thread is chosen with its process; a process with its parent, if asked. */
static __always_inline void
inherit (struct task_struct *parent, struct task_struct *child)
{
  if (!is_whole () && has_mark (parent)
      && (parent->tgid == child->tgid || control.flags & LSC_START_CHILDREN))
    choose (child);
}

static __always_inline void
tell_fork (Run *run, struct task_struct *parent, struct task_struct *child)
{
  bool parent_named = may_name (parent);
  LscRecordFork *record;

  inherit (parent, child);
  if (!is_traced (child))
    return;
  show_task (run, child, LSC_TASK_TRACED | LSC_TASK_NEW, LSC_DETAIL_NONE);
  record = begin_record (run, sizeof *record, LSC_RECORD_FORK, 0);
  if (!record)
    return;
  record->parent_tid = parent_named ? (uint32_t) parent->pid : LSC_TID_OTHER;
  record->parent_tgid = parent_named ? (uint32_t) parent->tgid : LSC_TID_OTHER;
  record->child_tid = (uint32_t) child->pid;
  record->child_tgid = (uint32_t) child->tgid;
}

SEC ("tp_btf/sched_process_fork")
int
on_fork (Args *ctx)
{
  Run run;

  if (!is_on ())
    return 0;
  begin_run (&run, true);
  tell_fork (&run, (struct task_struct *) ctx[0], (struct task_struct *) ctx[1]);
  end_run (&run);
  return 0;
}

static __always_inline void
tell_exec (Run *run, struct task_struct *task, uint32_t old_tid)
{
  Mark *mark = find_mark (task);
  LscRecordExec *record;

  /* The new name is told here, or never: it may be of a program that is not the user's own. */
  if (mark)
    take_rename (mark);
  if (!is_traced (task))
    return;
  introduce (run, task);
  take_time (run);
  record = begin_record (run, sizeof *record, LSC_RECORD_EXEC, 0);
  if (!record)
    return;
  record->tid = (uint32_t) task->pid;
  record->old_tid = old_tid;
  copy_name (record->name, task);
}

SEC ("tp_btf/sched_process_exec")
int
on_exec (Args *ctx)
{
  Run run;

  if (!is_on ())
    return 0;
  begin_run (&run, true);
  tell_exec (&run, (struct task_struct *) ctx[0], (uint32_t) ctx[1]);
  end_run (&run);
  return 0;
}

/* Of a mere neighbour its end is told, too: who keeps the stream may forget it then. */
static __always_inline void
tell_exit (Run *run, struct task_struct *task, bool group_dead)
{
  uint8_t flags = group_dead ? LSC_EXIT_GROUP : 0;
  LscRecordExit *record;

  if (is_traced (task))
    {
      tell_rename (run, task);
      introduce (run, task);
    }
  else if (is_shown (task) && may_name (task))
    flags |= LSC_EXIT_NEIGHBOUR;
  else
    return;
  take_time (run);
  record = begin_record (run, sizeof *record, LSC_RECORD_EXIT, flags);
  if (!record)
    return;
  record->tid = (uint32_t) task->pid;
  record->tgid = (uint32_t) task->tgid;
}

SEC ("tp_btf/sched_process_exit")
int
on_exit (Args *ctx)
{
  struct task_struct *task = (struct task_struct *) ctx[0];
  bool group_dead = has_group_dead ? (bool) ctx[1] : loose (task)->signal->live.counter == 0;
  Mark *mark;
  Run run;

  if (!is_on ())
    return 0;
  begin_run (&run, true);
  tell_exit (&run, task, group_dead);
  mark = find_mark (task);
  if (mark)
    {
      take_rename (mark);
      forget (mark);
    }
  end_run (&run);
  return 0;
}

/* Comes before the name changes, and the new one is in memory that cannot be read here: the task is
 * flagged, its next event tells. A mere neighbour is introduced anew when it is next mentioned. */
static __always_inline void
note_rename (Run *run, struct task_struct *task)
{
  Mark *mark;

  if (!is_traced (task))
    {
      if (is_shown (task))
        *shown_slot (task) = 0;
      return;
    }
  tell_rename (run, task);
  take_time (run);
  mark = bpf_task_storage_get (&marks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
  if (!mark)
    return;
  mark->renamed_ns = run->now_ns;
  if (!(__sync_fetch_and_or (&mark->flags, MARK_RENAMED) & MARK_RENAMED))
    __sync_fetch_and_add (&totals.n_renamed, 1);
}

SEC ("tp_btf/task_rename")
int
on_rename (Args *ctx)
{
  Run run;

  if (!is_on ())
    return 0;
  begin_run (&run, true);
  note_rename (&run, (struct task_struct *) ctx[0]);
  end_run (&run);
  return 0;
}

static __always_inline void
list_task (Run *run, struct task_struct *task)
{
  if (!is_whole () && !has_mark (task) && is_to_be_chosen (task))
    choose (task);
  if (is_shown (task) || !is_traced (task))
    return;
  __sync_fetch_and_add (&totals.n_threads, 1);
  if (task->pid == task->tgid)
    __sync_fetch_and_add (&totals.n_processes, 1);
  show_task (run, task, LSC_TASK_TRACED,
             task->__state != 0 ? detail_of (task, syscall_of (task)) : LSC_DETAIL_NONE);
}

/* Lists the threads that are there. Chosen first, then shown, so that no event falls between. The
 * tracer runs it until a pass finds nobody new. */
SEC ("iter/task")
int
snapshot (struct bpf_iter__task *ctx)
{
  struct task_struct *task = ctx->task;
  Run run;

  control.own_tgid = (uint32_t) (bpf_get_current_pid_tgid () >> 32);
  if (!task || task->exit_state != 0)
    return 0;
  learn_registers_distance (task);
  if (!is_on ())
    return 0;
  begin_run (&run, true);
  list_task (&run, task);
  end_run (&run);
  return 0;
}
