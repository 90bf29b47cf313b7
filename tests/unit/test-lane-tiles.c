/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What LscLaneShapes keeps between frames must never be seen: a used one gives what a fresh one
 * gives.
 */
#include "lib/view/lane-shapes.h"
#include "lib/view/lane-tiles.h"
#include "tests/support/handmade.h"
#include "tests/support/synth-trace.h"

#include <math.h>
#include <stdlib.h>

#define MS UINT64_C (1000000)

/* The same shapes, to what a summary may round. */
static void
assert_alike (const LscShape *a, uint32_t n, const LscShape *b, uint32_t m)
{
  g_assert_cmpuint (n, ==, m);
  for (uint32_t i = 0; i < n; i++)
    {
      g_assert_cmpfloat (a[i].x0, ==, b[i].x0);
      g_assert_cmpfloat (a[i].x1, ==, b[i].x1);
      g_assert_cmpint (a[i].kind, ==, b[i].kind);
      g_assert_cmpuint (a[i].n_columns, ==, b[i].n_columns);
      if (a[i].kind == LSC_SHAPE_SPAN)
        g_assert_cmpuint (a[i].number, ==, b[i].number);
      else
        {
          g_assert_cmpfloat (a[i].column_x, ==, b[i].column_x);
          g_assert_cmpfloat (a[i].column_width, ==, b[i].column_width);
        }
      for (uint32_t c = 0; c < a[i].n_columns; c++)
        for (int s = 0; s < LSC_N_STATES; s++)
          {
            uint8_t p = a[i].columns[c].share[s], q = b[i].columns[c].share[s];

            g_assert_cmpint (abs (p - q), <=, 3);
            g_assert_true ((p == 0) == (q == 0));
          }
    }
}

/* The cache must not be seen: the same shapes with a used one and a fresh one. */
static void
test_used_cache_gives_what_a_fresh_one_gives (void)
{
  LscSynthConfig config = {
    .seed = 21, .n_events = 20000, .n_cpus = 4, .n_threads = 6, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscLaneShapes) used = lsc_lane_shapes_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  LscViewport v;

  lsc_viewport_init (&v, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace), 700);
  for (int i = 0; i < 300; i++)
    {
      g_autoptr (LscLaneShapes) fresh = lsc_lane_shapes_new ();
      uint32_t thread = (uint32_t) g_rand_int_range (rand, 0, 6), n, m;
      const LscShape *a = lsc_lane_shapes_build (used, trace, LSC_ROW_THREAD, thread, &v, &n);
      const LscShape *b = lsc_lane_shapes_build (fresh, trace, LSC_ROW_THREAD, thread, &v, &m);

      assert_alike (a, n, b, m);
      lsc_viewport_zoom (&v, g_rand_double_range (rand, 0, 700),
                         exp (g_rand_double_range (rand, -0.6, 0.7)));
      lsc_viewport_pan (&v, g_rand_double_range (rand, -300, 300));
      lsc_viewport_keep_in_sight (&v, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace),
                                  0.3);
    }
}

/* Zooming out makes tiles from finer ones: the same shapes as asking the lane again. */
static void
test_zooming_out_gives_what_asking_anew_gives (void)
{
  LscSynthConfig config = {
    .seed = 31, .n_events = 20000, .n_cpus = 4, .n_threads = 6, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);

  for (uint32_t thread = 0; thread < 6; thread++)
    {
      g_autoptr (LscLaneShapes) used = lsc_lane_shapes_new ();
      uint64_t middle = (lsc_trace_get_start_ns (trace) + lsc_trace_get_end_ns (trace)) / 2;
      LscViewport v;

      lsc_viewport_init (&v, middle, middle + 1000000, 3000);
      for (int i = 0; i < 40; i++)
        {
          g_autoptr (LscLaneShapes) fresh = lsc_lane_shapes_new ();
          uint32_t n, m;
          const LscShape *a = lsc_lane_shapes_build (used, trace, LSC_ROW_THREAD, thread, &v, &n);
          const LscShape *b = lsc_lane_shapes_build (fresh, trace, LSC_ROW_THREAD, thread, &v, &m);

          assert_alike (a, n, b, m);
          lsc_viewport_zoom (&v, 1500, 1 / 1.3);
        }
    }
}

