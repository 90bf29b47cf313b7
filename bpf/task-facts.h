/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is known of a task without asking it: its system call, its ids, its name.
 */
#pragma once

#include "bpf/emit.h"

/* Where a task is in the kernel, as far as its saved registers say. */
typedef struct
{
  uint64_t arg;
  int16_t syscall;
  bool compat;
} SyscallFacts;

/* The registers that a task saved when it entered the kernel. They are as far from every task's
 * stack, so the helper is called once a session, not at each wait: a fifth of what a switch cost.
 */
#ifdef CAST_ADDRESS
static __always_inline uint64_t
stack_of (const struct task_struct *task)
{
  uint32_t offset = __builtin_preserve_field_info (task->stack, BPF_FIELD_BYTE_OFFSET);

  /* Any 64-bit number at offset 0 will do as the type to cast to: what the verifier lets one do
   * with the pointer itself differs from kernel to kernel. */
  return (uint64_t) CAST_ADDRESS ((const void *) task + offset, struct timespec64)->tv_sec;
}

static __always_inline void
learn_registers_distance (struct task_struct *task)
{
  if (registers_distance)
    return;
  registers_address = (uint64_t) bpf_task_pt_regs (task); /* read back, it is a number */
  registers_distance = registers_address - stack_of (task);
}

static __always_inline const struct pt_regs *
registers_of (struct task_struct *task)
{
  if (registers_distance)
    return CAST_ADDRESS (stack_of (task) + registers_distance, struct pt_regs);
  return CAST_ADDRESS (bpf_task_pt_regs (task), struct pt_regs);
}
#else
static __always_inline void
learn_registers_distance (struct task_struct *task)
{
}

static __always_inline const struct pt_regs *
registers_of (struct task_struct *task)
{
  return (const struct pt_regs *) bpf_task_pt_regs (task);
}
#endif

static __always_inline SyscallFacts
syscall_of (struct task_struct *task)
{
  SyscallFacts facts = { .arg = 0, .syscall = LSC_SYSCALL_NONE, .compat = false };
  const struct pt_regs *regs;
  int64_t number;

  if (task->flags & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))
    return facts;
  regs = registers_of (task);
  number = machine_syscall (regs);
  if (number < 0 || number > INT16_MAX)
    return facts;
  facts.syscall = (int16_t) number;
  facts.compat = machine_is_compat (task);
  facts.arg = machine_first_argument (regs, facts.compat);
  return facts;
}

static __always_inline bool
is_io_wait (const struct task_struct *task)
{
  uint32_t offset = __builtin_preserve_field_info (task->in_iowait, BPF_FIELD_BYTE_OFFSET);
  const void *word = (const void *) task + offset;
  uint64_t value;

  /* Keeps the compiler from folding the relocated offset into several loads. */
  __asm__ volatile("" : "=r"(word) : "0"(word));
  value = *(const uint32_t *) word;
  value <<= __builtin_preserve_field_info (task->in_iowait, BPF_FIELD_LSHIFT_U64);
  return value >> __builtin_preserve_field_info (task->in_iowait, BPF_FIELD_RSHIFT_U64);
}

static __always_inline uint32_t
cpu_of (const struct task_struct *task)
{
  const struct task_struct___cpu *old = (const void *) task;

  if (bpf_core_field_exists (task->thread_info.cpu))
    return task->thread_info.cpu;
  if (bpf_core_field_exists (old->cpu))
    return old->cpu;
  return LSC_CPU_NONE;
}

/* The id inside the task's own pid namespace; 0 when this kernel does not let us see it. */
static __always_inline uint32_t
ns_tid_of (const struct task_struct *task)
{
  const struct pid *pid = loose (task)->thread_pid;
  unsigned int level;

  if (!pid)
    return (uint32_t) task->pid;
  level = pid->level;
  if (level == 0)
    return (uint32_t) task->pid;
  if (!has_pid_numbers)
    return 0;
  switch (level)
    {
    case 1:
      return (uint32_t) pid->numbers[1].nr;
    case 2:
      return (uint32_t) pid->numbers[2].nr;
    case 3:
      return (uint32_t) pid->numbers[3].nr;
    case 4:
      return (uint32_t) pid->numbers[4].nr;
    default:
      return 0;
    }
}

static __always_inline uint32_t
parent_of (const struct task_struct *task)
{
  const struct task_struct *parent = loose (task)->real_parent;

  if (!parent)
    return 0;
  if (scope_own && !is_own (parent))
    return LSC_TID_OTHER;
  return (uint32_t) parent->tgid;
}

static __always_inline void
copy_name (char *to, const struct task_struct *task)
{
  uint64_t *words = (uint64_t *) to;
  const uint64_t *comm = (const uint64_t *) task->comm;

  words[0] = comm[0];
  words[1] = comm[1];
  to[LSC_NAME_SIZE - 1] = 0;
}
