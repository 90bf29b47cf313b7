/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the threads of a survey did, added up: the time of each state and each reason, switches,
 * migrations, wakeups. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/statistics.h"
#include "lib/explain/survey.h"

typedef struct _LscTotals LscTotals;

/* Joins `survey`, which must not have begun, and is to be freed after it. */
LscTotals *lsc_totals_new (LscSurvey *survey);
void lsc_totals_free (LscTotals *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscTotals, lsc_totals_free)

/* Of one thread (index), or of all with LSC_SURVEY_ALL: last_ns - first_ns is the time they lived
 * inside the range, one after the other; a count of a reason is of waits. What needs a look at each
 * span beyond that (wakeup latency, longest time off the CPU) is 0. NULL for a thread that did not
 * live in the range. */
const LscStatistics *lsc_totals_get (const LscTotals *self, uint32_t thread);

/* The threads, in the trace's order. */
uint32_t lsc_totals_get_n_threads (const LscTotals *self);
const LscStatistics *lsc_totals_get_nth (const LscTotals *self, uint32_t nth);
