/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a survey's listeners say agrees with the statistics and the sums of the lanes, which are
 * computed another way; for traces with losses, for any range, in one go or step by step.
 */
#include "lib/explain/cpu-use.h"
#include "lib/explain/critical-path.h"
#include "lib/explain/histogram.h"
#include "lib/explain/lock-table.h"
#include "lib/explain/narrative-index.h"
#include "lib/explain/off-cpu.h"
#include "lib/explain/parallelism.h"
#include "lib/explain/pattern.h"
#include "lib/explain/preemptors.h"
#include "lib/explain/sentence.h"
#include "lib/explain/statistics.h"
#include "lib/explain/totals.h"
#include "tests/support/stories.h"
#include "tests/support/synth-trace.h"

typedef struct
{
  uint64_t from_ns;
  uint64_t to_ns;
} Range;

static LscTrace *
make_trace (uint64_t seed, uint32_t lost)
{
  LscSynthConfig config = { .seed = seed,
                            .n_events = 40000,
                            .n_cpus = 4,
                            .n_threads = 30,
                            .n_processes = 3,
                            .churn = 10,
                            .lost = lost };

  return trace_of_synth (&config);
}

/* The whole, and stretches of it that begin and end anywhere. */
static Range
choose_range (const LscTrace *trace, uint32_t n)
{
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  uint64_t part = (end - start) / 7;

  if (n == 0)
    return (Range){ 0, UINT64_MAX };
  return (Range){ start + part * (n - 1) + 1234, MIN (end, start + part * (n + 1) + 77) };
}

static void
run_in_steps (LscSurvey *survey, uint32_t budget)
{
  while (lsc_survey_step (survey, budget))
    g_assert_cmpfloat (lsc_survey_get_progress (survey), <=, 1);
}

static void
for_each_case (void (*check) (const LscTrace *trace, Range range, uint32_t budget))
{
  static const uint32_t budgets[] = { 1, 7, 1000000 };

  for (uint32_t seed = 1; seed <= 3; seed++)
    {
      g_autoptr (LscTrace) trace = make_trace (seed, seed == 1 ? 0 : seed);

      for (uint32_t n = 0; n < 6; n++)
        check (trace, choose_range (trace, n), budgets[n % G_N_ELEMENTS (budgets)]);
    }
}

static Range
clip (const LscTrace *trace, Range range)
{
  return (Range){ MAX (range.from_ns, lsc_trace_get_start_ns (trace)),
                  MIN (range.to_ns, lsc_trace_get_end_ns (trace)) };
}

static void
check_off_cpu (const LscTrace *trace, Range range, uint32_t budget)
{
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, range.from_ns, range.to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscOffCpu) off = lsc_off_cpu_new (survey, LSC_CPU_NONE);
  uint32_t n_compared = 0;

  run_in_steps (survey, budget);
  range = clip (trace, range);
  for (uint32_t i = 0; i < lsc_off_cpu_get_n (off); i++)
    {
      const LscOffCpuThread *row = lsc_off_cpu_get (off, i);
      LscStatistics s;

      g_assert_true (lsc_statistics_of_thread (trace, row->thread, range.from_ns, range.to_ns, &s));
      g_assert_cmpuint (row->max_ns, ==, s.max_off_cpu_ns);
      if (row->max_ns > 0)
        g_assert_cmpuint (row->max_at_ns, ==, s.max_off_cpu_at_ns);
      g_assert_cmpuint (row->total_ns, ==,
                        s.last_ns - s.first_ns - s.ns[LSC_STATE_RUNNING] - s.ns[LSC_STATE_UNKNOWN]
                            - s.ns[LSC_STATE_ABSENT]);
      n_compared++;
    }
  g_assert_cmpuint (n_compared, >, 10);
}

static void
test_off_cpu (void)
{
  for_each_case (check_off_cpu);
}

