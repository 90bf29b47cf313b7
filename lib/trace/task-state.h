/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel's task state bits, include/linux/sched.h, as sched_switch reports them (Linux 5.15
 * to 6.18), and what they mean for a thread that has left its CPU.
 */
#pragma once

#include "lib/trace/span.h"

#define LSC_TASK_INTERRUPTIBLE 0x1u
#define LSC_TASK_UNINTERRUPTIBLE 0x2u
#define LSC_TASK_STOPPED_BIT 0x4u
#define LSC_TASK_TRACED_BIT 0x8u
#define LSC_TASK_EXIT_DEAD 0x10u
#define LSC_TASK_EXIT_ZOMBIE 0x20u
#define LSC_TASK_PARKED 0x40u
#define LSC_TASK_DEAD 0x80u
#define LSC_TASK_WAKEKILL 0x100u
#define LSC_TASK_NOLOAD 0x400u /* with UNINTERRUPTIBLE: TASK_IDLE, no disk wait */
#define LSC_TASK_NEW_BIT 0x800u
#define LSC_TASK_RTLOCK_WAIT 0x1000u
#define LSC_TASK_FREEZABLE 0x2000u
#define LSC_TASK_FROZEN 0x8000u

/* The slow way of lsc_task_state_to_state(). */
LscState lsc_task_state_decode (uint32_t kernel_state);

/* ABSENT for a dead thread, RUNNABLE for state 0, else how it waits. */
static inline LscState
lsc_task_state_to_state (uint32_t kernel_state)
{
  static const uint8_t common[] = { LSC_STATE_RUNNABLE, LSC_STATE_SLEEPING,
                                    LSC_STATE_UNINTERRUPTIBLE, LSC_STATE_UNINTERRUPTIBLE };

  return kernel_state < sizeof common ? (LscState) common[kernel_state]
                                      : lsc_task_state_decode (kernel_state);
}
