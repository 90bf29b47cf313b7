/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/viewport.h"

#include <glib.h>
#include <math.h>

#define YEAR_NS 31557600000000000.0

static void
assert_near (double actual, double expected, double within)
{
  if (fabs (actual - expected) > within)
    g_error ("%.17g is not within %g of %.17g", actual, within, expected);
}

static void
test_init_spreads_the_range_over_the_width (void)
{
  LscViewport v;

  lsc_viewport_init (&v, 1000, 5000, 800);
  g_assert_cmpfloat (v.ns_per_px, ==, 5);
  g_assert_cmpfloat (lsc_viewport_x (&v, 1000), ==, 0);
  g_assert_cmpfloat (lsc_viewport_x (&v, 3000), ==, 400);
  g_assert_cmpfloat (lsc_viewport_x (&v, 500), ==, -100);
  g_assert_cmpuint (lsc_viewport_time (&v, 400), ==, 3000);
  g_assert_cmpuint (lsc_viewport_time (&v, 400.3), ==, 3001);
  g_assert_cmpuint (lsc_viewport_from_ns (&v), ==, 1000);
  g_assert_cmpuint (lsc_viewport_to_ns (&v), ==, 5001);
}

static void
test_fit_leaves_a_margin (void)
{
  LscViewport v;

  lsc_viewport_init (&v, 0, 1, 1000);
  lsc_viewport_fit (&v, 10000, 18000, 0.1);
  g_assert_cmpfloat (v.ns_per_px, ==, 10);
  g_assert_cmpfloat (lsc_viewport_x (&v, 10000), ==, 100);
  g_assert_cmpfloat (lsc_viewport_x (&v, 18000), ==, 900);
}

static void
test_zoom_keeps_what_is_under_the_pointer (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  LscViewport v;

  lsc_viewport_init (&v, UINT64_C (1) << 50, (UINT64_C (1) << 50) + 1000000000, 1600);
  for (int i = 0; i < 2000; i++)
    {
      double x = g_rand_double_range (rand, 0, 1600);
      double factor = exp (g_rand_double_range (rand, -0.7, 0.7));
      uint64_t before = lsc_viewport_time (&v, x);
      double apart_ns = (lsc_viewport_x (&v, before) - x) * v.ns_per_px;

      lsc_viewport_zoom (&v, x, factor);
      /* that moment is as far from the pointer, in time, as it was */
      assert_near ((lsc_viewport_x (&v, before) - x) * v.ns_per_px, apart_ns,
                   1e-9 * v.ns_per_px + 1e-3);
      g_assert_cmpuint (lsc_viewport_time (&v, x) - before + 1, <=, 2);
      g_assert_cmpfloat (v.offset_ns, >=, 0);
      g_assert_cmpfloat (v.offset_ns, <, 1);
      /* stay where both limits are far away */
      if (v.ns_per_px > 1e10 || v.ns_per_px < 3)
        lsc_viewport_init (&v, before, before + 1000000000, 1600);
    }
}

static void
test_zooming_in_and_out_does_not_drift (void)
{
  LscViewport v;
  double before;

  lsc_viewport_init (&v, 5000000000000000, 5000000001000000, 1000);
  before = lsc_viewport_x (&v, 5000000000400000);
  for (int i = 0; i < 1000; i++)
    {
      lsc_viewport_zoom (&v, 317, 1.1);
      lsc_viewport_zoom (&v, 317, 1 / 1.1);
    }
  assert_near (lsc_viewport_x (&v, 5000000000400000), before, 1e-6);
}

