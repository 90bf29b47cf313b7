/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the running kernel's BTF says about it, as far as the programs differ by it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The ways to the interrupt level, each an object of its own with the same programs and maps:
 * bpf/level-*.h. */
typedef enum
{
  LSC_INTERRUPT_LEVEL_RUN_QUEUE,
  LSC_INTERRUPT_LEVEL_HOT,
  LSC_INTERRUPT_LEVEL_BY_NAME,
  LSC_INTERRUPT_LEVEL_UNKNOWN,
} LscInterruptLevel;

typedef struct
{
  bool has_prev_state;  /* sched_switch has its fourth argument (5.18) */
  bool has_group_dead;  /* sched_process_exit has its second (6.16) */
  bool has_pid_numbers; /* pid->numbers has no fixed length (6.5) */
  LscInterruptLevel level;
  int64_t preempt_count_distance; /* with LSC_INTERRUPT_LEVEL_RUN_QUEUE: see level-run-queue.h */
} LscKernelFacts;

/* 0, or -errno when there is no BTF. */
int lsc_kernel_facts_read (LscKernelFacts *facts);
