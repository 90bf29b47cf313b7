/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What there is to say about a range without being asked for a thread: parallelism, CPUs,
 * locks and patterns, from one survey.
 */
#pragma once

#include "lib/explain/cpu-use.h"
#include "lib/explain/lock-table.h"
#include "lib/explain/parallelism.h"
#include "lib/explain/pattern.h"

typedef struct
{
  LscSurvey *survey;
  LscParallelism *parallelism; /* of all threads */
  LscCpuUse *cpus;
  LscLockTable *locks;
  LscPatternScan *patterns;
} LscFindings;

/* For [from_ns, to_ns) of `trace`; the survey has yet to be run (its thread rules hold). */
LscFindings *lsc_findings_new (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns);
void lsc_findings_free (LscFindings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscFindings, lsc_findings_free)
