/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/statistics-answer.h"

gboolean
lsc_statistics_question_equal (const LscStatisticsQuestion *a, const LscStatisticsQuestion *b)
{
  return a->trace == b->trace && a->range.from_ns == b->range.from_ns
         && a->range.to_ns == b->range.to_ns && a->process == b->process && a->thread == b->thread
         && a->cpu == b->cpu;
}

static LscSurvey *
new_survey (const LscStatisticsQuestion *question)
{
  return lsc_survey_new (question->trace, question->range.from_ns, question->range.to_ns,
                         question->process, question->thread);
}

/* Of one thread alone: how many of its process ran at once. */
static guint32
get_process (const LscStatisticsQuestion *question)
{
  return question->thread == LSC_SURVEY_ALL
             ? question->process
             : lsc_trace_get_thread (question->trace, question->thread)->process;
}

LscStatisticsAnswer *
lsc_statistics_answer_new (const LscStatisticsQuestion *question)
{
  LscStatisticsAnswer *self = g_new0 (LscStatisticsAnswer, 1);
  self->question = *question;
  self->revision = lsc_trace_get_revision (question->trace);
  self->survey = new_survey (question);
  self->totals = lsc_totals_new (self->survey);
  self->cpus = lsc_cpu_use_new (self->survey);
  for (guint i = 0; i < LSC_HISTOGRAM_N_KINDS; i++)
    self->histograms[i] = lsc_histogram_new (self->survey, (LscHistogramKind) i);
  self->parallelism = lsc_parallelism_new (self->survey, get_process (question));
  self->preemptors = lsc_preemptors_new (self->survey, LSC_CPU_NONE);
  self->off_cpu = lsc_off_cpu_new (self->survey, question->cpu);
  return self;
}

void
lsc_statistics_answer_free (LscStatisticsAnswer *self)
{
  if (self == NULL)
    return;
  lsc_survey_free (self->survey);
  lsc_totals_free (self->totals);
  lsc_cpu_use_free (self->cpus);
  for (guint i = 0; i < LSC_HISTOGRAM_N_KINDS; i++)
    lsc_histogram_free (self->histograms[i]);
  lsc_parallelism_free (self->parallelism);
  lsc_preemptors_free (self->preemptors);
  lsc_off_cpu_free (self->off_cpu);
  g_free (self);
}

LscStatisticsPlaces *
lsc_statistics_places_new (const LscStatisticsQuestion *question,
                           const LscHistogramBrush *brushes,
                           guint n_brushes)
{
  LscStatisticsPlaces *self = g_new0 (LscStatisticsPlaces, 1);
  self->survey = new_survey (question);
  self->n_lists = MIN (n_brushes, LSC_STATISTICS_PLACES_MAX);
  for (guint i = 0; i < self->n_lists; i++)
    self->lists[i] = lsc_histogram_list_new (self->survey, &brushes[i]);
  return self;
}

void
lsc_statistics_places_free (LscStatisticsPlaces *self)
{
  if (self == NULL)
    return;
  lsc_survey_free (self->survey);
  for (guint i = 0; i < self->n_lists; i++)
    lsc_histogram_list_free (self->lists[i]);
  g_free (self);
}
