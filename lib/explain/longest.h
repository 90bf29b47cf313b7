/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Of one state, or one reason to sleep: how much of it there is in a range, and the longest
 * stretches, to step through. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

#define LSC_LONGEST_MAX 1000u /* stretches that are kept */

typedef struct
{
  uint64_t start_ns;
  uint64_t ns; /* inside the range */
  uint32_t thread;
} LscLongestItem;

typedef struct _LscLongest LscLongest;

/* RUNNING; RUNNABLE: woken and queued; PREEMPTED: pushed off, or given away; SLEEPING: asleep for
 * `reason`, whatever the kernel calls it. Joins `survey`, which must not have begun, and is to be
 * freed after it. */
LscLongest *lsc_longest_new (LscSurvey *survey, LscState state, LscReason reason);
void lsc_longest_free (LscLongest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscLongest, lsc_longest_free)

/* Of all threads together. */
uint64_t lsc_longest_get_total_ns (const LscLongest *self);
uint64_t lsc_longest_get_count (const LscLongest *self);
/* The kept ones, the longest first; to be asked for when the survey is over. */
uint32_t lsc_longest_get_n (LscLongest *self);
const LscLongestItem *lsc_longest_get (LscLongest *self, uint32_t index);
