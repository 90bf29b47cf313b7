/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/statistics.h"
#include "lib/trace/assembler.h"
#include "tests/support/handmade.h"
#include "tests/support/synth.h"

static LscTrace *
make_trace (GByteArray *stream)
{
  LscTrace *trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);

  g_assert_cmpint (lsc_assembler_feed (assembler, stream->data, stream->len), ==, stream->len);
  lsc_assembler_finish (assembler);
  g_byte_array_unref (stream);
  return trace;
}

static LscStatistics
statistics_of (const LscTrace *trace, uint32_t tid, uint64_t from_ns, uint64_t to_ns)
{
  LscStatistics statistics;

  g_assert_true (lsc_statistics_of_thread (trace, lsc_trace_find_thread (trace, tid)->index,
                                           from_ns, to_ns, &statistics));
  return statistics;
}

/* 11 runs on CPU 0, sleeps on a lock, is woken by 12, queues, runs on CPU 1, yields, is preempted.
 */
static LscTrace *
make_story (void)
{
  GByteArray *s = begin_stream (1000);

  add_task (s, 1000, 11, "worker", LSC_TASK_ON_CPU, 0);
  add_task (s, 1000, 12, "other", 0, 1);
  add_sleep (s, 1100, 0, 11, FUTEX, 0);                                        /* ran 100 */
  add_waking (s, 1400, 1, 12, 11);                                             /* slept 300 */
  add_switch (s, 1450, 1, (LscRecordSwitch){ .prev_tid = 0, .next_tid = 11 }); /* queued 50 */
  add_preemption (s, 1500, 1, 11, 12);                                         /* ran 50 */
  add_yield (s, 1520, 1, 12, 11);                                              /* pushed 20 */
  add_yield (s, 1600, 1, 11, 12);                                              /* ran 80 */
  add_sleep (s, 1630, 1, 12, CLOCK_NANOSLEEP, 11);                             /* yielded 30 */
  add_sleep (s, 1700, 1, 11, CLOCK_NANOSLEEP, 0);                              /* ran 70 */
  end_stream (s, 2000);                                                        /* slept 300 */
  return make_trace (s);
}

static void
test_known_story_in_numbers (void)
{
  g_autoptr (LscTrace) trace = make_story ();
  LscStatistics s = statistics_of (trace, 11, 0, UINT64_MAX);

  g_assert_cmpuint (s.first_ns, ==, 1000);
  g_assert_cmpuint (s.last_ns, ==, 2000);
  g_assert_cmpuint (s.ns[LSC_STATE_RUNNING], ==, 300);
  g_assert_cmpuint (s.ns[LSC_STATE_RUNNABLE], ==, 50);
  g_assert_cmpuint (s.ns[LSC_STATE_PREEMPTED], ==, 50);
  g_assert_cmpuint (s.ns[LSC_STATE_SLEEPING], ==, 600);
  g_assert_cmpuint (lsc_statistics_get_runnable_ns (&s), ==, 100);
  g_assert_cmpuint (s.switches, ==, 4);
  g_assert_cmpuint (s.voluntary, ==, 2);
  g_assert_cmpuint (s.involuntary, ==, 2);
  g_assert_cmpuint (s.migrations, ==, 1);
  g_assert_cmpuint (s.wakeups, ==, 1);
  g_assert_cmpuint (s.wakeup_latency.count, ==, 1);
  g_assert_cmpuint (s.wakeup_latency.p50_ns, ==, 50);
  g_assert_cmpuint (s.wakeup_latency.max_ns, ==, 50);
  g_assert_cmpuint (s.wakeup_latency.max_at_ns, ==, 1400);
  g_assert_cmpuint (s.max_off_cpu_ns, ==, 350);
  g_assert_cmpuint (s.max_off_cpu_at_ns, ==, 1100);
  g_assert_cmpuint (s.reasons[LSC_REASON_LOCK].ns, ==, 300);
  g_assert_cmpuint (s.reasons[LSC_REASON_TIMER].ns, ==, 300);
  g_assert_cmpuint (s.reasons[LSC_REASON_QUEUE].ns, ==, 50);
  g_assert_cmpuint (s.reasons[LSC_REASON_PREEMPTED].ns, ==, 20);
  g_assert_cmpuint (s.reasons[LSC_REASON_YIELDED].ns, ==, 30);
  g_assert_cmpuint (s.reasons[LSC_REASON_YIELDED].count, ==, 1);
}