static void
check_latency (const LscTrace *trace, Range range, uint32_t budget)
{
  Range clipped = clip (trace, range);
  uint64_t n_all = 0;

  for (uint32_t t = 0; t < lsc_trace_get_n_threads (trace); t += 5)
    {
      g_autoptr (LscSurvey) survey =
          lsc_survey_new (trace, range.from_ns, range.to_ns, LSC_SURVEY_ALL, t);
      g_autoptr (LscHistogram) latency = lsc_histogram_new (survey, LSC_HISTOGRAM_LATENCY);
      LscHistogramItem longest;
      LscStatistics s;

      run_in_steps (survey, budget);
      if (!lsc_statistics_of_thread (trace, t, clipped.from_ns, clipped.to_ns, &s))
        continue;
      g_assert_cmpuint (lsc_histogram_get_total (latency), ==, s.wakeup_latency.count);
      g_assert_cmpuint (lsc_histogram_get_percentile_ns (latency, 50), ==, s.wakeup_latency.p50_ns);
      g_assert_cmpuint (lsc_histogram_get_percentile_ns (latency, 99), ==, s.wakeup_latency.p99_ns);
      if (lsc_histogram_get_longest (latency, &longest))
        {
          g_assert_cmpuint (longest.ns, ==, s.wakeup_latency.max_ns);
          g_assert_cmpuint (longest.start_ns, ==, s.wakeup_latency.max_at_ns);
        }
      n_all += s.wakeup_latency.count;
    }
  g_assert_cmpuint (n_all, >, 50);
}

static void
test_latency (void)
{
  for_each_case (check_latency);
}

static void
check_parallelism (const LscTrace *trace, Range range, uint32_t budget)
{
  for (uint32_t process = 0; process <= 3; process++)
    {
      uint32_t chosen = process == 3 ? LSC_SURVEY_ALL : process;
      g_autoptr (LscSurvey) survey =
          lsc_survey_new (trace, range.from_ns, range.to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
      g_autoptr (LscParallelism) parallelism = lsc_parallelism_new (survey, chosen);
      Range clipped = clip (trace, range);
      uint64_t ns[LSC_N_STATES] = { 0 }, all_ns = 0, running_ns = 0;

      run_in_steps (survey, budget);
      for (uint32_t n = 0; n <= lsc_parallelism_get_most (parallelism); n++)
        {
          all_ns += lsc_parallelism_get_ns (parallelism, n);
          running_ns += n * lsc_parallelism_get_ns (parallelism, n);
        }
      g_assert_cmpuint (all_ns, ==, clipped.to_ns - clipped.from_ns);
      for (uint32_t cpu = 0; chosen == LSC_SURVEY_ALL && cpu < 4; cpu++)
        lsc_lane_sum (lsc_trace_get_cpu_lane (trace, cpu), clipped.from_ns, clipped.to_ns, ns);
      if (chosen == LSC_SURVEY_ALL)
        g_assert_cmpuint (running_ns, ==, ns[LSC_STATE_RUNNING]);
      g_assert_cmpuint (running_ns, >, 0);
      g_assert_cmpuint (lsc_parallelism_get_n_cpus (parallelism), ==, 4);
    }
}

static void
test_parallelism (void)
{
  for_each_case (check_parallelism);
}

/* Every nanosecond in a queue has somebody who ran meanwhile, or nobody. */
static void
check_preemptors (const LscTrace *trace, Range range, uint32_t budget)
{
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, range.from_ns, range.to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscPreemptors) all = lsc_preemptors_new (survey, LSC_CPU_NONE);
  g_autoptr (LscPreemptors) first = lsc_preemptors_new (survey, 0);
  uint64_t sum = 0;

  run_in_steps (survey, budget);
  for (uint32_t i = 0; i < lsc_preemptors_get_n (all); i++)
    {
      const LscPreemptor *row = lsc_preemptors_get (all, i);

      g_assert_cmpuint (row->victim, !=, row->culprit);
      g_assert_cmpuint (row->max_ns, <=, row->ns);
      g_assert_cmpuint (row->ns, <=, row->n * row->max_ns);
      sum += row->ns;
    }
  g_assert_cmpuint (sum, ==, lsc_preemptors_get_queued_ns (all));
  g_assert_cmpuint (lsc_preemptors_get_queued_ns (first), <, sum);
  g_assert_cmpuint (lsc_preemptors_get_n (first), >, 0);
}

