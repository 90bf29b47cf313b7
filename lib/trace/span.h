/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A span: one stretch of one lane in one state, and the facts that came with it. Plain data, copied
 * out.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What a thread was doing. On a CPU lane: RUNNING (a traced thread, in `thread`), SLEEPING (idle,
 * known only when the whole machine is traced), ABSENT (somebody who is not traced), UNKNOWN. */
typedef enum
{
  LSC_STATE_UNKNOWN,   /* events were lost, or nothing has been heard yet: never drawn as idle */
  LSC_STATE_RUNNING,   /* R on a CPU */
  LSC_STATE_RUNNABLE,  /* R: woken, waiting in a run queue */
  LSC_STATE_PREEMPTED, /* R+: pushed off the CPU, or yielded it; waiting in a run queue */
  LSC_STATE_SLEEPING,  /* S, I */
  LSC_STATE_UNINTERRUPTIBLE, /* D */
  LSC_STATE_STOPPED,         /* T, t, P */
  LSC_STATE_ABSENT,          /* not born yet, or ended */
  LSC_N_STATES
} LscState;

/* Alive, and known not to be on a CPU. */
static inline bool
lsc_state_is_off_cpu (LscState state)
{
  return state != LSC_STATE_RUNNING && state != LSC_STATE_UNKNOWN && state != LSC_STATE_ABSENT;
}

#define LSC_THREAD_NONE UINT32_MAX        /* not known, or none */
#define LSC_THREAD_IDLE (UINT32_MAX - 1)  /* the idle task */
#define LSC_THREAD_OTHER (UINT32_MAX - 2) /* somebody this capture may not name */

#define LSC_FACT_INTERRUPT 1u /* runnable: woken by an interrupt or a timer, not by a thread */
#define LSC_FACT_NEW 2u       /* runnable: the first wakeup of a new thread */
#define LSC_FACT_YIELDED 4u   /* preempted: it gave the CPU away itself (sched_yield) */
#define LSC_FACT_IO_WAIT 8u   /* sleeping, uninterruptible: waits for a block device */
#define LSC_FACT_COMPAT 16u   /* the system-call number is of the 32-bit table */
#define LSC_FACT_INFERRED                                                                          \
  32u /* follows from a later event (after a gap, or a wakeup that was not seen) */

typedef struct
{
  uint8_t state; /* LscState */
  uint8_t flags; /* LSC_FACT_* */
  int16_t
      syscall;  /* sleeping, uninterruptible, stopped, preempted: the system call it is in, or -1 */
  uint32_t cpu; /* running: where. Runnable: where it was woken from. Else: where it last ran. Or
                   LSC_CPU_NONE */
  uint32_t
      thread; /* index of: runnable: who woke it; preempted: who took the CPU; CPU lane: who runs */
  uint16_t kernel_state; /* task state bits of the switch that began it, include/linux/sched.h */
  uint8_t detail;        /* LscDetail: what the wait is about beyond `syscall`; 0 when not known */
  uint8_t reserved;
  uint64_t arg; /* first argument of `syscall` */
} LscFacts;

typedef struct
{
  uint64_t start_ns;
  uint64_t end_ns; /* exclusive; the end of the trace so far when open_end */
  LscFacts facts;
  bool open_start; /* it had begun before the capture did */
  bool open_end;   /* it had not ended when the capture did, or goes on now */
} LscSpan;
