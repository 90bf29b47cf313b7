/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/longest.h"
#include "lib/explain/totals.h"
#include "tests/support/synth-trace.h"

static const LscSynthConfig config = {
  .seed = 8, .n_events = 60000, .n_cpus = 3, .n_threads = 12, .n_processes = 3
};

/* What is listed adds up to what the states say, the longest comes first and none that is longer is
 * left out. */
static void
check (const LscTrace *trace, LscState state, LscReason reason, uint64_t expected_ns)
{
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscLongest) longest = lsc_longest_new (survey, state, reason);
  uint64_t sum_ns = 0;

  g_assert_true (lsc_survey_run (survey, NULL));
  g_assert_cmpuint (lsc_longest_get_total_ns (longest), ==, expected_ns);
  g_assert_cmpuint (lsc_longest_get_n (longest), ==,
                    MIN (lsc_longest_get_count (longest), LSC_LONGEST_MAX));
  for (uint32_t i = 0; i < lsc_longest_get_n (longest); i++)
    {
      const LscLongestItem *item = lsc_longest_get (longest, i);
      const LscLane *lane = lsc_trace_get_thread (trace, item->thread)->lane;
      LscSpan span;

      sum_ns += item->ns;
      g_assert_true (lsc_lane_span_at (lane, item->start_ns, &span));
      if (i > 0)
        g_assert_cmpuint (item->ns, <=, lsc_longest_get (longest, i - 1)->ns);
      if (state == LSC_STATE_RUNNING)
        g_assert_cmpuint (span.facts.state, ==, LSC_STATE_RUNNING);
    }
  g_assert_cmpuint (sum_ns, <=, expected_ns);
  if (lsc_longest_get_count (longest) <= LSC_LONGEST_MAX)
    g_assert_cmpuint (sum_ns, ==, expected_ns);
}

static void
test_adds_up (void)
{
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscTotals) totals = lsc_totals_new (survey);
  const LscStatistics *all;

  g_assert_true (lsc_survey_run (survey, NULL));
  all = lsc_totals_get (totals, LSC_SURVEY_ALL);
  check (trace, LSC_STATE_RUNNING, LSC_REASON_NONE, all->ns[LSC_STATE_RUNNING]);
  check (trace, LSC_STATE_RUNNABLE, LSC_REASON_NONE, all->ns[LSC_STATE_RUNNABLE]);
  check (trace, LSC_STATE_PREEMPTED, LSC_REASON_NONE, all->ns[LSC_STATE_PREEMPTED]);
  check (trace, LSC_STATE_SLEEPING, LSC_REASON_LOCK, all->reasons[LSC_REASON_LOCK].ns);
  check (trace, LSC_STATE_SLEEPING, LSC_REASON_TIMER, all->reasons[LSC_REASON_TIMER].ns);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/longest/adds-up", test_adds_up);
  return g_test_run ();
}
