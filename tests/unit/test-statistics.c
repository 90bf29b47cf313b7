/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/statistics.h"
#include "lib/trace/assembler.h"
#include "lib/trace/lane-digest.h"
#include "tests/support/handmade.h"
#include "tests/support/slow-statistics.h"
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

/* To 1/4096, and the rounding of the middle. */
static void
assert_near (uint64_t ours, uint64_t exact)
{
  g_assert_cmpuint (MAX (ours, exact) - MIN (ours, exact), <=, exact / 4096 + 1);
}

static void
assert_same (const LscStatistics *ours, const LscStatistics *slow)
{
  g_assert_cmpuint (ours->first_ns, ==, slow->first_ns);
  g_assert_cmpuint (ours->last_ns, ==, slow->last_ns);
  g_assert_true (memcmp (ours->ns, slow->ns, sizeof ours->ns) == 0);
  g_assert_cmpuint (ours->voluntary, ==, slow->voluntary);
  g_assert_cmpuint (ours->involuntary, ==, slow->involuntary);
  g_assert_cmpuint (ours->switches, ==, slow->switches);
  g_assert_cmpuint (ours->migrations, ==, slow->migrations);
  g_assert_cmpuint (ours->wakeups, ==, slow->wakeups);
  g_assert_cmpuint (ours->max_off_cpu_ns, ==, slow->max_off_cpu_ns);
  g_assert_cmpuint (ours->max_off_cpu_at_ns, ==, slow->max_off_cpu_at_ns);
  g_assert_true (memcmp (ours->reasons, slow->reasons, sizeof ours->reasons) == 0);
  g_assert_cmpuint (ours->wakeup_latency.count, ==, slow->wakeup_latency.count);
  g_assert_cmpuint (ours->wakeup_latency.max_ns, ==, slow->wakeup_latency.max_ns);
  g_assert_cmpuint (ours->wakeup_latency.max_at_ns, ==, slow->wakeup_latency.max_at_ns);
  assert_near (ours->wakeup_latency.p50_ns, slow->wakeup_latency.p50_ns);
  assert_near (ours->wakeup_latency.p99_ns, slow->wakeup_latency.p99_ns);
}

/* What lanes have digested says the same as a look at every span: of one thread's every kind of
 * range, to its edges and in between. */
static void
assert_same_in_ranges (const LscTrace *trace, uint32_t thread, GRand *rand)
{
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  double length = (double) (end - start);

  for (uint32_t i = 0; i < 8; i++)
    {
      uint64_t from = start + (uint64_t) (g_rand_double (rand) * length);
      uint64_t to = from + (uint64_t) (g_rand_double (rand) * (double) (end - from));
      LscStatistics ours, slow;
      bool lived;

      if (i == 0)
        from = 0, to = UINT64_MAX;
      else if (i == 1)
        to = end;
      else if (i == 2)
        from = start;
      lived = slow_statistics_of_thread (trace, thread, from, to, &slow);
      g_assert_cmpint (lsc_statistics_of_thread (trace, thread, from, to, &ours), ==, lived);
      if (lived)
        assert_same (&ours, &slow);
    }
}

static void
assert_same_for_all (const LscTrace *trace, uint32_t seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    assert_same_in_ranges (trace, i, rand);
}

static void
test_digests_agree_with_a_look_at_every_span (void)
{
  LscSynthConfig large = { .seed = 77,
                           .n_events = 150000,
                           .n_cpus = 3,
                           .n_threads = 8,
                           .n_processes = 2,
                           .churn = 1,
                           .lost = 1 };
  g_autoptr (LscTrace) trace = make_trace (lsc_synth_all (&large));

  assert_same_for_all (trace, 77);
  for (uint32_t seed = 1; seed <= 12; seed++)
    {
      g_autoptr (LscTrace) small = make_random_trace (seed);

      assert_same_for_all (small, seed);
    }
}

/* The thread with the most spans. */
static uint32_t
find_longest (const LscTrace *trace)
{
  uint32_t longest = 0;

  for (uint32_t i = 1; i < lsc_trace_get_n_threads (trace); i++)
    if (lsc_lane_get_end (lsc_trace_get_thread (trace, i)->lane)
        > lsc_lane_get_end (lsc_trace_get_thread (trace, longest)->lane))
      longest = i;
  return longest;
}