/* Whoever ran, ran on one of the CPUs. */
static void
check_cpu_use (const LscTrace *trace, Range range, uint32_t budget)
{
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, range.from_ns, range.to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscCpuUse) cpus = lsc_cpu_use_new (survey);
  g_autoptr (LscTotals) totals = lsc_totals_new (survey);
  uint64_t sum = 0;

  run_in_steps (survey, budget);
  for (uint32_t i = 0; i < lsc_cpu_use_get_n (cpus); i++)
    {
      const LscCpuUseRow *row = lsc_cpu_use_get (cpus, i);

      g_assert_cmpuint (row->running_ns, <=, range.to_ns - range.from_ns);
      g_assert_cmpuint (row->n_runs, >, 0);
      g_assert_true (i == 0 || row->cpu > lsc_cpu_use_get (cpus, i - 1)->cpu);
      sum += row->running_ns;
    }
  g_assert_cmpuint (sum, >, 0);
  g_assert_cmpuint (sum, ==, lsc_totals_get (totals, LSC_SURVEY_ALL)->ns[LSC_STATE_RUNNING]);
}

static void
test_preemptors (void)
{
  for_each_case (check_cpu_use);
  for_each_case (check_preemptors);
}

/* Locks: the waiters' parts add up, and the lists of a histogram hold what its buckets count. */
static void
check_locks_and_lists (const LscTrace *trace, Range range, uint32_t budget)
{
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, range.from_ns, range.to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscLockTable) locks = lsc_lock_table_new (survey);
  g_autoptr (LscHistogram) off = lsc_histogram_new (survey, LSC_HISTOGRAM_OFF_CPU);
  uint32_t bucket = lsc_histogram_get_bucket (100000);
  LscHistogramBrush brush = { LSC_HISTOGRAM_OFF_CPU, lsc_histogram_get_floor_ns (bucket),
                              lsc_histogram_get_floor_ns (bucket + 2), 10 };
  g_autoptr (LscHistogramList) list = lsc_histogram_list_new (survey, &brush);
  uint64_t before_ns = UINT64_MAX, n = 0;

  run_in_steps (survey, budget);
  g_assert_cmpuint (lsc_lock_table_get_n (locks), >, 0);
  for (uint32_t i = 0; i < lsc_lock_table_get_n (locks); i++)
    {
      const LscLock *lock = lsc_lock_table_get (locks, i);
      uint64_t ns = 0, n_waits = 0;

      for (uint32_t u = 0; u < lock->n_users; u++)
        {
          ns += lock->users[u].wait_ns;
          n_waits += lock->users[u].n_waits;
        }
      g_assert_cmpuint (ns, ==, lock->wait_ns);
      g_assert_cmpuint (n_waits, ==, lock->n_waits);
      g_assert_cmpuint (lock->wait_ns, <=, before_ns);
      before_ns = lock->wait_ns;
      n += n_waits;
    }
  g_assert_cmpuint (n, ==, lsc_lock_table_get_n_waits (locks));
  g_assert_cmpuint (lsc_histogram_list_get_total (list), ==,
                    lsc_histogram_get_count (off, bucket)
                        + lsc_histogram_get_count (off, bucket + 1));
  for (uint32_t i = 1; i < lsc_histogram_list_get_n (list); i++)
    g_assert_cmpuint (lsc_histogram_list_get (list, i)->ns, <=,
                      lsc_histogram_list_get (list, i - 1)->ns);
}

static void
test_locks_and_lists (void)
{
  for_each_case (check_locks_and_lists);
}

/* The operation is told where all waits had the same; one that is waited for alone with a bitset is
 * no lock. */
static void
test_operations (void)
{
  static const struct
  {
    uint8_t detail;
    bool may_be_mutex;
  } cases[] = { { LSC_DETAIL_NONE, true },
                { LSC_DETAIL_FUTEX_WAIT, true },
                { LSC_DETAIL_FUTEX_LOCK_PI, true },
                { LSC_DETAIL_FUTEX_WAIT_BITSET, false } };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) story = story_of_deadlock (2 * SECOND, FALSE, TRUE, cases[i].detail);
      g_autoptr (LscTrace) trace = trace_of_stream (story);
      g_autoptr (LscSurvey) survey =
          lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
      g_autoptr (LscLockTable) locks = lsc_lock_table_new (survey);

      g_assert_true (lsc_survey_run (survey, NULL));
      g_assert_cmpuint (lsc_lock_table_get_n (locks), ==, 3);
      g_assert_cmpuint (lsc_lock_table_get (locks, 0)->detail, ==, cases[i].detail);
      g_assert_cmpint (lsc_lock_may_be_mutex (lsc_lock_table_get (locks, 0)), ==,
                       cases[i].may_be_mutex);
    }
}

