/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/lane-scan.h"
#include "tests/support/handmade.h"
#include "tests/support/synth-trace.h"

#include <math.h>

#define MS UINT64_C (1000000)

/* One thread, tid 10: runs 0-10 ms, sleeps in futex to 30, waits to 31, runs to 40, ... */
static LscTrace *
make_simple (void)
{
  g_autoptr (GByteArray) out = begin_stream (0);

  add_task (out, 0, 10, "main", LSC_TASK_ON_CPU, 0);
  add_sleep (out, 10 * MS, 0, 10, FUTEX, 0);
  add_waking (out, 30 * MS, 1, 0, 10);
  add_switch (out, 31 * MS, 2, (LscRecordSwitch){ .prev_tid = 0, .next_tid = 10 });
  add_preemption (out, 40 * MS, 2, 10, 0);
  end_stream (out, 50 * MS);
  return trace_of_stream (out);
}

/* Runs for 1 ms at 500 ms, sleeps for the rest of 10 s. */
static LscTrace *
make_rare (void)
{
  g_autoptr (GByteArray) out = begin_stream (0);

  add_task (out, 0, 10, "main", 0, 1);
  for (uint64_t at = 500 * MS; at < 10000 * MS; at += 900 * MS)
    {
      add_waking (out, at, 1, 0, 10);
      add_switch (out, at, 2, (LscRecordSwitch){ .prev_tid = 0, .next_tid = 10 });
      add_sleep (out, at + MS, 2, 10, CLOCK_NANOSLEEP, 0);
    }
  end_stream (out, 10000 * MS);
  return trace_of_stream (out);
}

static void
test_wide_spans_stand_alone_with_exact_edges (void)
{
  g_autoptr (LscTrace) trace = make_simple ();
  g_autoptr (LscLaneShapes) shapes = lsc_lane_shapes_new ();
  LscViewport v;
  uint32_t n;
  const LscShape *s;

  /* 50 ms on 1000 pixels: 50 us a pixel */
  lsc_viewport_init (&v, 0, 50 * MS, 1000);
  s = lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, 0, &v, &n);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpint (s[0].state, ==, LSC_STATE_RUNNING);
  g_assert_cmpfloat (s[0].x0, ==, 0);
  g_assert_cmpfloat (s[0].x1, ==, 200);
  g_assert_cmpuint (s[0].cpu, ==, 0);
  g_assert_cmpint (s[1].state, ==, LSC_STATE_SLEEPING);
  g_assert_cmpint (s[1].reason, ==, LSC_REASON_LOCK);
  g_assert_cmpfloat (s[1].x1, ==, 600);
  g_assert_cmpint (s[2].state, ==, LSC_STATE_RUNNABLE);
  g_assert_cmpfloat (s[2].x1, ==, 620);
  g_assert_cmpint (s[3].state, ==, LSC_STATE_RUNNING);
  g_assert_cmpuint (s[3].cpu, ==, 2);
  g_assert_cmpint (s[4].state, ==, LSC_STATE_PREEMPTED);
  g_assert_cmpfloat (s[4].x1, ==, 1000);
  for (uint32_t i = 0; i < n; i++)
    g_assert_cmpint (s[i].kind, ==, LSC_SHAPE_SPAN);
}

static void
test_shapes_are_clipped (void)
{
  g_autoptr (LscTrace) trace = make_simple ();
  g_autoptr (LscLaneShapes) shapes = lsc_lane_shapes_new ();
  LscViewport v;
  uint32_t n;
  const LscShape *s;

  /* 1 ns a pixel in the middle of the sleep: millions of pixels to both sides */
  lsc_viewport_init (&v, 20 * MS, 20 * MS + 1000, 1000);
  s = lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, 0, &v, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpfloat (s[0].x0, <=, -LSC_SHAPE_SLACK);
  g_assert_cmpfloat (s[0].x0, >=, -LSC_SHAPE_SLACK - LSC_SHAPE_STEP);
  g_assert_cmpfloat (s[0].x1, ==, 1000 + LSC_SHAPE_SLACK);
  g_assert_cmpuint (s[0].flags & LSC_SHAPE_CUT_LEFT, !=, 0);
  g_assert_cmpuint (s[0].flags & LSC_SHAPE_CUT_RIGHT, !=, 0);
  lsc_viewport_init (&v, 60 * MS, 70 * MS, 1000);
  lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, 0, &v, &n);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_short_run_in_a_long_column_is_seen (void)
{
  g_autoptr (LscTrace) trace = make_rare ();
  g_autoptr (LscLaneShapes) shapes = lsc_lane_shapes_new ();
  LscViewport v = { .ns_per_px = 1e9, .width = 10 };
  uint32_t n, with_runs = 0;
  const LscShape *s = lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, 0, &v, &n);

  /* a bucket of 2^30 ns is 1.07 s: ten of them; runs of 1 ms begin at 0.5, 1.4, 2.3 ... 9.5 s,
   * none of them in the last */
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (s->kind, ==, LSC_SHAPE_COLUMNS);
  g_assert_cmpuint (s->n_columns, ==, 10);
  for (uint32_t i = 0; i < s->n_columns; i++)
    {
      g_assert_cmpint (s->columns[i].reason, ==, LSC_REASON_TIMER);
      g_assert_cmpint (s->columns[i].state, ==, LSC_STATE_SLEEPING);
      g_assert_cmpuint (s->columns[i].share[LSC_STATE_RUNNING], <=, 2);
      with_runs += s->columns[i].share[LSC_STATE_RUNNING] > 0;
    }
  g_assert_cmpuint (with_runs, ==, 9);
}

