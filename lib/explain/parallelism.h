/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How many threads ran at once over a range: the time for each number, the mean, and how much of
 * the busy time only one could. Exact, from the lanes of the CPUs. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

typedef struct _LscParallelism LscParallelism;

/* Of the threads of one process (index), or of all with LSC_SURVEY_ALL. Joins `survey`, which must
 * not have begun, and is to be freed after it. */
LscParallelism *lsc_parallelism_new (LscSurvey *survey, uint32_t process);
void lsc_parallelism_free (LscParallelism *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscParallelism, lsc_parallelism_free)

/* The most that ran at once. */
uint32_t lsc_parallelism_get_most (const LscParallelism *self);
/* Time in which exactly `n` ran, 0 <= n <= most. All of them add up to the range. */
uint64_t lsc_parallelism_get_ns (const LscParallelism *self, uint32_t n);
/* How many ran at once on average, over the whole range. */
double lsc_parallelism_get_mean (const LscParallelism *self);
/* The CPUs there are: those that any event came from when the whole machine was traced, else those
 * the machine may have. At least 1. */
uint32_t lsc_parallelism_get_n_cpus (const LscParallelism *self);
/* Threads that ran in the range at all. */
uint32_t lsc_parallelism_get_n_threads (const LscParallelism *self);
/* Of the time in which any ran, the share in which exactly one did, 0..1; 0 when none ran. With one
 * thread it says nothing: see lsc_parallelism_get_n_threads(). */
double lsc_parallelism_get_serialised (const LscParallelism *self);

/* "On average 2.9 of 4 CPUs; one at a time for 92 % of the busy time." Translated, the caller's. */
char *lsc_parallelism_describe (const LscParallelism *self);
