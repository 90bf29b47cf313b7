/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * x86-64: where a task keeps its system call.
 */
#pragma once

#include "bpf/kernel-types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct pt_regs
{
  unsigned long di, si;
  unsigned long bx, cx;  /* of a 32-bit call */
  unsigned long orig_ax; /* -1 when an interrupt or fault led into the kernel */
} __attribute__ ((preserve_access_index));

enum
{
  TS_COMPAT = 2, /* arch/x86/include/asm/thread_info.h */
};

/* arch/x86/entry/syscalls/syscall_64.tbl */
enum
{
  MACHINE_READ = 0,
  MACHINE_WRITE = 1,
  MACHINE_READV = 19,
  MACHINE_WRITEV = 20,
  MACHINE_FUTEX = 202,
};

/* Adds to a counter of this CPU. Every write that comes before is seen by other CPUs before it, and
 * every write that comes after is seen after it: this machine keeps writes in order. */
static __always_inline void
machine_add (uint64_t *counter, int64_t n, bool interruptible)
{
  barrier ();
  if (interruptible)
    __sync_fetch_and_add (counter, n);
  else
    *counter += n;
  barrier ();
}

static __always_inline int64_t
machine_syscall (const struct pt_regs *regs)
{
  return (int64_t) regs->orig_ax;
}

static __always_inline uint64_t
machine_first_argument (const struct pt_regs *regs, bool compat)
{
  return compat ? (uint32_t) regs->bx : regs->di;
}

static __always_inline uint64_t
machine_second_argument (const struct pt_regs *regs, bool compat)
{
  return compat ? (uint32_t) regs->cx : regs->si;
}

static __always_inline bool
machine_is_compat (const struct task_struct *task)
{
  return task->thread_info.status & TS_COMPAT;
}