typedef struct
{
  uint64_t ns[LSC_N_STATES];
  uint64_t covered;
} Total;

/* Adds what the columns of a piece say, each of which lies in one bucket of the level. */
static void
add_columns (
    const LscPieces *pieces, const LscPiece *p, unsigned level, Total *total, double *error)
{
  uint64_t from = p->start_ns;

  for (uint32_t i = 0; i < p->n_columns; i++)
    {
      const LscColumn *column =
          &g_array_index (pieces->columns, LscColumn, (guint) p->first_column + i);
      uint64_t end = ((from >> level) + 1) << level;
      uint64_t length = (end == 0 || end > p->end_ns ? p->end_ns : end) - from;
      uint32_t sum = 0;

      g_assert_cmpuint (from, <, p->end_ns);
      for (int s = 0; s < LSC_N_STATES; s++)
        {
          sum += column->share[s];
          total->ns[s] += (uint64_t) ((double) column->share[s] * (double) length / LSC_SHARE_ONE);
        }
      g_assert_cmpuint (sum, ==, LSC_SHARE_ONE);
      *error += (double) length * 3 / LSC_SHARE_ONE + LSC_N_STATES;
      from += length;
    }
  g_assert_cmpuint (from, ==, p->end_ns);
}

/* What the pieces say, in ns: exact for spans, to a few 1/255 for columns, which may come from
 * summaries of summaries. */
static Total
add_up (const LscPieces *pieces, unsigned level, double *out_error_ns)
{
  Total total = { 0 };

  *out_error_ns = 0;
  for (guint i = 0; i < pieces->pieces->len; i++)
    {
      const LscPiece *p = &g_array_index (pieces->pieces, LscPiece, i);

      total.covered += p->end_ns - p->start_ns;
      if (i > 0)
        g_assert_cmpuint (p->start_ns, ==, g_array_index (pieces->pieces, LscPiece, i - 1).end_ns);
      if (p->kind == LSC_SHAPE_SPAN)
        total.ns[p->state] += p->end_ns - p->start_ns;
      else
        add_columns (pieces, p, level, &total, out_error_ns);
    }
  return total;
}

/* At every level: pieces touch, cover the lane's life exactly, add up to its states, and stand
 * alone exactly where they are long enough. */
static void
test_pieces_are_the_whole_truth_at_every_level (void)
{
  LscSynthConfig config = { .seed = 5,
                            .n_events = 30000,
                            .n_cpus = 4,
                            .n_threads = 20,
                            .n_processes = 3,
                            .churn = 20,
                            .lost = 5 };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  LscPieces pieces;

  lsc_pieces_init (&pieces);
  for (uint32_t t = 0; t < lsc_trace_get_n_threads (trace); t++)
    for (unsigned level = 0; level <= LSC_LEVEL_MAX; level += 3)
      {
        LscScanLane lane = lsc_lane_scan_lane (trace, LSC_ROW_THREAD, t);
        uint64_t exact[LSC_N_STATES] = { 0 };
        double error;
        Total total;

        if (lane.lane == NULL)
          continue;
        lsc_pieces_empty (&pieces);
        lsc_lane_scan_pieces (&lane, level, 0, UINT64_MAX, &pieces);
        total = add_up (&pieces, level, &error);
        g_assert_cmpuint (total.covered, ==,
                          lsc_lane_get_end_ns (lane.lane) - lsc_lane_get_start_ns (lane.lane));
        lsc_lane_sum (lane.lane, lsc_lane_get_start_ns (lane.lane), lsc_lane_get_end_ns (lane.lane),
                      exact);
        for (int s = 0; s < LSC_N_STATES; s++)
          g_assert_cmpfloat (fabs ((double) total.ns[s] - (double) exact[s]), <=, error);
        for (guint i = 0; i < pieces.pieces->len; i++)
          {
            const LscPiece *p = &g_array_index (pieces.pieces, LscPiece, i);

            if (p->kind == LSC_SHAPE_SPAN && level > 0)
              g_assert_cmpfloat ((double) (p->end_ns - p->start_ns), >=, exp2 (level + 1));
          }
      }
  lsc_pieces_clear (&pieces);
}