static void
test_range_counts_only_its_part (void)
{
  g_autoptr (LscTrace) trace = make_story ();
  LscStatistics s = statistics_of (trace, 11, 1200, 1510);

  g_assert_cmpuint (s.first_ns, ==, 1200);
  g_assert_cmpuint (s.last_ns, ==, 1510);
  g_assert_cmpuint (s.ns[LSC_STATE_RUNNING], ==, 50);
  g_assert_cmpuint (s.ns[LSC_STATE_RUNNABLE], ==, 50);
  g_assert_cmpuint (s.ns[LSC_STATE_SLEEPING], ==, 200);
  g_assert_cmpuint (s.ns[LSC_STATE_PREEMPTED], ==, 10);
  g_assert_cmpuint (s.switches, ==, 1);
  g_assert_cmpuint (s.involuntary, ==, 1);
  g_assert_cmpuint (s.migrations, ==, 1);
  g_assert_cmpuint (s.max_off_cpu_ns, ==, 250);
  g_assert_cmpuint (s.max_off_cpu_at_ns, ==, 1200);
}

/* A moment on the border belongs to the later range, and to the last one at the trace's end. */
static void
test_border_belongs_to_one_side (void)
{
  g_autoptr (LscTrace) trace = make_story ();
  LscStatistics early = statistics_of (trace, 11, 0, 1500);
  LscStatistics late = statistics_of (trace, 11, 1500, UINT64_MAX);

  g_assert_cmpuint (early.switches, ==, 1);
  g_assert_cmpuint (late.switches, ==, 3);
}

static void
test_outside_its_life_there_is_nothing (void)
{
  g_autoptr (LscTrace) trace = make_story ();
  uint32_t index = lsc_trace_find_thread (trace, 11)->index;
  LscStatistics s;

  g_assert_false (lsc_statistics_of_thread (trace, index, 0, 900, &s));
  g_assert_cmpuint (s.last_ns, ==, 0);
  g_assert_false (lsc_statistics_of_thread (trace, index, 3000, 4000, &s));
  g_assert_false (lsc_statistics_of_thread (trace, index, 2000, 1000, &s));
}

static void
test_last_switch_of_a_life_counts (void)
{
  GByteArray *s = begin_stream (1000);
  LscRecordExit gone = { .tid = 11, .tgid = 10 };
  g_autoptr (LscTrace) trace = NULL;
  LscStatistics statistics;

  add_task (s, 1000, 11, "worker", LSC_TASK_ON_CPU, 0);
  add_record (s, &gone, LSC_RECORD_EXIT, 1090, 0);
  add_switch (s, 1100, 0,
              (LscRecordSwitch){ .prev_tid = 11, .prev_state = 0x80, .prev_syscall = -1 });
  end_stream (s, 1500);
  trace = make_trace (s);
  statistics = statistics_of (trace, 11, 0, UINT64_MAX);
  g_assert_cmpuint (statistics.last_ns, ==, 1100);
  g_assert_cmpuint (statistics.switches, ==, 1);
  g_assert_cmpuint (statistics.voluntary, ==, 1);
}

static void
assert_adds_up (const LscStatistics *s)
{
  uint64_t states = 0, reasons = 0;

  for (int i = 0; i < LSC_N_STATES; i++)
    states += s->ns[i];
  for (int i = 0; i < LSC_N_REASONS; i++)
    reasons += s->reasons[i].ns;
  g_assert_cmpuint (states, ==, s->last_ns - s->first_ns);
  g_assert_cmpuint (reasons, ==, states);
  g_assert_cmpuint (s->reasons[LSC_REASON_NONE].ns, ==,
                    s->ns[LSC_STATE_RUNNING] + s->ns[LSC_STATE_ABSENT]);
  g_assert_cmpuint (s->switches, ==, s->voluntary + s->involuntary);
  g_assert_cmpuint (s->max_off_cpu_ns, <=, states - s->ns[LSC_STATE_RUNNING]);
  g_assert_cmpuint (s->wakeup_latency.p50_ns, <=, s->wakeup_latency.p99_ns);
  g_assert_cmpuint (s->wakeup_latency.p99_ns, <=, s->wakeup_latency.max_ns);
  g_assert_cmpuint (s->wakeup_latency.count, <=, s->wakeups);
}

static LscTrace *
make_random_trace (uint64_t seed)
{
  LscSynthConfig config = { .seed = seed,
                            .n_events = 20000,
                            .n_cpus = 1 + (uint32_t) seed % 5,
                            .n_threads = 3 + (uint32_t) seed % 40,
                            .n_processes = 2,
                            .churn = seed % 2 ? 20 : 0,
                            .lost = seed % 3 == 0 ? 5 : 0 };

  return make_trace (lsc_synth_all (&config));
}

static void
test_states_and_reasons_add_up_on_any_stream (void)
{
  for (uint64_t seed = 1; seed <= 12; seed++)
    {
      g_autoptr (LscTrace) trace = make_random_trace (seed);
      g_autoptr (GArray) all = lsc_statistics_of_trace (trace, 0, UINT64_MAX);

      g_assert_cmpuint (all->len, >, 0);
      for (guint i = 0; i < all->len; i++)
        assert_adds_up (&g_array_index (all, LscStatistics, i));
    }
}

