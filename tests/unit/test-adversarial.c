/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whatever comes, honest or not: lanes have no holes, times add up, every question agrees with a
 * plain walk over the spans, and memory is bounded.
 */
#include "lib/trace/assembler.h"
#include "tests/support/synth.h"

#include <string.h>

typedef union
{
  LscRecordHead head;
  LscRecordSwitch change;
  LscRecordWaking waking;
  LscRecordTask task;
  LscRecordFork fork;
  LscRecordExec exec;
  LscRecordExit exit;
  LscRecordGap gap;
  uint8_t bytes[sizeof (LscRecordHeader)];
} AnyRecord;

/* The lane's times, the slow way. */
static void
walk (const LscLane *lane, uint64_t from_ns, uint64_t to_ns, uint64_t ns[LSC_N_STATES])
{
  LscLaneIter iter;
  LscSpan span;

  lsc_lane_iter_init (&iter, lane, 0);
  while (lsc_lane_iter_next (&iter, &span))
    if (MIN (span.end_ns, to_ns) > MAX (span.start_ns, from_ns))
      ns[span.facts.state] += MIN (span.end_ns, to_ns) - MAX (span.start_ns, from_ns);
}

static void
assert_no_holes (const LscLane *lane)
{
  uint64_t number = lsc_lane_get_first (lane);
  uint64_t at_ns = lsc_lane_get_start_ns (lane);
  LscLaneIter iter;
  LscSpan span;
  LscSpan same;

  lsc_lane_iter_init (&iter, lane, 0);
  for (; lsc_lane_iter_next (&iter, &span); number++)
    {
      g_assert_cmpuint (span.start_ns, ==, at_ns);
      g_assert_cmpuint (span.end_ns, >=, span.start_ns);
      g_assert_cmpuint (span.facts.state, <, LSC_N_STATES);
      lsc_lane_get (lane, number, &same);
      g_assert_cmpuint (same.start_ns, ==, span.start_ns);
      g_assert_cmpuint (same.end_ns, ==, span.end_ns);
      g_assert_true (memcmp (&same.facts, &span.facts, sizeof span.facts) == 0);
      at_ns = span.end_ns;
    }
  g_assert_cmpuint (number, ==, lsc_lane_get_end (lane));
  if (number > lsc_lane_get_first (lane))
    g_assert_cmpuint (at_ns, ==, lsc_lane_get_end_ns (lane));
}

static void
assert_answers (const LscLane *lane, GRand *rand)
{
  uint64_t start_ns = lsc_lane_get_start_ns (lane);
  uint64_t length_ns = lsc_lane_get_end_ns (lane) - start_ns;

  for (int i = 0; i < 8; i++)
    {
      uint64_t from_ns = start_ns + (uint64_t) (g_rand_double (rand) * (double) length_ns);
      uint64_t to_ns = from_ns + (uint64_t) (g_rand_double (rand) * (double) length_ns / (i + 1));
      uint64_t sums[LSC_N_STATES] = { 0 };
      uint64_t slow[LSC_N_STATES] = { 0 };
      float shares[LSC_N_STATES];
      float all = 0;
      uint64_t total = 0;

      if (to_ns < from_ns)
        to_ns = UINT64_MAX;
      lsc_lane_sum (lane, from_ns, to_ns, sums);
      walk (lane, from_ns, to_ns, slow);
      for (int state = 0; state < LSC_N_STATES; state++)
        {
          total += sums[state];
          if (state != LSC_STATE_ABSENT)
            g_assert_cmpuint (sums[state], ==, slow[state]);
        }
      g_assert_cmpuint (total, ==, to_ns - from_ns);
      if (!lsc_lane_get_shares (lane, from_ns, to_ns, shares))
        continue;
      for (int state = 0; state < LSC_N_STATES; state++)
        all += shares[state];
      g_assert_cmpfloat_with_epsilon (all, 1.0f, 0.01f);
    }
}

