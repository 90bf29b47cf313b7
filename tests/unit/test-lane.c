/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane.h"

#include <glib.h>

typedef struct
{
  LscLaneShared shared;
  LscLane *lane;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  lsc_lane_shared_init (&f->shared);
  f->lane = lsc_lane_new (&f->shared);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  lsc_lane_free (f->lane);
  g_assert_cmpuint (f->shared.memory, ==, 0);
  lsc_lane_shared_clear (&f->shared);
}

static void
add (Fixture *f, uint64_t time_ns, LscState state, uint32_t cpu)
{
  LscFacts facts = { .state = (uint8_t) state, .syscall = -1, .cpu = cpu };

  lsc_lane_append (f->lane, time_ns, lsc_cause_table_intern (f->shared.causes, &facts));
  f->shared.end_ns = MAX (f->shared.end_ns, time_ns);
}

static void
test_spans_touch_and_the_last_is_open (Fixture *f, gconstpointer data)
{
  LscSpan span;

  add (f, 100, LSC_STATE_RUNNING, 3);
  add (f, 150, LSC_STATE_SLEEPING, 3);
  f->shared.end_ns = 400;
  g_assert_cmpuint (lsc_lane_get_end (f->lane), ==, 2);
  lsc_lane_get (f->lane, 0, &span);
  g_assert_cmpuint (span.start_ns, ==, 100);
  g_assert_cmpuint (span.end_ns, ==, 150);
  g_assert_cmpuint (span.facts.cpu, ==, 3);
  g_assert_false (span.open_end);
  lsc_lane_get (f->lane, 1, &span);
  g_assert_cmpuint (span.end_ns, ==, 400);
  g_assert_true (span.open_end);
  lsc_lane_close (f->lane, 300);
  lsc_lane_get (f->lane, 1, &span);
  g_assert_cmpuint (span.end_ns, ==, 300);
  g_assert_false (span.open_end);
}

static void
test_find_gives_the_last_span_that_has_begun (Fixture *f, gconstpointer data)
{
  add (f, 100, LSC_STATE_RUNNING, 0);
  add (f, 200, LSC_STATE_SLEEPING, 0);
  add (f, 200, LSC_STATE_RUNNABLE, 0); /* woken while it fell asleep: 0 ns long */
  add (f, 300, LSC_STATE_RUNNING, 0);
  g_assert_cmpuint (lsc_lane_find (f->lane, 0), ==, 0);
  g_assert_cmpuint (lsc_lane_find (f->lane, 199), ==, 0);
  g_assert_cmpuint (lsc_lane_find (f->lane, 200), ==, 2);
  g_assert_cmpuint (lsc_lane_find (f->lane, UINT64_MAX), ==, 3);
}

static void
test_time_never_goes_back (Fixture *f, gconstpointer data)
{
  LscSpan span;

  add (f, 100, LSC_STATE_RUNNING, 0);
  add (f, 90, LSC_STATE_SLEEPING, 0);
  lsc_lane_get (f->lane, 1, &span);
  g_assert_cmpuint (span.start_ns, ==, 100);
}

static void
test_a_life_after_the_end_leaves_absence_between (Fixture *f, gconstpointer data)
{
  LscSpan span;

  add (f, 100, LSC_STATE_RUNNING, 0);
  lsc_lane_close (f->lane, 200);
  add (f, 500, LSC_STATE_RUNNING, 0);
  g_assert_true (lsc_lane_span_at (f->lane, 300, &span));
  g_assert_cmpint (span.facts.state, ==, LSC_STATE_ABSENT);
  g_assert_cmpuint (span.start_ns, ==, 200);
  g_assert_cmpuint (span.end_ns, ==, 500);
}

static void
test_outside_its_life_a_lane_is_absent (Fixture *f, gconstpointer data)
{
  uint64_t ns[LSC_N_STATES] = { 0 };
  LscSpan span;

  add (f, 100, LSC_STATE_RUNNING, 0);
  f->shared.end_ns = 200;
  g_assert_false (lsc_lane_span_at (f->lane, 99, &span));
  g_assert_false (lsc_lane_span_at (f->lane, 200, &span));
  lsc_lane_sum (f->lane, 50, 450, ns);
  g_assert_cmpuint (ns[LSC_STATE_RUNNING], ==, 100);
  g_assert_cmpuint (ns[LSC_STATE_ABSENT], ==, 300);
}

/* Thousands of spans with short steps and some too long for a block: every way to ask agrees with a
 * plain walk. */
