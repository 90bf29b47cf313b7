/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane.h"
#include "lib/trace/pyramid.h"

#include <glib.h>
#include <math.h>

static size_t memory; /* bytes all pyramids hold */

static void
test_shares_of_a_long_span (void)
{
  LscPyramid *pyramid = lsc_pyramid_new (&memory);
  float shares[LSC_N_STATES];

  lsc_pyramid_add (pyramid, LSC_STATE_SLEEPING, 0, UINT64_C (3600000000000));
  g_assert_true (lsc_pyramid_get_shares (pyramid, 0, UINT64_C (3600000000000), shares));
  g_assert_cmpfloat_with_epsilon (shares[LSC_STATE_SLEEPING], 1.0f, 0.01f);
  g_assert_false (lsc_pyramid_get_shares (pyramid, 5, 6, shares));
  g_assert_cmpuint (memory, <, 8192);
  lsc_pyramid_free (pyramid);
}

/* One run of 1 ns in an hour of sleep is still there, at every width that holds it. */
static void
test_one_nanosecond_in_an_hour_is_seen (void)
{
  const uint64_t hour_ns = UINT64_C (3600000000000);
  const uint64_t run_ns = UINT64_C (1234567890123);
  LscPyramid *pyramid = lsc_pyramid_new (&memory);
  float shares[LSC_N_STATES];

  lsc_pyramid_add (pyramid, LSC_STATE_SLEEPING, 0, run_ns);
  lsc_pyramid_add (pyramid, LSC_STATE_RUNNING, run_ns, run_ns + 1);
  lsc_pyramid_add (pyramid, LSC_STATE_SLEEPING, run_ns + 1, hour_ns);
  for (uint64_t width = hour_ns; width > UINT64_C (200000000000); width /= 2)
    {
      uint64_t from = run_ns / width * width;

      g_assert_true (lsc_pyramid_get_shares (pyramid, from, from + width, shares));
      g_assert_cmpfloat (shares[LSC_STATE_RUNNING], >, 0.0f);
    }
  lsc_pyramid_free (pyramid);
}

/* Random spans, short and long: the shares of any range are near the exact ones, and nothing is
 * lost. */
static void
test_shares_are_near_the_exact_times (void)
{
  LscLaneShared shared;
  LscLane *lane;
  GRand *rand = g_rand_new_with_seed (11);
  guint n_asked = 0;

  lsc_lane_shared_init (&shared);
  shared.end_ns = 1000000;
  lane = lsc_lane_new (&shared);
  for (guint i = 0; i < 20000; i++)
    {
      LscFacts facts = { .state = (uint8_t) g_rand_int_range (rand, 0, LSC_STATE_ABSENT) };

      lsc_lane_append (lane, shared.end_ns, lsc_cause_table_intern (shared.causes, &facts));
      shared.end_ns += (uint64_t) g_rand_int_range (rand, 0, i % 100 == 0 ? 3000000 : 20000);
    }
  for (guint i = 0; i < 3000; i++)
    {
      uint64_t width = (uint64_t) exp (g_rand_double_range (rand, 10, 20));
      uint64_t from = (uint64_t) g_rand_double_range (rand, 0, (double) shared.end_ns);
      uint64_t exact[LSC_N_STATES] = { 0 };
      float shares[LSC_N_STATES];
      float sum = 0;

      if (!lsc_lane_get_shares (lane, from, from + width, shares))
        continue;
      n_asked++;
      lsc_lane_sum (lane, from, from + width, exact);
      for (int state = 0; state < LSC_N_STATES; state++)
        {
          /* A bucket at each edge may be shared with the neighbour: up to a quarter of the range
           * each. */
          g_assert_cmpfloat (fabs ((double) shares[state] - (double) exact[state] / (double) width),
                             <, 0.3);
          sum += shares[state];
        }
      g_assert_cmpfloat_with_epsilon (sum, 1.0f, 0.001f);
    }
  g_assert_cmpuint (n_asked, >, 1000);
  g_rand_free (rand);
  lsc_lane_free (lane);
  lsc_lane_shared_clear (&shared);
}

/* Over the whole life the edges do not matter: shares agree with the exact times to the rounding.
 */
static void
test_the_whole_does_not_drift (void)
{
  LscPyramid *pyramid = lsc_pyramid_new (&memory);
  GRand *rand = g_rand_new_with_seed (5);
  uint64_t ns[LSC_N_STATES] = { 0 };
  uint64_t time_ns = UINT64_C (1) << 32;
  uint64_t start_ns = time_ns;
  float shares[LSC_N_STATES];

  for (guint i = 0; i < 500000; i++)
    {
      LscState state = (LscState) g_rand_int_range (rand, 0, 6);
      uint64_t length = (uint64_t) g_rand_int_range (rand, 0, 1000 * (int) (state + 1));

      lsc_pyramid_add (pyramid, state, time_ns, time_ns + length);
      ns[state] += length;
      time_ns += length;
    }
  g_assert_true (lsc_pyramid_get_shares (pyramid, start_ns, time_ns, shares));
  for (int state = 0; state < 6; state++)
    g_assert_cmpfloat_with_epsilon (shares[state],
                                    (double) ns[state] / (double) (time_ns - start_ns), 0.02);
  /* 12 spans to a bucket of 8 bytes, twice that for all levels: well below 2 bytes a span. */
  g_assert_cmpuint (memory, <, 500000 * 2);
  g_rand_free (rand);
  lsc_pyramid_free (pyramid);
}