static void
assert_sound (const LscTrace *trace, GRand *rand)
{
  uint32_t n_kept = 0;

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, i);

      g_assert_nonnull (lsc_trace_get_process (trace, thread->process));
      g_assert_cmpuint (lsc_trace_has_thread (trace, i), ==, thread->index == i);
      g_assert_cmpuint (lsc_trace_has_thread (trace, i), ==, lsc_trace_next_thread (trace, i) == i);
      n_kept += lsc_trace_has_thread (trace, i);
      g_assert_true (lsc_trace_has_thread (trace, i) || thread->lane == NULL);
      if (thread->lane == NULL)
        continue;
      g_assert_true (lsc_trace_has_process (trace, thread->process));
      assert_no_holes (thread->lane);
      assert_answers (thread->lane, rand);
    }
  for (uint32_t cpu = 0; cpu < lsc_trace_get_n_cpus (trace); cpu++)
    assert_no_holes (lsc_trace_get_cpu_lane (trace, cpu));
  g_assert_cmpuint (n_kept, ==, lsc_trace_get_n_threads_kept (trace));
}

/* All that `cut` still holds of a lane is as in `whole`. */
static void
assert_same_spans (const LscLane *cut, const LscLane *whole)
{
  uint64_t first = lsc_lane_get_first (cut), end = lsc_lane_get_end (cut);
  LscSpan a, b;

  g_assert_cmpuint (end, ==, lsc_lane_get_end (whole));
  for (uint64_t number = first; number < end; number++)
    {
      lsc_lane_get (cut, number, &a);
      lsc_lane_get (whole, number, &b);
      if (number == first)
        a.facts.cpu = b.facts.cpu; /* where it last ran may have been dropped */
      g_assert_cmpuint (a.start_ns, ==, b.start_ns);
      g_assert_cmpuint (a.end_ns, ==, b.end_ns);
      g_assert_true (memcmp (&a.facts, &b.facts, sizeof a.facts) == 0);
    }
}

/* `cut` was fed what `whole` was, and has a limit: threads have the same numbers, what it has not
 * forgotten is the same, and what it has is older than what it dropped. */
static void
assert_forgets_only_the_old (const LscTrace *cut, const LscTrace *whole)
{
  g_assert_cmpuint (lsc_trace_get_n_threads (cut), ==, lsc_trace_get_n_threads (whole));
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (whole); i++)
    {
      const LscThread *a = lsc_trace_get_thread (cut, i), *b = lsc_trace_get_thread (whole, i);
      const LscProcess *process = lsc_trace_get_process (cut, a->process);

      if (!lsc_trace_has_thread (cut, i))
        {
          g_assert_true (b->ended);
          g_assert_cmpuint (lsc_lane_get_end_ns (b->lane), <=, lsc_trace_get_start_ns (cut));
          continue;
        }
      g_assert_cmpuint (a->tid, ==, b->tid);
      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_cmpuint (process->tgid, ==, lsc_trace_get_process (whole, b->process)->tgid);
      g_assert_cmpuint (a->lane == NULL, ==, b->lane == NULL);
      if (a->lane != NULL)
        assert_same_spans (a->lane, b->lane);
    }
  for (uint32_t cpu = 0; cpu < lsc_trace_get_n_cpus (whole); cpu++)
    assert_same_spans (lsc_trace_get_cpu_lane (cut, cpu), lsc_trace_get_cpu_lane (whole, cpu));
}

/* A small pool makes ids meet each other; now and then an impossible one. */
static uint32_t
any_tid (GRand *rand)
{
  return g_rand_int_range (rand, 0, 50) == 0 ? g_rand_int (rand)
                                             : (uint32_t) g_rand_int_range (rand, 0, 40);
}