/* A lane that grows while it is looked at: what was kept must not go stale. */
static void
test_live_lane_is_never_stale (void)
{
  LscSynthConfig config = {
    .seed = 4, .n_events = 4000, .n_cpus = 2, .n_threads = 4, .n_processes = 1
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscLaneShapes) used = lsc_lane_shapes_new ();

  while (lsc_synth_fill (synth, bytes, 900))
    {
      LscViewport v;

      lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
      lsc_viewport_init (&v, lsc_trace_get_start_ns (trace),
                         lsc_trace_get_start_ns (trace) + 1500 * MS, 1200);
      for (uint32_t t = 0; t < lsc_trace_get_n_threads (trace); t++)
        {
          g_autoptr (LscLaneShapes) fresh = lsc_lane_shapes_new ();
          uint32_t n, m;
          const LscShape *a = lsc_lane_shapes_build (used, trace, LSC_ROW_THREAD, t, &v, &n);
          const LscShape *b = lsc_lane_shapes_build (fresh, trace, LSC_ROW_THREAD, t, &v, &m);

          assert_alike (a, n, b, m);
        }
    }
}

/* The same while the trace forgets its oldest part, at several zooms, with the newest in sight. */
static void
test_forgetful_lane_is_never_stale (void)
{
  LscSynthConfig config = {
    .seed = 14, .n_events = 60000, .n_cpus = 2, .n_threads = 4, .n_processes = 1
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscLaneShapes) used = lsc_lane_shapes_new ();
  uint32_t frames = 0;

  lsc_trace_set_memory_limit (trace, 400000);
  while (lsc_synth_fill (synth, bytes, 12000))
    {
      LscViewport v;

      lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
      lsc_viewport_init (&v, 0, (uint64_t) (20 + 300 * (frames++ % 7)) * MS, 900);
      lsc_viewport_place (&v, lsc_trace_get_end_ns (trace), 900);
      for (uint32_t t = 0; t < lsc_trace_get_n_threads (trace); t++)
        {
          g_autoptr (LscLaneShapes) fresh = lsc_lane_shapes_new ();
          uint32_t n, m;
          const LscShape *a = lsc_lane_shapes_build (used, trace, LSC_ROW_THREAD, t, &v, &n);
          const LscShape *b = lsc_lane_shapes_build (fresh, trace, LSC_ROW_THREAD, t, &v, &m);

          assert_alike (a, n, b, m);
        }
    }
  g_assert_true (lsc_trace_has_dropped (trace));
}

/* In a hurry shapes are coarse, but they cover what is in sight; standing still they become what
 * they should be. */
static void
test_hurried_shapes_become_exact (void)
{
  LscSynthConfig config = {
    .seed = 41, .n_events = 60000, .n_cpus = 4, .n_threads = 6, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscLaneShapes) hurried = lsc_lane_shapes_new ();
  g_autoptr (LscLaneShapes) patient = lsc_lane_shapes_new ();
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  const LscShape *a, *b;
  uint32_t n, m, n_rough = 0, frames = 0;
  LscViewport v;

  lsc_viewport_init (&v, start, end, 1400);
  for (int step = 0; step < 60; step++)
    {
      lsc_lane_shapes_begin (hurried, 1);
      for (uint32_t t = 0; t < 6; t++)
        {
          a = lsc_lane_shapes_build (hurried, trace, LSC_ROW_THREAD, t, &v, &n);
          g_assert_cmpuint (n, >, 0);
          g_assert_cmpfloat (a[0].x0, <=, 0.001);
          g_assert_cmpfloat (a[n - 1].x1, >=, MIN (lsc_viewport_x (&v, end), 1400) - 0.001);
          for (uint32_t i = 0; i < n; i++)
            g_assert_cmpfloat (a[i].x0, <, a[i].x1);
        }
      n_rough += lsc_lane_shapes_is_rough (hurried);
      lsc_viewport_zoom (&v, 500, step < 40 ? 1.4 : 1 / 1.4);
    }
  g_assert_cmpuint (n_rough, >, 10);
  do
    {
      lsc_lane_shapes_begin (hurried, 200);
      a = lsc_lane_shapes_build (hurried, trace, LSC_ROW_THREAD, 2, &v, &n);
    }
  while (lsc_lane_shapes_is_rough (hurried) && frames++ < 1000);
  g_assert_cmpuint (frames, <, 1000);
  b = lsc_lane_shapes_build (patient, trace, LSC_ROW_THREAD, 2, &v, &m);
  assert_alike (a, n, b, m);
}

