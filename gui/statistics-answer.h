/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tab "Statistics" asks of a trace, and what one survey answers.
 */
#pragma once

#include "gui/lanes-view.h"
#include "lib/explain/cpu-use.h"
#include "lib/explain/histogram.h"
#include "lib/explain/off-cpu.h"
#include "lib/explain/parallelism.h"
#include "lib/explain/preemptors.h"
#include "lib/explain/totals.h"

typedef struct
{
  const LscTrace *trace;
  LscTimeRange range;
  guint32 process; /* or LSC_SURVEY_ALL */
  guint32 thread;  /* or LSC_SURVEY_ALL */
  guint32 cpu;     /* of the longest times off the CPU; LSC_CPU_NONE: all */
} LscStatisticsQuestion;

typedef struct
{
  LscStatisticsQuestion question;
  guint64 revision; /* of the trace */
  LscSurvey *survey;
  LscTotals *totals;
  LscCpuUse *cpus;
  LscHistogram *histograms[LSC_HISTOGRAM_N_KINDS];
  LscParallelism *parallelism;
  LscPreemptors *preemptors;
  LscOffCpu *off_cpu;
} LscStatisticsAnswer;

gboolean lsc_statistics_question_equal (const LscStatisticsQuestion *a,
                                        const LscStatisticsQuestion *b);

/* Everything is there, and valid when its survey has been run. */
LscStatisticsAnswer *lsc_statistics_answer_new (const LscStatisticsQuestion *question);
void lsc_statistics_answer_free (LscStatisticsAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscStatisticsAnswer, lsc_statistics_answer_free)

/* Where things of some length were: a second survey, for what the first one has found out. */
#define LSC_STATISTICS_PLACES_MAX 12u
typedef struct
{
  LscSurvey *survey;
  LscHistogramList *lists[LSC_STATISTICS_PLACES_MAX]; /* in the order of the brushes */
  guint n_lists;
} LscStatisticsPlaces;

LscStatisticsPlaces *lsc_statistics_places_new (const LscStatisticsQuestion *question,
                                                const LscHistogramBrush *brushes,
                                                guint n_brushes);
void lsc_statistics_places_free (LscStatisticsPlaces *self);