static void
make_record (GRand *rand, uint64_t *time_ns, AnyRecord *record)
{
  static const LscRecordKind kinds[] = { LSC_RECORD_SWITCH, LSC_RECORD_SWITCH, LSC_RECORD_SWITCH,
                                         LSC_RECORD_WAKING, LSC_RECORD_WAKING, LSC_RECORD_TASK,
                                         LSC_RECORD_FORK,   LSC_RECORD_EXEC,   LSC_RECORD_EXIT,
                                         LSC_RECORD_GAP };
  static const uint32_t states[] = { 0, 0, 1, 2, 4, 0x80, 0x402, 0x2001, 0x10, 0xffffffff };
  LscRecordKind kind = kinds[(guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds))];

  for (gsize i = 0; i < sizeof *record; i++)
    record->bytes[i] = (uint8_t) g_rand_int (rand);
  *time_ns += (uint64_t) g_rand_int_range (rand, 0, 20000);
  record->head.time_ns = *time_ns;
  if (g_rand_int_range (rand, 0, 20) == 0)
    record->head.time_ns -= MIN (*time_ns, (uint64_t) g_rand_int_range (rand, 0, 1000000));
  record->head.kind = (uint8_t) kind;
  record->head.size = lsc_record_size_of (record->head.kind);
  record->head.cpu =
      g_rand_int_range (rand, 0, 100) == 0 ? g_rand_int (rand) : g_rand_int (rand) % 4;
  /* Every kind begins with two ids, but for the gap. */
  record->change.prev_tid = any_tid (rand);
  record->change.next_tid = any_tid (rand);
  if (kind == LSC_RECORD_SWITCH)
    record->change.prev_state = states[(guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (states))];
  if (kind == LSC_RECORD_TASK)
    {
      record->task.start_ns = g_rand_int (rand) % 5;
      record->task.name[LSC_NAME_SIZE - 1] = '\0';
    }
  if (kind == LSC_RECORD_EXEC)
    record->exec.name[LSC_NAME_SIZE - 1] = '\0';
  if (kind == LSC_RECORD_GAP && g_rand_boolean (rand))
    {
      record->gap.first_ns = record->head.time_ns - MIN (record->head.time_ns, 5000);
      record->gap.last_ns = record->head.time_ns;
    }
}

static void
test_random_records (gconstpointer data)
{
  GRand *rand = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  bool forgets = GPOINTER_TO_UINT (data) % 2 == 0;
  uint64_t time_ns = 1000000000;

  lsc_trace_set_memory_limit (trace, forgets ? 400000 : 0);
  for (guint i = 0; i < 20000; i++)
    {
      AnyRecord record;

      make_record (rand, &time_ns, &record);
      g_assert_cmpint (lsc_assembler_feed (assembler, &record, record.head.size), ==,
                       record.head.size);
      if (i % 2000 == 0)
        assert_sound (trace, rand);
    }
  lsc_assembler_finish (assembler);
  assert_sound (trace, rand);
  g_assert_cmpuint (lsc_trace_get_n_forgotten (trace) > 100, ==, forgets);
  g_rand_free (rand);
}

/* Two traces of one stream, one of which forgets: what it still has is the same. */
static void
test_forgetting (gconstpointer data)
{
  const size_t limit = 1000000;
  LscSynthConfig config = { .seed = GPOINTER_TO_UINT (data),
                            .n_events = 150000,
                            .n_cpus = 4,
                            .n_threads = 40,
                            .n_processes = 7,
                            .churn = 60,
                            .lost = 5 };
  GRand *rand = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscTrace) cut = lsc_trace_new (), whole = lsc_trace_new ();
  g_autoptr (LscAssembler) into_cut = lsc_assembler_new (cut);
  g_autoptr (LscAssembler) into_whole = lsc_assembler_new (whole);
  uint64_t compared_at = 0;

  lsc_trace_set_memory_limit (cut, limit);
  while (lsc_synth_fill (synth, bytes, (gsize) g_rand_int_range (rand, 100, 1 << 14)))
    {
      g_assert_cmpint (lsc_assembler_feed (into_cut, bytes->data, bytes->len), ==, bytes->len);
      g_assert_cmpint (lsc_assembler_feed (into_whole, bytes->data, bytes->len), ==, bytes->len);
      g_byte_array_set_size (bytes, 0);
      g_assert_cmpuint (lsc_trace_get_memory (cut), <, limit + limit / 2);
      if (lsc_trace_get_n_forgotten (cut) < compared_at + 200)
        continue;
      compared_at = lsc_trace_get_n_forgotten (cut);
      assert_forgets_only_the_old (cut, whole);
      assert_sound (cut, rand);
    }
  g_assert_cmpuint (compared_at, >, 1000);
  g_assert_cmpuint (lsc_trace_get_n_threads_kept (cut), <, lsc_trace_get_n_threads (cut) / 2);
  g_rand_free (rand);
}

