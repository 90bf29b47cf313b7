/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Why a thread was off the CPU: one category for each span, from its facts alone.
 *
 * A pure table of system-call numbers (arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/asm-generic/unistd.h of the kernel). What is not known is UNKNOWN. Names, colours
 * and sentences for the categories live in lib/explain and lib/paint.
 */
#pragma once

#include "lib/trace/trace.h"

typedef enum
{
  LSC_REASON_NONE,      /* not off the CPU: running, or not alive */
  LSC_REASON_UNKNOWN,   /* events were lost, or the facts do not say */
  LSC_REASON_QUEUE,     /* woken, waiting in a run queue for a CPU */
  LSC_REASON_PREEMPTED, /* pushed off the CPU, waiting in a run queue */
  LSC_REASON_YIELDED,   /* gave the CPU away (sched_yield), waiting in a run queue */
  LSC_REASON_LOCK,      /* a futex, a semaphore, a file lock */
  LSC_REASON_DISK,      /* a block device: uninterruptible and in I/O wait */
  LSC_REASON_FILE,      /* a file operation that waits inside the kernel */
  LSC_REASON_PIPE,      /* bytes, or room for them, in a pipe or queue, or in what may be a terminal
                           or socket as well: read, write */
  LSC_REASON_TERMINAL,  /* bytes, or room for them, in a terminal */
  LSC_REASON_NETWORK,   /* a socket: accept, connect, send, receive, read, write */
  LSC_REASON_TIMER,     /* asleep for a time it chose */
  LSC_REASON_EVENTS,    /* any of several events: poll, select, epoll, io_uring */
  LSC_REASON_CHILD,     /* a child process or its start */
  LSC_REASON_SIGNAL,    /* a signal: pause, sigsuspend, sigwait */
  LSC_REASON_PAGE_FAULT, /* memory that is not there yet */
  LSC_REASON_STOPPED,    /* stopped by a signal, or by a debugger */
  LSC_REASON_EXITING,    /* on its way out */
  LSC_REASON_KERNEL,     /* a wait of the kernel's own: a kernel thread without work, or a system
                            call that needs something inside the kernel */
  LSC_N_REASONS
} LscReason;

/* Which table a system-call number is to be looked up in. */
typedef enum
{
  LSC_ABI_UNKNOWN,
  LSC_ABI_X86_64,
  LSC_ABI_GENERIC, /* arm64, riscv64, loongarch64: asm-generic numbers */
} LscAbi;

/* The table of a machine as uname() names it (LscRecordHeader.machine). */
LscAbi lsc_reason_abi_of_machine (const char *machine);

/* The category of a span with these facts, in a capture of that machine. Pure, O(1). */
LscReason lsc_reason_of_facts (const LscFacts *facts, LscAbi abi, bool kernel_thread);

/* The category a system call alone points to, when it waits; LSC_REASON_KERNEL for one that is not
 * known to wait for anything in particular. */
LscReason lsc_reason_of_syscall (int16_t syscall, LscAbi abi);