/* The buckets are the same as what single questions are answered with, and nothing is lost. */
static void
test_buckets_are_read_as_they_are (void)
{
  LscPyramid *pyramid = lsc_pyramid_new (&memory);
  GRand *rand = g_rand_new_with_seed (12);
  uint64_t at_ns = 5000, buckets[64];
  float shares[LSC_N_STATES];
  guint n_read = 0;

  for (guint i = 0; i < 10000; i++)
    {
      uint64_t to_ns = at_ns + (uint64_t) g_rand_int_range (rand, 1, 30000);

      lsc_pyramid_add (pyramid, i % 3, at_ns, to_ns);
      at_ns = to_ns;
    }
  g_assert_false (lsc_pyramid_read (pyramid, 5, 0, 64, buckets));
  for (unsigned level = 19; level < 25; level++)
    {
      g_assert_true (lsc_pyramid_read (pyramid, level, 0, 64, buckets));
      for (uint64_t b = 0; b < 64; b++)
        {
          if (buckets[b] == 0)
            continue;
          n_read++;
          g_assert_true (lsc_pyramid_get_shares (pyramid, b << level, (b + 1) << level, shares));
          for (int state = 0; state < LSC_N_STATES; state++)
            g_assert_cmpfloat_with_epsilon ((float) (buckets[b] >> (8 * state) & 255) / 255.0f,
                                            shares[state], 0.02f);
        }
    }
  g_assert_cmpuint (n_read, >, 100);
  g_rand_free (rand);
  lsc_pyramid_free (pyramid);
}

/* A range of which the pyramid holds next to nothing is answered at once, also after the old was
 * dropped. */
static void
test_far_away_is_empty_and_quick (void)
{
  LscPyramid *pyramid = lsc_pyramid_new (&memory);
  float shares[LSC_N_STATES];

  for (uint64_t i = 0; i < 100000; i++)
    lsc_pyramid_add (pyramid, LSC_STATE_RUNNING, i * 1000, (i + 1) * 1000);
  lsc_pyramid_drop_before (pyramid, 50000000);
  g_assert_true (lsc_pyramid_get_shares (pyramid, UINT64_C (1) << 62, UINT64_C (1) << 63, shares));
  g_assert_cmpfloat (shares[LSC_STATE_RUNNING], ==, 0.0f);
  g_assert_true (lsc_pyramid_get_shares (pyramid, 0, UINT64_C (1) << 62, shares));
  g_assert_cmpfloat (shares[LSC_STATE_RUNNING], <, 0.01f);
  g_assert_true (lsc_pyramid_get_shares (pyramid, 0, 16000000, shares));
  g_assert_cmpfloat (shares[LSC_STATE_RUNNING], <, 0.01f);
  g_assert_true (lsc_pyramid_get_shares (pyramid, 60000000, 90000000, shares));
  g_assert_cmpfloat_with_epsilon (shares[LSC_STATE_RUNNING], 1.0f, 0.02f);
  lsc_pyramid_free (pyramid);
  g_assert_cmpuint (memory, ==, 0);
}

/* One that was told what comes has the same buckets as one that found out, with the same in them
 * but for what that one has rounded. */
static void
test_what_is_expected_changes_no_width (void)
{
  const uint64_t start_ns = UINT64_C (5000000123);

  for (uint64_t step_ns = 1; step_ns < UINT64_C (10000000000); step_ns *= 7)
    {
      LscPyramid *told = lsc_pyramid_new (&memory), *found = lsc_pyramid_new (&memory);
      uint64_t time_ns = start_ns;

      lsc_pyramid_expect (told, start_ns, start_ns + 600 * step_ns);
      for (unsigned i = 0; i < 600; i++, time_ns += step_ns)
        {
          lsc_pyramid_add (told, (LscState) (i % 3), time_ns, time_ns + step_ns);
          lsc_pyramid_add (found, (LscState) (i % 3), time_ns, time_ns + step_ns);
        }
      g_assert_cmpuint (told->shift, ==, found->shift);
      g_assert_cmpuint (told->open, ==, found->open);
      g_assert_cmpuint (told->n_levels, ==, found->n_levels);
      for (unsigned state = 0; state < 3 && step_ns > 1000; state++)
        {
          float a[LSC_N_STATES], b[LSC_N_STATES];

          g_assert_true (lsc_pyramid_get_shares (told, start_ns, time_ns, a));
          g_assert_true (lsc_pyramid_get_shares (found, start_ns, time_ns, b));
          g_assert_cmpfloat_with_epsilon (a[state], 1.0f / 3, 0.05f);
          g_assert_cmpfloat_with_epsilon (a[state], b[state], 0.02f);
        }
      lsc_pyramid_free (told);
      lsc_pyramid_free (found);
    }
  g_assert_cmpuint (memory, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pyramid/long-span", test_shares_of_a_long_span);
  g_test_add_func ("/pyramid/one-nanosecond", test_one_nanosecond_in_an_hour_is_seen);
  g_test_add_func ("/pyramid/near-exact", test_shares_are_near_the_exact_times);
  g_test_add_func ("/pyramid/far-away", test_far_away_is_empty_and_quick);
  g_test_add_func ("/pyramid/no-drift", test_the_whole_does_not_drift);
  g_test_add_func ("/pyramid/buckets", test_buckets_are_read_as_they_are);
  g_test_add_func ("/pyramid/expected", test_what_is_expected_changes_no_width);
  return g_test_run ();
}