/* An honest stream in which records vanish, come twice or change places. */
static void
test_disturbed_stream (gconstpointer data)
{
  LscSynthConfig config = { .seed = GPOINTER_TO_UINT (data),
                            .n_events = 30000,
                            .n_cpus = 4,
                            .n_threads = 30,
                            .n_processes = 3,
                            .churn = 30,
                            .lost = 10 };
  GRand *rand = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  g_autoptr (GByteArray) bytes = lsc_synth_all (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  const uint8_t *held = NULL;

  for (gsize at = 0; at < bytes->len;)
    {
      const uint8_t *record = bytes->data + at;
      int size = lsc_record_check (record, bytes->len - at);
      int what = g_rand_int_range (rand, 0, 100);

      g_assert_cmpint (size, >, 0);
      at += (gsize) size;
      if (what == 0)
        continue;
      if (what == 1)
        lsc_assembler_feed (assembler, record, (gsize) size);
      if (what == 2 && held == NULL)
        {
          held = record;
          continue;
        }
      lsc_assembler_feed (assembler, record, (gsize) size);
      if (held != NULL)
        lsc_assembler_feed (assembler, held, ((const LscRecordHead *) (const void *) held)->size);
      held = NULL;
    }
  assert_sound (trace, rand);
  g_rand_free (rand);
}

/* Every id there is, and a million threads. */
static void
test_memory_is_bounded (void)
{
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  LscRecordSwitch record = { .head = { .size = sizeof record, .kind = LSC_RECORD_SWITCH },
                             .prev_state = 1,
                             .prev_syscall = -1 };

  for (uint32_t i = 0; i < 1000000; i++)
    {
      record.head.time_ns++;
      record.prev_tid = i * 4297u; /* all over the 32 bits */
      record.prev_arg = i;
      lsc_assembler_feed (assembler, &record, sizeof record);
    }
  g_assert_cmpuint (lsc_trace_get_n_threads (trace), <, 2000);
  for (uint32_t i = 1; i <= 1000000; i++)
    {
      record.head.time_ns++;
      record.prev_tid = i;
      record.prev_arg = i;
      lsc_assembler_feed (assembler, &record, sizeof record);
    }
  g_assert_cmpuint (lsc_trace_get_n_threads (trace), <=, 1002000);
  g_assert_cmpuint (lsc_trace_get_memory (trace), <, UINT64_C (1200) * 1000000);
}

/* A live trace with a limit: it forgets the oldest, keeps the newest, and stays sound. */
static void
test_a_limit_is_kept (void)
{
  const size_t limit = 3000000;
  LscSynthConfig config = {
    .seed = 9, .n_events = 1000000, .n_cpus = 4, .n_threads = 50, .n_processes = 5, .churn = 1
  };
  GRand *rand = g_rand_new_with_seed (9);
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  uint64_t first_ns = 0;

  lsc_trace_set_memory_limit (trace, limit);
  for (guint i = 0; lsc_synth_fill (synth, bytes, 1 << 16); i++)
    {
      g_assert_cmpint (lsc_assembler_feed (assembler, bytes->data, bytes->len), ==, bytes->len);
      g_byte_array_set_size (bytes, 0);
      g_assert_cmpuint (lsc_trace_get_memory (trace), <, limit + limit / 4);
      if (first_ns == 0)
        first_ns = lsc_trace_get_start_ns (trace);
      if (i % 100 == 0)
        assert_sound (trace, rand);
    }
  assert_sound (trace, rand);
  g_assert_true (lsc_trace_has_dropped (trace));
  g_assert_cmpuint (lsc_trace_get_start_ns (trace), >, first_ns);
  g_assert_cmpuint (lsc_trace_get_memory (trace), >, limit / 2);
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint seed = 1; seed <= 4; seed++)
    {
      g_autofree char *random = g_strdup_printf ("/adversarial/random/%u", seed);
      g_autofree char *disturbed = g_strdup_printf ("/adversarial/disturbed/%u", seed);
      g_autofree char *forgetting = g_strdup_printf ("/adversarial/forgetting/%u", seed);

      g_test_add_data_func (random, GUINT_TO_POINTER (seed), test_random_records);
      g_test_add_data_func (disturbed, GUINT_TO_POINTER (seed), test_disturbed_stream);
      g_test_add_data_func (forgetting, GUINT_TO_POINTER (seed), test_forgetting);
    }
  g_test_add_func ("/adversarial/memory", test_memory_is_bounded);
  g_test_add_func ("/adversarial/limit", test_a_limit_is_kept);
  return g_test_run ();
}