/* Ranges that begin or end where a span does, all over a chapter's two ends. */
static void
test_digests_hold_at_every_edge (void)
{
  LscSynthConfig config = {
    .seed = 5, .n_events = 20000, .n_cpus = 2, .n_threads = 3, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = make_trace (lsc_synth_all (&config));
  uint32_t thread = find_longest (trace);
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;

  g_assert_cmpuint (lsc_lane_get_end (lane), >, 5000);
  for (uint64_t number = 2000; number < 2400; number++)
    {
      LscStatistics ours, slow;
      LscSpan span;

      lsc_lane_get (lane, number, &span);
      for (unsigned side = 0; side < 4; side++)
        {
          uint64_t from = side < 2 ? span.start_ns + side : 0;
          uint64_t to = side < 2 ? UINT64_MAX : span.start_ns + side - 2;

          g_assert_true (slow_statistics_of_thread (trace, thread, from, to, &slow));
          g_assert_true (lsc_statistics_of_thread (trace, thread, from, to, &ours));
          assert_same (&ours, &slow);
        }
    }
}

static void
feed_in_pieces (LscTrace *trace, const GByteArray *stream)
{
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);

  for (gsize at = 0; at < stream->len;)
    {
      gsize n = MIN (stream->len - at, 65536);
      int64_t done = lsc_assembler_feed (assembler, stream->data + at, n);

      g_assert_cmpint (done, >, 0);
      at += (gsize) done;
    }
}

/* What a trace has kept of the past says the same as one that has forgotten nothing, from the very
 * span on where it was cut. */
static void
test_a_cut_trace_agrees_with_a_whole_one (void)
{
  LscSynthConfig config = { .seed = 31,
                            .n_events = 300000,
                            .n_cpus = 4,
                            .n_threads = 12,
                            .n_processes = 3,
                            .churn = 1,
                            .lost = 1 };
  g_autoptr (GByteArray) stream = lsc_synth_all (&config);
  g_autoptr (LscTrace) whole = lsc_trace_new (), cut = lsc_trace_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (31);
  uint32_t n_compared = 0;

  lsc_trace_set_memory_limit (cut, 3000000);
  feed_in_pieces (whole, stream);
  feed_in_pieces (cut, stream);
  g_assert_true (lsc_trace_has_dropped (cut));
  for (uint32_t i = lsc_trace_next_thread (cut, 0); i < lsc_trace_get_n_threads (cut);
       i = lsc_trace_next_thread (cut, i + 1))
    {
      const LscLane *lane = lsc_trace_get_thread (cut, i)->lane;
      uint64_t start = lsc_lane_get_start_ns (lane), end = lsc_lane_get_end_ns (lane);

      if (lsc_lane_get_first (lane) == 0 || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
        continue;
      n_compared++;
      for (uint32_t n = 0; n < 40; n++)
        {
          /* The span at the cut may be a wakeup whose begin is not known any more. */
          uint64_t from = start + (n + 3) / 4 * (end - start) / 64 + (n > 0);
          uint64_t to = n % 4 == 0 ? UINT64_MAX : from + (uint64_t) g_rand_int (rand);
          LscLaneCounts a, b;
          LscStatistics ours, theirs;

          lsc_lane_count (lane, from, to, &a);
          lsc_lane_count (lsc_trace_get_thread (whole, i)->lane, from, to, &b);
          g_assert_true (memcmp (&a, &b, sizeof a) == 0);
          if (n == 0 || !slow_statistics_of_thread (whole, i, from, to, &theirs))
            continue;
          g_assert_true (lsc_statistics_of_thread (cut, i, from, to, &ours));
          assert_same (&ours, &theirs);
        }
    }
  g_assert_cmpuint (n_compared, >, 5);
}

/* Codes are ordered, near what they stand for, and exact where they say so. */
static void
test_latency_codes (void)
{
  uint16_t before = 0;

  for (uint64_t ns = 0; ns < UINT64_C (1) << 42; ns += 1 + ns / 1000)
    {
      uint16_t code = lsc_latency_to_code (ns);
      uint64_t back = lsc_latency_of_code (code);

      g_assert_cmpuint (code, >=, before);
      g_assert_cmpuint (MAX (back, ns) - MIN (back, ns), <=, ns < 4096 ? 0 : ns / 4096);
      before = code;
    }
  g_assert_cmpuint (lsc_latency_to_code (UINT64_MAX), ==, UINT16_MAX);
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
  g_test_add_func ("/statistics/digests", test_digests_agree_with_a_look_at_every_span);
  g_test_add_func ("/statistics/edges", test_digests_hold_at_every_edge);
  g_test_add_func ("/statistics/cut", test_a_cut_trace_agrees_with_a_whole_one);
  g_test_add_func ("/statistics/codes", test_latency_codes);
  g_test_add_func ("/statistics/truth", test_truth_of_a_simulated_machine);
  return g_test_run ();
}