/* Whether a shape that stands alone at `coarse` does at `fine` too, with the same edges. */
static void
assert_refines (const GArray *coarse, const GArray *fine)
{
  guint f = 0;

  for (guint c = 0; c < coarse->len; c++)
    {
      const LscPiece *p = &g_array_index (coarse, LscPiece, c);

      if (p->kind != LSC_SHAPE_SPAN)
        continue;
      while (f < fine->len && g_array_index (fine, LscPiece, f).start_ns < p->start_ns)
        f++;
      g_assert_cmpuint (f, <, fine->len);
      g_assert_cmpint (g_array_index (fine, LscPiece, f).kind, ==, LSC_SHAPE_SPAN);
      g_assert_cmpuint (g_array_index (fine, LscPiece, f).number, ==, p->number);
      g_assert_cmpuint (g_array_index (fine, LscPiece, f).start_ns, ==, p->start_ns);
      g_assert_cmpuint (g_array_index (fine, LscPiece, f).end_ns, ==, p->end_ns);
    }
}

static void
test_zooming_in_only_refines (void)
{
  LscSynthConfig config = {
    .seed = 9, .n_events = 20000, .n_cpus = 2, .n_threads = 8, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);

  for (uint32_t t = 0; t < lsc_trace_get_n_threads (trace); t++)
    {
      LscScanLane lane = lsc_lane_scan_lane (trace, LSC_ROW_THREAD, t);
      LscPieces coarse;

      lsc_pieces_init (&coarse);
      for (unsigned level = 40; lane.lane != NULL && level-- > 0;)
        {
          LscPieces fine;

          lsc_pieces_init (&fine);
          lsc_lane_scan_pieces (&lane, level, 0, UINT64_MAX, &fine);
          assert_refines (coarse.pieces, fine.pieces);
          lsc_pieces_clear (&coarse);
          coarse = fine;
        }
      lsc_pieces_clear (&coarse);
    }
}

/* Edges of the spans that stand alone are where the viewport puts those moments. Gathers their
 * numbers. */
static void
check_edges (const LscLane *lane, const LscViewport *v, const LscShape *s, uint32_t n, GArray *out)
{
  g_array_set_size (out, 0);
  for (uint32_t i = 0; i < n; i++)
    {
      LscSpan span;

      if (i > 0)
        g_assert_cmpfloat (s[i].x0, ==, s[i - 1].x1);
      if (s[i].kind != LSC_SHAPE_SPAN)
        continue;
      lsc_lane_get (lane, s[i].number, &span);
      if (!(s[i].flags & LSC_SHAPE_CUT_LEFT))
        g_assert_cmpfloat (fabs (s[i].x0 - lsc_viewport_x (v, span.start_ns)), <, 1e-6);
      if (!(s[i].flags & LSC_SHAPE_CUT_RIGHT))
        g_assert_cmpfloat (fabs (s[i].x1 - lsc_viewport_x (v, span.end_ns)), <, 1e-6);
      g_array_append_val (out, s[i].number);
    }
}

/* Whatever stood alone before and is still in sight still does. */
static void
check_none_lost (const LscLane *lane, const LscViewport *v, const GArray *before, const GArray *now)
{
  guint k = 0;

  for (guint i = 0; i < before->len; i++)
    {
      uint64_t number = g_array_index (before, uint64_t, i);
      LscSpan span;

      lsc_lane_get (lane, number, &span);
      if (lsc_viewport_x (v, span.end_ns) <= 0 || lsc_viewport_x (v, span.start_ns) >= v->width)
        continue;
      while (k < now->len && g_array_index (now, uint64_t, k) < number)
        k++;
      g_assert_cmpuint (k, <, now->len);
      g_assert_cmpuint (g_array_index (now, uint64_t, k), ==, number);
    }
}

/* Forty steps into a lively stretch, through one window's own cache: every bar that was wide enough
 * to stand alone stays one, and bars never swap places, overlap or move. */