static void
test_zoom_stops_at_its_limits (void)
{
  LscViewport v;
  uint64_t under;

  lsc_viewport_init (&v, 1000000, 9000000, 800);
  under = lsc_viewport_time (&v, 200);
  for (int i = 0; i < 200; i++)
    lsc_viewport_zoom (&v, 200, 2);
  g_assert_cmpfloat (v.ns_per_px, ==, LSC_NS_PER_PX_MIN);
  g_assert_cmpuint (lsc_viewport_time (&v, 200), ==, under);
  for (int i = 0; i < 400; i++)
    lsc_viewport_zoom (&v, 200, 0.5);
  g_assert_cmpfloat (v.ns_per_px, ==, LSC_NS_PER_PX_MAX);
  assert_near (lsc_viewport_x (&v, under), 200, 1e-6);
  lsc_viewport_zoom (&v, 200, 0);
  lsc_viewport_zoom (&v, 200, NAN);
  g_assert_cmpfloat (v.ns_per_px, ==, LSC_NS_PER_PX_MAX);
}

static void
test_time_and_x_are_each_others_inverse (void)
{
  static const double zooms[] = { 1, 1.5, 3, 7.77, 1e3, 1.23456e6, 1e9 };
  static const uint64_t origins[] = { 0, 1, 999999999, UINT64_C (1) << 52,
                                      (UINT64_C (1) << 60) + 12345 };

  for (size_t z = 0; z < G_N_ELEMENTS (zooms); z++)
    for (size_t o = 0; o < G_N_ELEMENTS (origins); o++)
      {
        LscViewport v = { .origin_ns = origins[o], .ns_per_px = zooms[z], .width = 2000 };

        for (uint64_t i = 0; i <= 50; i++)
          {
            uint64_t time = origins[o] + (uint64_t) (zooms[z] * 40 * (double) i) + i;

            g_assert_cmpuint (lsc_viewport_time (&v, lsc_viewport_x (&v, time)), ==, time);
          }
      }
}

static void
test_time_grows_with_x (void)
{
  LscViewport v;

  lsc_viewport_init (&v, UINT64_MAX / 2, UINT64_MAX / 2 + 3000, 997);
  for (double x = -50; x < 1050; x += 0.37)
    g_assert_cmpuint (lsc_viewport_time (&v, x), <=, lsc_viewport_time (&v, x + 0.37));
}

static void
test_ends_of_time_are_not_passed (void)
{
  LscViewport v;

  lsc_viewport_init (&v, 0, UINT64_MAX, 1000);
  g_assert_cmpuint (lsc_viewport_time (&v, -5000), ==, 0);
  g_assert_cmpuint (lsc_viewport_time (&v, 5000), ==, UINT64_MAX);
  lsc_viewport_pan (&v, -1e9);
  g_assert_cmpuint (lsc_viewport_time (&v, 0), ==, 0);
  assert_near (lsc_viewport_x (&v, 0), 1e9, 1e-3);
  lsc_viewport_pan (&v, 1e9);
  assert_near (lsc_viewport_x (&v, 0), 0, 1e-3);
}

static void
test_pan_moves_by_pixels (void)
{
  LscViewport v;

  lsc_viewport_init (&v, 100000, 200000, 1000);
  lsc_viewport_pan (&v, 25);
  g_assert_cmpuint (lsc_viewport_time (&v, 0), ==, 102500);
  lsc_viewport_pan (&v, -25);
  g_assert_cmpuint (lsc_viewport_time (&v, 0), ==, 100000);
  lsc_viewport_place (&v, 150000, 900);
  g_assert_cmpfloat (lsc_viewport_x (&v, 150000), ==, 900);
}

static void
test_capture_stays_in_sight (void)
{
  LscViewport v;

  lsc_viewport_init (&v, 1000, 2000, 1000);
  lsc_viewport_pan (&v, 5000);
  lsc_viewport_keep_in_sight (&v, 1000, 2000, 0.1);
  assert_near (lsc_viewport_x (&v, 2000), 100, 1e-9);
  lsc_viewport_pan (&v, -5000);
  lsc_viewport_keep_in_sight (&v, 1000, 2000, 0.1);
  assert_near (lsc_viewport_x (&v, 1000), 900, 1e-9);
  lsc_viewport_place (&v, 1500, 500);
  lsc_viewport_keep_in_sight (&v, 1000, 2000, 0.1);
  assert_near (lsc_viewport_x (&v, 1500), 500, 1e-9);
}

