/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/totals.h"

struct _LscTotals
{
  LscSurvey *survey;
  GArray *threads; /* LscStatistics */
  LscStatistics all;
  bool inside; /* the lane that is walked lives in the range: its numbers are the last ones */
};

static LscStatistics *
get_last (LscTotals *self)
{
  return &g_array_index (self->threads, LscStatistics, self->threads->len - 1);
}

static void
enter (void *listener, const LscThread *thread)
{
  LscTotals *self = listener;
  LscStatistics one;

  self->inside = lsc_statistics_sum_of_thread (lsc_survey_get_trace (self->survey), thread->index,
                                               lsc_survey_get_from_ns (self->survey),
                                               lsc_survey_get_to_ns (self->survey), &one);
  if (self->inside)
    g_array_append_val (self->threads, one);
}

static void
add_reason (LscTotals *self, LscReason reason, uint64_t ns, uint64_t count)
{
  get_last (self)->reasons[reason].ns += ns;
  get_last (self)->reasons[reason].count += count;
}

static bool
is_queue (LscReason reason)
{
  return reason == LSC_REASON_QUEUE || reason == LSC_REASON_PREEMPTED
         || reason == LSC_REASON_YIELDED;
}

static void
add_wait (void *listener, const LscWait *wait)
{
  LscTotals *self = listener;
  uint64_t woken_ns = is_queue (wait->reason) ? wait->end_ns : wait->woken_ns;

  if (!self->inside)
    return;
  add_reason (self, wait->reason, woken_ns - wait->start_ns, 1);
  if (wait->end_ns > woken_ns)
    add_reason (self, LSC_REASON_QUEUE, wait->end_ns - woken_ns, 1);
}

static void
leave (void *listener, const LscThread *thread)
{
  LscTotals *self = listener;
  LscStatistics *all = &self->all;
  const LscStatistics *one;

  if (!self->inside)
    return;
  one = get_last (self);
  all->last_ns += one->last_ns - one->first_ns;
  for (unsigned i = 0; i < LSC_N_STATES; i++)
    all->ns[i] += one->ns[i];
  for (unsigned i = 0; i < LSC_N_REASONS; i++)
    {
      all->reasons[i].ns += one->reasons[i].ns;
      all->reasons[i].count += one->reasons[i].count;
    }
  all->switches += one->switches;
  all->voluntary += one->voluntary;
  all->involuntary += one->involuntary;
  all->migrations += one->migrations;
  all->wakeups += one->wakeups;
  self->inside = false;
}

LscTotals *
lsc_totals_new (LscSurvey *survey)
{
  static const LscSurveyListener kind = { .enter = enter, .wait = add_wait, .leave = leave };
  LscTotals *self = g_new0 (LscTotals, 1);

  self->survey = survey;
  self->threads = g_array_new (FALSE, FALSE, sizeof (LscStatistics));
  lsc_survey_add (survey, &kind, self);
  return self;
}

void
lsc_totals_free (LscTotals *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->threads);
  g_free (self);
}

const LscStatistics *
lsc_totals_get (const LscTotals *self, uint32_t thread)
{
  if (thread == LSC_SURVEY_ALL)
    return &self->all;
  for (guint i = 0; i < self->threads->len; i++)
    if (g_array_index (self->threads, LscStatistics, i).thread == thread)
      return &g_array_index (self->threads, LscStatistics, i);
  return NULL;
}

uint32_t
lsc_totals_get_n_threads (const LscTotals *self)
{
  return self->threads->len;
}

const LscStatistics *
lsc_totals_get_nth (const LscTotals *self, uint32_t nth)
{
  return &g_array_index (self->threads, LscStatistics, nth);
}
