/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/totals-csv.h"
#include "tests/support/handmade.h"
#include "tests/support/synth-trace.h"

static const LscSynthConfig config = {
  .seed = 21, .n_events = 30000, .n_cpus = 3, .n_threads = 12, .n_processes = 3, .churn = 5
};

static LscTotals *
survey (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  g_autoptr (LscSurvey) walk =
      lsc_survey_new (trace, from_ns, to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  LscTotals *totals = lsc_totals_new (walk);

  g_assert_true (lsc_survey_run (walk, NULL));
  return totals;
}

/* Of each thread the same as the statistics say that look at every span. */
static void
test_same_as_statistics (void)
{
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  uint64_t start_ns = lsc_trace_get_start_ns (trace);
  uint64_t quarter_ns = (lsc_trace_get_end_ns (trace) - start_ns) / 4;
  uint64_t from_ns = start_ns + quarter_ns, to_ns = start_ns + 3 * quarter_ns;
  g_autoptr (LscTotals) totals = survey (trace, from_ns, to_ns);
  const LscStatistics *all = lsc_totals_get (totals, LSC_SURVEY_ALL);
  uint64_t running_ns = 0, lock_ns = 0, off_ns = 0;
  uint32_t n = 0;

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    {
      LscStatistics slow;
      const LscStatistics *quick = lsc_totals_get (totals, i);

      if (!lsc_statistics_of_thread (trace, i, from_ns, to_ns, &slow))
        continue;
      n++;
      running_ns += slow.ns[LSC_STATE_RUNNING];
      g_assert_nonnull (quick);
      for (unsigned state = 0; state < LSC_N_STATES; state++)
        g_assert_cmpuint (quick->ns[state], ==, slow.ns[state]);
      for (unsigned reason = LSC_REASON_LOCK; reason < LSC_N_REASONS; reason++)
        g_assert_cmpuint (quick->reasons[reason].ns, ==, slow.reasons[reason].ns);
      g_assert_cmpuint (quick->switches, ==, slow.switches);
      lock_ns += slow.reasons[LSC_REASON_LOCK].ns;
    }
  g_assert_cmpuint (lsc_totals_get_n_threads (totals), ==, n);
  g_assert_cmpuint (all->ns[LSC_STATE_RUNNING], ==, running_ns);
  g_assert_cmpuint (all->reasons[LSC_REASON_LOCK].ns, ==, lock_ns);
  g_assert_cmpuint (lock_ns, >, 0);
  for (unsigned state = 0; state < LSC_N_STATES; state++)
    off_ns += all->ns[state];
  g_assert_cmpuint (off_ns, ==, all->last_ns - all->first_ns);
}

/* A name somebody chose cannot break a line or a column. */
static void
test_csv (void)
{
  g_autoptr (GByteArray) stream = begin_stream (900);
  g_autoptr (LscTrace) trace = NULL;
  g_autoptr (LscTotals) totals = NULL;
  g_autofree char *csv = NULL;
  g_auto (GStrv) lines = NULL;

  add_task (stream, 900, 10, "a,\"b\"", 0, 0);
  add_switch (stream, 950, 0,
              (LscRecordSwitch){ .next_tid = 10, .prev_syscall = LSC_SYSCALL_NONE });
  add_sleep (stream, 1000, 0, 10, FUTEX, 0);
  end_stream (stream, 2000);
  trace = trace_of_stream (stream);
  totals = survey (trace, 0, UINT64_MAX);
  csv = lsc_totals_csv (totals, trace);
  lines = g_strsplit (csv, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_true (g_str_has_prefix (lines[0], "tid,pid,name,process,running_ns,"));
  g_assert_true (g_str_has_prefix (lines[1], "10,10,\"a,\"\"b\"\"\","));
  g_assert_nonnull (strstr (lines[1], ",50,"));
  g_assert_nonnull (strstr (lines[1], ",1000,"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/totals/same-as-statistics", test_same_as_statistics);
  g_test_add_func ("/totals/csv", test_csv);
  return g_test_run ();
}