static void
test_animation_keeps_the_common_moment_still (void)
{
  LscViewport a, b, between;
  uint64_t moment;

  lsc_viewport_init (&a, 7000000000, 8000000000, 1000);
  b = a;
  lsc_viewport_zoom (&b, 640, 16);
  moment = lsc_viewport_time (&a, 640);
  for (double at = 0; at <= 1; at += 0.125)
    {
      lsc_viewport_between (&between, &a, &b, at);
      assert_near (lsc_viewport_x (&between, moment), 640, 0.01);
      assert_near (between.ns_per_px, 1e6 / pow (16, at), 1e-3);
    }
  b = a;
  lsc_viewport_pan (&b, 300);
  lsc_viewport_between (&between, &a, &b, 0.5);
  assert_near (lsc_viewport_x (&between, lsc_viewport_from_ns (&a)), -150, 1e-6);
}

static void
test_beyond_goes_on_as_before (void)
{
  LscViewport a, b, c, next;
  uint64_t moment;

  lsc_viewport_init (&a, 7000000000, 8000000000, 1000);
  b = a;
  lsc_viewport_zoom (&b, 640, 1.25);
  moment = lsc_viewport_time (&a, 640);
  lsc_viewport_beyond (&next, &a, &b, 2);
  assert_near (lsc_viewport_x (&next, moment), 640, 0.01);
  assert_near (next.ns_per_px, 1e6 / pow (1.25, 3), 1e-3);
  b = c = a;
  lsc_viewport_pan (&b, 300);
  lsc_viewport_beyond (&next, &a, &b, 1);
  lsc_viewport_pan (&c, 600);
  assert_near (lsc_viewport_x (&next, lsc_viewport_from_ns (&c)), 0, 1e-3);
  lsc_viewport_beyond (&next, &a, &a, 3);
  assert_near (lsc_viewport_x (&next, lsc_viewport_from_ns (&a)), 0, 1e-3);
  lsc_viewport_resize (&b, 500); /* another window size says nothing of where it goes */
  lsc_viewport_beyond (&next, &a, &b, 1);
  assert_near (lsc_viewport_x (&next, lsc_viewport_from_ns (&b)), 0, 1e-3);
}

static void
test_level_is_the_smallest_bucket_of_a_pixel (void)
{
  static const struct
  {
    double ns_per_px;
    unsigned level;
  } cases[] = { { 1, 0 },     { 1.01, 1 },  { 2, 1 },    { 2.5, 2 },
                { 1024, 10 }, { 1025, 11 }, { 1e9, 30 }, { 100 * YEAR_NS, 62 } };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LscViewport v = { .ns_per_px = cases[i].ns_per_px, .width = 100 };

      g_assert_cmpuint (lsc_viewport_level (&v), ==, cases[i].level);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/viewport/init", test_init_spreads_the_range_over_the_width);
  g_test_add_func ("/viewport/fit", test_fit_leaves_a_margin);
  g_test_add_func ("/viewport/zoom-at-pointer", test_zoom_keeps_what_is_under_the_pointer);
  g_test_add_func ("/viewport/no-drift", test_zooming_in_and_out_does_not_drift);
  g_test_add_func ("/viewport/limits", test_zoom_stops_at_its_limits);
  g_test_add_func ("/viewport/inverse", test_time_and_x_are_each_others_inverse);
  g_test_add_func ("/viewport/monotone", test_time_grows_with_x);
  g_test_add_func ("/viewport/ends-of-time", test_ends_of_time_are_not_passed);
  g_test_add_func ("/viewport/pan", test_pan_moves_by_pixels);
  g_test_add_func ("/viewport/in-sight", test_capture_stays_in_sight);
  g_test_add_func ("/viewport/animation", test_animation_keeps_the_common_moment_still);
  g_test_add_func ("/viewport/beyond", test_beyond_goes_on_as_before);
  g_test_add_func ("/viewport/level", test_level_is_the_smallest_bucket_of_a_pixel);
  return g_test_run ();
}
