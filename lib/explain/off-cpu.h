/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The longest time each thread was off the CPU, and when: of all CPUs, or only of the times it had
 * left a given one. Valid when its survey is over.
 *
 * Only the part inside the range counts; a stretch that the range or the capture cuts counts with
 * what is inside, and says so.
 */
#pragma once

#include "lib/explain/survey.h"

typedef struct
{
  uint32_t thread;
  uint64_t n; /* stretches off the CPU */
  uint64_t total_ns;
  uint64_t max_ns;
  uint64_t max_at_ns;  /* when the longest one began */
  uint64_t max_number; /* its span in the thread's lane */
  LscReason max_reason;
  bool max_cut; /* the longest one is longer than can be seen */
} LscOffCpuThread;

typedef struct _LscOffCpu LscOffCpu;

/* `cpu`, or LSC_CPU_NONE for all. Joins `survey`, which must not have begun; freed after it. */
LscOffCpu *lsc_off_cpu_new (LscSurvey *survey, uint32_t cpu);
void lsc_off_cpu_free (LscOffCpu *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscOffCpu, lsc_off_cpu_free)

/* Threads with at least one such stretch, the longest first. */
uint32_t lsc_off_cpu_get_n (const LscOffCpu *self);
const LscOffCpuThread *lsc_off_cpu_get (const LscOffCpu *self, uint32_t index);