static void
test_every_question_agrees_with_a_plain_walk (Fixture *f, gconstpointer data)
{
  enum
  {
    N = 3000,
    QUESTIONS = 400
  };
  g_autofree uint64_t *starts = g_new (uint64_t, N + 1);
  g_autofree LscState *states = g_new (LscState, N);
  GRand *rand = g_rand_new_with_seed (7);
  uint64_t time_ns = 1000;

  for (guint i = 0; i < N; i++)
    {
      starts[i] = time_ns;
      states[i] = (LscState) g_rand_int_range (rand, 0, LSC_STATE_ABSENT);
      add (f, time_ns, states[i], 0);
      time_ns += g_rand_int_range (rand, 0, 50) == 0 ? UINT64_C (90000000000)
                                                     : (uint64_t) g_rand_int_range (rand, 0, 5000);
    }
  starts[N] = f->shared.end_ns = time_ns;
  for (guint q = 0; q < QUESTIONS; q++)
    {
      uint64_t from = (uint64_t) (g_rand_double (rand) * (double) time_ns);
      uint64_t to = from + (uint64_t) (g_rand_double (rand) * (double) (time_ns - from));
      uint64_t expected[LSC_N_STATES] = { 0 };
      uint64_t sums[LSC_N_STATES] = { 0 };
      LscLaneIter iter;
      LscSpan span;
      guint i = 0;

      for (guint s = 0; s < N; s++)
        if (MIN (starts[s + 1], to) > MAX (starts[s], from))
          expected[states[s]] += MIN (starts[s + 1], to) - MAX (starts[s], from);
      lsc_lane_sum (f->lane, MAX (from, 1000), to, sums);
      for (int state = 0; state < LSC_STATE_ABSENT; state++)
        g_assert_cmpuint (sums[state], ==, expected[state]);

      for (guint s = 0; s < N && starts[s] <= from; s++)
        i = s;
      g_assert_cmpuint (lsc_lane_find (f->lane, from), ==, i);
      lsc_lane_iter_init (&iter, f->lane, from);
      for (guint s = i; s < MIN (i + 200, N); s++)
        {
          g_assert_true (lsc_lane_iter_next (&iter, &span));
          g_assert_cmpuint (span.start_ns, ==, starts[s]);
          g_assert_cmpuint (span.end_ns, ==, starts[s + 1]);
          g_assert_cmpint (span.facts.state, ==, states[s]);
        }
    }
  g_rand_free (rand);
}

/* A block's last span may start a nanosecond before as long as a block can be; the next one begins
 * a new block. */
static void
test_no_start_is_cut_at_the_end_of_a_block (Fixture *f, gconstpointer data)
{
  const uint64_t block_ns = UINT64_C (1) << LSC_LANE_START_BITS;
  uint64_t starts[] = { 7, 8, 7 + block_ns - 1, 7 + block_ns, 7 + 2 * block_ns, 7 + 9 * block_ns };
  LscSpan span;

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    add (f, starts[i], i % 2 == 0 ? LSC_STATE_RUNNING : LSC_STATE_SLEEPING, 3);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      lsc_lane_get (f->lane, i, &span);
      g_assert_cmpuint (span.start_ns, ==, starts[i]);
      g_assert_cmpint (span.facts.state, ==, i % 2 == 0 ? LSC_STATE_RUNNING : LSC_STATE_SLEEPING);
      g_assert_cmpuint (lsc_lane_find (f->lane, starts[i]), ==, i);
    }
}

static void
test_a_cause_keeps_its_facts (void)
{
  LscCauseTable *table = lsc_cause_table_new ();
  static const LscFacts zeros = { 0 };
  LscCause first = 0;

  g_assert_cmpint (lsc_cause_table_get (table, lsc_cause_table_intern (table, &zeros))->state, ==,
                   LSC_STATE_UNKNOWN);
  for (uint32_t i = 0; i < 5000; i++)
    {
      LscFacts facts = { .state = LSC_STATE_SLEEPING, .syscall = 202, .arg = i, .cpu = i % 7 };
      LscCause cause = lsc_cause_table_intern (table, &facts);

      if (i == 0)
        first = cause;
      g_assert_cmpuint (lsc_cause_table_get (table, cause)->arg, ==, i);
      g_assert_cmpint (lsc_cause_get_state (cause), ==, LSC_STATE_SLEEPING);
      g_assert_cmpuint (lsc_cause_table_intern (table, &facts), ==, cause);
    }
  g_assert_cmpuint (lsc_cause_table_get (table, first)->arg, ==, 0);
  g_assert_cmpint (lsc_cause_table_get (table, LSC_CAUSE_ABSENT)->state, ==, LSC_STATE_ABSENT);
  lsc_cause_table_free (table);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/lane/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("touch", test_spans_touch_and_the_last_is_open);
  ADD ("find", test_find_gives_the_last_span_that_has_begun);
  ADD ("end-of-a-block", test_no_start_is_cut_at_the_end_of_a_block);
  ADD ("never-back", test_time_never_goes_back);
  ADD ("second-life", test_a_life_after_the_end_leaves_absence_between);
  ADD ("absent-outside", test_outside_its_life_a_lane_is_absent);
  ADD ("agrees-with-walk", test_every_question_agrees_with_a_plain_walk);
  g_test_add_func ("/lane/cause", test_a_cause_keeps_its_facts);
  return g_test_run ();
}