/* The counts and times of two neighbouring ranges are those of both together. */
static void
test_parts_add_up_to_the_whole (void)
{
  for (uint64_t seed = 1; seed <= 6; seed++)
    {
      g_autoptr (LscTrace) trace = make_random_trace (seed);
      uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
      uint64_t middle = start + (end - start) / 7 * (seed % 7);

      for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
        {
          LscStatistics a, b, whole;

          lsc_statistics_of_thread (trace, i, 0, middle, &a);
          lsc_statistics_of_thread (trace, i, middle, UINT64_MAX, &b);
          if (!lsc_statistics_of_thread (trace, i, 0, UINT64_MAX, &whole))
            continue;
          g_assert_cmpuint (a.switches + b.switches, ==, whole.switches);
          g_assert_cmpuint (a.wakeups + b.wakeups, ==, whole.wakeups);
          g_assert_cmpuint (a.migrations + b.migrations, ==, whole.migrations);
          for (int state = 0; state < LSC_N_STATES; state++)
            g_assert_cmpuint (a.ns[state] + b.ns[state], ==, whole.ns[state]);
        }
    }
}

/* The sums from what lanes keep are those of a walk over every span. */
static void
test_sums_are_those_of_a_walk (void)
{
  for (uint64_t seed = 1; seed <= 12; seed++)
    {
      g_autoptr (LscTrace) trace = make_random_trace (seed);
      g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) seed);
      uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
      double length = (double) (end - start);

      for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace) * 8; i++)
        {
          uint32_t thread = i / 8;
          uint64_t from = start + (uint64_t) (g_rand_double (rand) * length);
          uint64_t to = from + (uint64_t) (g_rand_double (rand) * (double) (end - from));
          LscStatistics sums, walked;

          if (i % 8 == 0)
            from = 0, to = UINT64_MAX;
          else if (i % 8 == 1)
            to = end;
          g_assert_cmpint (lsc_statistics_sum_of_thread (trace, thread, from, to, &sums), ==,
                           lsc_statistics_of_thread (trace, thread, from, to, &walked));
          g_assert_cmpuint (sums.first_ns, ==, walked.first_ns);
          g_assert_cmpuint (sums.last_ns, ==, walked.last_ns);
          g_assert_cmpuint (sums.voluntary, ==, walked.voluntary);
          g_assert_cmpuint (sums.involuntary, ==, walked.involuntary);
          g_assert_cmpuint (sums.migrations, ==, walked.migrations);
          g_assert_cmpuint (sums.wakeups, ==, walked.wakeups);
          for (int state = 0; state < LSC_N_STATES; state++)
            g_assert_cmpuint (sums.ns[state], ==, walked.ns[state]);
        }
    }
}

/* What the simulation knows about its own threads, lossless. */
static void
test_truth_of_a_simulated_machine (void)
{
  LscSynthConfig config = {
    .seed = 9, .n_events = 50000, .n_cpus = 3, .n_threads = 20, .n_processes = 2
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  GByteArray *stream = g_byte_array_new ();
  g_autoptr (LscTrace) trace = NULL;
  const GArray *truth;

  while (lsc_synth_fill (synth, stream, 1 << 20))
    ;
  trace = make_trace (stream);
  truth = lsc_synth_get_truth (synth);
  g_assert_cmpuint (truth->len, ==, 20);
  for (guint i = 0; i < truth->len; i++)
    {
      const LscSynthTruth *t = &g_array_index (truth, LscSynthTruth, i);
      LscStatistics s = statistics_of (trace, t->tid, 0, UINT64_MAX);

      g_assert_cmpuint (s.ns[LSC_STATE_RUNNING], ==, t->running_ns);
      g_assert_cmpuint (lsc_statistics_get_runnable_ns (&s), ==, t->queued_ns);
      g_assert_cmpuint (s.switches, ==, t->n_switches);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/story", test_known_story_in_numbers);
  g_test_add_func ("/statistics/range", test_range_counts_only_its_part);
  g_test_add_func ("/statistics/border", test_border_belongs_to_one_side);
  g_test_add_func ("/statistics/outside", test_outside_its_life_there_is_nothing);
  g_test_add_func ("/statistics/last-switch", test_last_switch_of_a_life_counts);
  g_test_add_func ("/statistics/add-up", test_states_and_reasons_add_up_on_any_stream);
  g_test_add_func ("/statistics/parts", test_parts_add_up_to_the_whole);
  g_test_add_func ("/statistics/sums", test_sums_are_those_of_a_walk);
  g_test_add_func ("/statistics/truth", test_truth_of_a_simulated_machine);
  return g_test_run ();
}
