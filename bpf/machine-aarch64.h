/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * arm64: where a task keeps its system call.
 */
#pragma once

#include "bpf/kernel-types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct pt_regs
{
  uint64_t regs[31];
  uint64_t orig_x0;
  int32_t syscallno; /* -1 (NO_SYSCALL) when an interrupt or fault led into the kernel */
} __attribute__ ((preserve_access_index));

enum
{
  TIF_32BIT = 22, /* arch/arm64/include/asm/thread_info.h */
};

/* include/uapi/asm-generic/unistd.h */
enum
{
  MACHINE_READ = 63,
  MACHINE_WRITE = 64,
  MACHINE_READV = 65,
  MACHINE_WRITEV = 66,
  MACHINE_FUTEX = 98,
};

/* Adds to a counter of this CPU. Every write that comes before is seen by other CPUs before it, and
 * every write that comes after is seen after it: this machine keeps no order by itself, but an
 * addition whose result is asked for is a full barrier. */
static __always_inline void
machine_add (uint64_t *counter, int64_t n, bool interruptible)
{
  uint64_t before;

  barrier ();
  before = __sync_fetch_and_add (counter, n);
  __asm__ volatile("" : : "r"(before));
  barrier ();
}

static __always_inline int64_t
machine_syscall (const struct pt_regs *regs)
{
  return regs->syscallno;
}

static __always_inline uint64_t
machine_first_argument (const struct pt_regs *regs, bool compat)
{
  return regs->orig_x0;
}

static __always_inline uint64_t
machine_second_argument (const struct pt_regs *regs, bool compat)
{
  return regs->regs[1];
}

static __always_inline bool
machine_is_compat (const struct task_struct *task)
{
  return task->thread_info.flags >> TIF_32BIT & 1;
}
