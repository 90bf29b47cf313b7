/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * On which CPUs the threads of a survey ran, how long and how often. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

typedef struct
{
  uint32_t cpu;
  uint64_t running_ns;
  uint64_t n_runs; /* times one of them had it */
} LscCpuUseRow;

typedef struct _LscCpuUse LscCpuUse;

/* Joins `survey`, which must not have begun, and is to be freed after it. */
LscCpuUse *lsc_cpu_use_new (LscSurvey *survey);
void lsc_cpu_use_free (LscCpuUse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscCpuUse, lsc_cpu_use_free)

/* CPUs that one of them ran on, the lowest number first. */
uint32_t lsc_cpu_use_get_n (const LscCpuUse *self);
const LscCpuUseRow *lsc_cpu_use_get (const LscCpuUse *self, uint32_t index);