static void
test_forty_zoom_steps_fuse_lose_and_move_nothing (void)
{
  LscSynthConfig config = {
    .seed = 11, .n_events = 40000, .n_cpus = 4, .n_threads = 12, .n_processes = 2
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscLaneShapes) shapes = lsc_lane_shapes_new ();
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  uint64_t n_alone = 0;
  LscViewport v;

  for (uint32_t t = 0; t < 12; t++)
    {
      const LscLane *lane = lsc_trace_get_thread (trace, t)->lane;
      g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (uint64_t));

      lsc_viewport_init (&v, start, end, 900);
      for (int step = 0; step < 40; step++)
        {
          GArray *now = g_array_new (FALSE, FALSE, sizeof (uint64_t));
          uint32_t n;
          const LscShape *s = lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, t, &v, &n);

          g_assert_cmpuint (n, <=, 2 * (900 + 2 * (uint32_t) LSC_SHAPE_SLACK));
          check_edges (lane, &v, s, n, now);
          check_none_lost (lane, &v, before, now);
          n_alone += now->len;
          g_array_unref (before);
          before = now;
          lsc_viewport_zoom (&v, lsc_viewport_x (&v, start + (end - start) / 3), 1.3);
        }
    }
  g_assert_cmpuint (n_alone, >, 5000);
}

static void
test_buckets_hold_the_sums (void)
{
  LscSynthConfig config = {
    .seed = 6, .n_events = 20000, .n_cpus = 2, .n_threads = 5, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);

  for (uint32_t t = 0; t < 5; t++)
    for (unsigned level = 16; level < 34; level++)
      {
        const LscLane *lane = lsc_trace_get_thread (trace, t)->lane;
        uint64_t first = lsc_lane_get_start_ns (lane) >> level;
        uint64_t ns[100][LSC_N_STATES] = { 0 };

        lsc_lane_scan_buckets (lane, level, first, 100, ns);
        for (uint64_t b = 0; b < 100; b++)
          {
            uint64_t exact[LSC_N_STATES] = { 0 };

            lsc_lane_sum (lane, (first + b) << level, (first + b + 1) << level, exact);
            for (int s = 0; s < LSC_N_STATES; s++)
              if (s != LSC_STATE_ABSENT)
                {
                  g_assert_cmpfloat (fabs ((double) ns[b][s] - (double) exact[s]), <=,
                                     exp2 (level) / 64); /* rounded at every level */
                  g_assert_true ((ns[b][s] == 0) == (exact[s] == 0));
                }
          }
      }
}

/* With a budget for one tile: what was prepared is drawn exactly, and nothing else. */
static void
test_what_was_prepared_is_not_rough (void)
{
  LscSynthConfig config = {
    .seed = 12, .n_events = 40000, .n_cpus = 4, .n_threads = 12, .n_processes = 2
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscLaneShapes) shapes = lsc_lane_shapes_new (), patient = lsc_lane_shapes_new ();
  LscRow row = { .kind = LSC_ROW_THREAD, .index = 3 };
  const LscShape *s, *exact;
  uint32_t n, n_exact;
  LscViewport v, near;

  lsc_viewport_init (&v, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace), 900);
  near = v;
  lsc_viewport_zoom (&near, 450, 3);
  g_assert_false (lsc_lane_shapes_prepare (shapes, trace, &row, &v, g_get_monotonic_time () - 1));
  g_assert_true (lsc_lane_shapes_prepare (shapes, trace, &row, &v, INT64_MAX));
  lsc_lane_shapes_begin (shapes, 1);
  s = lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, 3, &v, &n);
  exact = lsc_lane_shapes_build (patient, trace, LSC_ROW_THREAD, 3, &v, &n_exact);
  g_assert_false (lsc_lane_shapes_is_rough (shapes));
  g_assert_cmpuint (n, ==, n_exact);
  for (uint32_t i = 0; i < n; i++)
    g_assert_true (s[i].x0 == exact[i].x0 && s[i].x1 == exact[i].x1 && s[i].kind == exact[i].kind);
  lsc_lane_shapes_build (shapes, trace, LSC_ROW_THREAD, 3, &near, &n);
  g_assert_true (lsc_lane_shapes_is_rough (shapes));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lane-shapes/exact-edges", test_wide_spans_stand_alone_with_exact_edges);
  g_test_add_func ("/lane-shapes/clipped", test_shapes_are_clipped);
  g_test_add_func ("/lane-shapes/short-run", test_short_run_in_a_long_column_is_seen);
  g_test_add_func ("/lane-shapes/whole-truth", test_pieces_are_the_whole_truth_at_every_level);
  g_test_add_func ("/lane-shapes/refines", test_zooming_in_only_refines);
  g_test_add_func ("/lane-shapes/forty-steps", test_forty_zoom_steps_fuse_lose_and_move_nothing);
  g_test_add_func ("/lane-shapes/buckets", test_buckets_hold_the_sums);
  g_test_add_func ("/lane-shapes/prepared", test_what_was_prepared_is_not_rough);
  return g_test_run ();
}
