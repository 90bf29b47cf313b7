/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/ruler.h"

#include <glib.h>
#include <math.h>

static void
assert_format (uint64_t time_ns, LscUnit unit, const char *expected)
{
  char text[64];

  g_assert_cmpstr (lsc_unit_format (time_ns, unit, text, sizeof text), ==, expected);
}

static void
assert_short (uint64_t time_ns, const char *expected)
{
  char text[64];

  g_assert_cmpstr (lsc_unit_format_short (time_ns, text, sizeof text), ==, expected);
}

static void
test_exact_times (void)
{
  assert_format (0, LSC_UNIT_MS, "0 ms");
  assert_format (5000000, LSC_UNIT_MS, "5 ms");
  assert_format (12500000, LSC_UNIT_MS, "12.5 ms");
  assert_format (12000450000, LSC_UNIT_S, "12.00045 s");
  assert_format (1, LSC_UNIT_S, "0.000000001 s");
  assert_format (90000000000, LSC_UNIT_MIN, "1.5 min");
  assert_format (UINT64_MAX, LSC_UNIT_NS, "18446744073709551615 ns");
}

static void
test_short_times (void)
{
  assert_short (0, "0 ns");
  assert_short (850, "850 ns");
  assert_short (3240000, "3.24 ms");
  assert_short (12440000000, "12.4 s");
  assert_short (99960000, "100 ms");
  assert_short (999999999, "1 s");
  assert_short (250000000000, "4 min 10 s");
  assert_short (120000000000, "2 min");
  assert_short (UINT64_C (7500000000000), "2 h 5 min");
}

static void
test_ticks_of_a_known_range (void)
{
  LscViewport v;
  LscTick ticks[LSC_TICKS_MAX];
  LscUnit unit;
  uint32_t n, labelled = 0;

  /* 40 ms on 800 pixels, the origin at 15 ms: a label every 5 ms is 100 pixels */
  lsc_viewport_init (&v, 1000000000, 1040000000, 800);
  n = lsc_ruler_build (&v, 1015000000, 84, ticks, &unit);
  g_assert_cmpint (unit, ==, LSC_UNIT_MS);
  g_assert_cmpuint (n, ==, 41);
  g_assert_cmpfloat (ticks[0].x, ==, 0);
  g_assert_true (ticks[0].before && ticks[0].labelled);
  g_assert_cmpuint (ticks[0].offset_ns, ==, 15000000);
  g_assert_cmpfloat (ticks[15].x, ==, 300);
  g_assert_true (!ticks[15].before && ticks[15].labelled && ticks[15].offset_ns == 0);
  g_assert_cmpfloat (ticks[16].x, ==, 320);
  g_assert_false (ticks[16].labelled);
  for (uint32_t i = 0; i < n; i++)
    labelled += ticks[i].labelled;
  g_assert_cmpuint (labelled, ==, 9);
}

/* From the largest zoom to the smallest: in order, in the viewport, labels not too close, steps
 * from the list people know. */
static void
test_every_zoom_has_sensible_ticks (void)
{
  g_autofree LscTick *ticks = g_new (LscTick, LSC_TICKS_MAX);

  for (double zoom = 1; zoom < LSC_NS_PER_PX_MAX; zoom *= 1.37)
    {
      LscViewport v = { .origin_ns = UINT64_C (1) << 61, .ns_per_px = zoom, .width = 1600 };
      uint64_t origin = lsc_viewport_time (&v, 700);
      LscUnit unit;
      uint32_t n = lsc_ruler_build (&v, origin, 84, ticks, &unit);
      double last_label = -INFINITY;

      g_assert_cmpuint (n, >, 0);
      for (uint32_t i = 0; i < n; i++)
        {
          g_assert_cmpfloat (ticks[i].x, >=, -1e-6);
          g_assert_cmpfloat (ticks[i].x, <=, 1601);
          if (i > 0)
            g_assert_cmpfloat (ticks[i].x, >, ticks[i - 1].x);
          if (!ticks[i].labelled)
            continue;
          g_assert_cmpfloat (ticks[i].x - last_label, >=, 83.999);
          last_label = ticks[i].x;
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ruler/exact-times", test_exact_times);
  g_test_add_func ("/ruler/short-times", test_short_times);
  g_test_add_func ("/ruler/known-range", test_ticks_of_a_known_range);
  g_test_add_func ("/ruler/every-zoom", test_every_zoom_has_sensible_ticks);
  return g_test_run ();
}