/* A legend needs to know what there is: everything in the lane, and nothing else. */
static void
test_what_is_seen_is_told (void)
{
  LscSynthConfig config = {
    .seed = 51, .n_events = 20000, .n_cpus = 4, .n_threads = 6, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscLaneShapes) shapes = lsc_lane_shapes_new ();
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  LscViewport v;
  uint32_t n;

  lsc_viewport_init (&v, start, end, 600);
  for (uint32_t t = 0; t < 6; t++)
    {
      uint64_t ns[LSC_N_STATES] = { 0 };

      lsc_lane_sum (lsc_trace_get_thread (trace, t)->lane, start, end, ns);
      lsc_lane_shapes_begin (shapes, 0);
      g_assert_cmpuint (lsc_lane_shapes_get_seen (shapes), ==, 0);
      lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, t, &v, &n);
      for (int s = 0; s < LSC_STATE_ABSENT; s++)
        g_assert_cmpint ((lsc_lane_shapes_get_seen (shapes) & LSC_SEEN_STATE (s)) != 0, ==,
                         ns[s] != 0);
    }
}

/* Ten minutes of a live capture, of which the newest seconds are in sight: the tiles of before go,
 * those in sight are made once. */
static void
test_tiles_left_behind_go (void)
{
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = begin_stream (1);
  LscLaneTiles *tiles = lsc_lane_tiles_new ();
  uint32_t n_made = 0;

  add_task (bytes, 2, 10, "a", 0, 0);
  add_task (bytes, 3, 11, "b", 0, 0);
  for (uint64_t ms = 1; ms < 600000; ms += 10)
    {
      LscTileKey key = { .tile = ms * MS >> 30, .kind = LSC_ROW_THREAD, .level = 22 };
      LscScanLane lane;

      add_sleep (bytes, ms * MS, 0, 10 + ms / 10 % 2, FUTEX, 11 - ms / 10 % 2);
      lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
      if (ms < 5000)
        continue;
      lane = lsc_lane_scan_lane (trace, LSC_ROW_THREAD, 0);
      lsc_lane_tiles_begin (tiles, trace);
      for (key.tile -= 3; key.tile <= ms * MS >> 30; key.tile++)
        if (lsc_lane_tiles_find (tiles, &lane, &key) == NULL)
          {
            lsc_lane_tiles_make (tiles, &lane, &key);
            n_made += key.tile < (ms * MS >> 30) - 1;
          }
      g_assert_cmpuint (lsc_lane_tiles_get_n_kept (tiles), <, 40);
    }
  g_assert_cmpuint (lsc_lane_tiles_get_n_kept (tiles), >=, 4);
  g_assert_cmpuint (n_made, <, 5);
  lsc_lane_tiles_free (tiles);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lane-tiles/cache", test_used_cache_gives_what_a_fresh_one_gives);
  g_test_add_func ("/lane-tiles/zoom-out", test_zooming_out_gives_what_asking_anew_gives);
  g_test_add_func ("/lane-tiles/live", test_live_lane_is_never_stale);
  g_test_add_func ("/lane-tiles/forgetful", test_forgetful_lane_is_never_stale);
  g_test_add_func ("/lane-tiles/hurried", test_hurried_shapes_become_exact);
  g_test_add_func ("/lane-tiles/seen", test_what_is_seen_is_told);
  g_test_add_func ("/lane-tiles/left-behind", test_tiles_left_behind_go);
  return g_test_run ();
}
