/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/task-state.h"

LscState
lsc_task_state_decode (uint32_t kernel_state)
{
  if (kernel_state & (LSC_TASK_DEAD | LSC_TASK_EXIT_DEAD | LSC_TASK_EXIT_ZOMBIE))
    return LSC_STATE_ABSENT;
  if (kernel_state
      & (LSC_TASK_STOPPED_BIT | LSC_TASK_TRACED_BIT | LSC_TASK_PARKED | LSC_TASK_FROZEN))
    return LSC_STATE_STOPPED;
  if (kernel_state & (LSC_TASK_UNINTERRUPTIBLE | LSC_TASK_RTLOCK_WAIT))
    return kernel_state & LSC_TASK_NOLOAD ? LSC_STATE_SLEEPING : LSC_STATE_UNINTERRUPTIBLE;
  if (kernel_state & (LSC_TASK_INTERRUPTIBLE | LSC_TASK_NEW_BIT))
    return LSC_STATE_SLEEPING;
  return kernel_state == 0 ? LSC_STATE_RUNNABLE : LSC_STATE_UNKNOWN;
}