static void
test_buckets (void)
{
  for (uint32_t bucket = 0; bucket + 2 < LSC_HISTOGRAM_BUCKETS; bucket++)
    {
      uint64_t low = lsc_histogram_get_floor_ns (bucket),
               high = lsc_histogram_get_floor_ns (bucket + 1);

      g_assert_cmpuint (low, <=, high);
      if (low == high)
        continue;
      g_assert_cmpuint (lsc_histogram_get_bucket (low), ==, bucket);
      g_assert_cmpuint (lsc_histogram_get_bucket (high - 1), ==, bucket);
    }
  g_assert_cmpuint (lsc_histogram_get_bucket (UINT64_MAX), <, LSC_HISTOGRAM_BUCKETS);
}

static void
test_cancelled (void)
{
  g_autoptr (LscTrace) trace = make_trace (1, 0);
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  int cancelled = 1;

  g_assert_false (lsc_survey_run (survey, &cancelled));
  cancelled = 0;
  g_assert_true (lsc_survey_run (survey, &cancelled));
}

/* What is worked out step by step while the trace forgets threads: no step needs one that has gone,
 * and what is found can still be told. */
static void
work_while_it_forgets (const LscTrace *trace, LscSynth *synth, LscAssembler *assembler)
{
  uint64_t from_ns = lsc_trace_get_start_ns (trace), to_ns = lsc_trace_get_end_ns (trace);
  uint32_t last = lsc_trace_get_n_threads (trace) - 1;
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, from_ns, to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscOffCpu) off = lsc_off_cpu_new (survey, LSC_CPU_NONE);
  g_autoptr (LscLockTable) locks = lsc_lock_table_new (survey);
  g_autoptr (LscParallelism) parallelism = lsc_parallelism_new (survey, LSC_SURVEY_ALL);
  g_autoptr (LscPatternScan) scan = lsc_pattern_scan_new (survey);
  g_autoptr (LscCriticalPath) path = lsc_critical_path_new (trace, last, from_ns, to_ns);
  g_autoptr (LscNarrativeIndex) index = lsc_narrative_index_new (trace, last);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  while (lsc_survey_step (survey, 300))
    {
      g_assert_cmpfloat (lsc_survey_get_progress (survey), <=, 1);
      lsc_critical_path_step (path, 3);
      lsc_narrative_index_read (index, 3);
      lsc_narrative_index_forget (index);
      if (lsc_synth_fill (synth, bytes, 4000))
        lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
    }
  for (uint32_t i = 0; i < lsc_off_cpu_get_n (off); i++)
    {
      uint32_t thread = lsc_off_cpu_get (off, i)->thread;
      g_autofree char *name = lsc_sentence_name_thread (trace, thread);

      g_assert_cmpuint (lsc_trace_has_thread (trace, thread), ==,
                        strcmp (name, "a thread that ended long ago") != 0);
    }
  while (lsc_critical_path_step (path, 1000))
    ;
  g_assert_cmpuint (lsc_critical_path_get_n (path), >, 0);
  lsc_narrative_index_forget (index);
  if (!lsc_trace_has_thread (trace, last))
    g_assert_cmpuint (lsc_narrative_index_get_n_lines (index), ==, 0);
}

static void
test_forgetting (void)
{
  LscSynthConfig config = {
    .seed = 5, .n_events = 120000, .n_cpus = 4, .n_threads = 30, .n_processes = 3, .churn = 200
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  uint32_t n_rounds = 0;

  lsc_trace_set_memory_limit (trace, 600000);
  for (; lsc_synth_fill (synth, bytes, 30000); n_rounds++)
    {
      lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
      work_while_it_forgets (trace, synth, assembler);
    }
  g_assert_cmpuint (n_rounds, >, 5);
  g_assert_cmpuint (lsc_trace_get_n_forgotten (trace), >, 500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey/off-cpu", test_off_cpu);
  g_test_add_func ("/survey/latency", test_latency);
  g_test_add_func ("/survey/parallelism", test_parallelism);
  g_test_add_func ("/survey/preemptors", test_preemptors);
  g_test_add_func ("/survey/locks-and-lists", test_locks_and_lists);
  g_test_add_func ("/survey/operations", test_operations);
  g_test_add_func ("/survey/buckets", test_buckets);
  g_test_add_func ("/survey/cancelled", test_cancelled);
  g_test_add_func ("/survey/forgetting", test_forgetting);
  return g_test_run ();
}
