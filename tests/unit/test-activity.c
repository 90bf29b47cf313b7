/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/activity.h"
#include "lib/view/lane-summary.h"
#include "tests/support/convoy.h"
#include "tests/support/synth-trace.h"

#include <math.h>

/* Threads 10 and 11: 10 runs 0-40 ms; 11 waits 10-20 ms and runs 20-30 ms; 100 ms in all. */
static LscTrace *
make_trace (void)
{
  g_autoptr (GByteArray) out = begin_stream (0);

  add_task (out, 0, 10, "a", LSC_TASK_ON_CPU, 0);
  add_task (out, 0, 11, "b", 0, 1);
  add_waking (out, 10 * MS, 1, 0, 11);
  add_run (out, 20 * MS, 1, 11);
  add_sleep (out, 30 * MS, 1, 11, FUTEX, 0);
  add_sleep (out, 40 * MS, 0, 10, FUTEX, 0);
  end_stream (out, 100 * MS);
  return trace_of_stream (out);
}

static void
test_whole_capture_in_ten_columns (void)
{
  static const float running[] = { 1, 1, 2, 1, 0, 0, 0, 0, 0, 0 };
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscActivity) activity = lsc_activity_new ();
  LscActivityColumn columns[10];

  lsc_activity_update (activity, trace, 0);
  lsc_activity_whole (activity, 10, columns);
  for (int i = 0; i < 10; i++)
    {
      /* a column is about 150 of the buckets it is made from */
      g_assert_cmpfloat_with_epsilon (columns[i].running, running[i], 0.02f);
      g_assert_cmpfloat_with_epsilon (columns[i].runnable, i == 1 ? 1.0f : 0.0f, 0.02f);
      g_assert_cmpfloat_with_epsilon (columns[i].unknown, 0.0f, 0.02f);
    }
  g_assert_cmpfloat_with_epsilon (lsc_activity_mean_running (activity, 0, 100 * MS), 0.5, 0.001);
  g_assert_cmpfloat_with_epsilon (lsc_activity_mean_running (activity, 20 * MS, 40 * MS), 1.5,
                                  0.02);
}

/* The sum of what the columns of a graph say about their time is what the lanes say. */
static void
test_graph_adds_up_at_every_zoom (void)
{
  LscSynthConfig config = {
    .seed = 3, .n_events = 20000, .n_cpus = 4, .n_threads = 20, .n_processes = 3
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscActivity) activity = lsc_activity_new ();
  uint64_t start = lsc_trace_get_start_ns (trace);

  lsc_activity_update (activity, trace, 0);
  for (uint64_t span = 10 * MS; start + 50 * MS + span < lsc_trace_get_end_ns (trace); span *= 2)
    {
      LscViewport v;
      LscActivityGraph graph;
      uint64_t ns[LSC_N_STATES] = { 0 }, from, to;
      double running = 0, runnable = 0, width_ns;

      lsc_viewport_init (&v, start + 50 * MS, start + 50 * MS + span, 1000);
      lsc_activity_visible (activity, trace, LSC_ACTIVITY_ALL, &v, &graph);
      g_assert_cmpuint (graph.n_columns, >, 0);
      g_assert_cmpfloat (graph.x0, <=, 0);
      g_assert_cmpfloat (graph.x0 + graph.n_columns * graph.width_px, >=, 999);
      g_assert_cmpfloat (graph.width_px, >=, 2);
      g_assert_cmpfloat (graph.width_px, <, 4);
      width_ns = graph.width_px * v.ns_per_px;
      for (uint32_t i = 0; i < graph.n_columns; i++)
        {
          running += graph.columns[i].running * width_ns;
          runnable += graph.columns[i].runnable * width_ns;
        }
      from = lsc_viewport_time (&v, graph.x0 + 0.01);
      to = lsc_viewport_time (&v, graph.x0 + graph.n_columns * graph.width_px + 0.01);
      for (uint32_t t = 0; t < lsc_trace_get_n_threads (trace); t++)
        lsc_lane_sum (lsc_trace_get_thread (trace, t)->lane, from, to, ns);
      g_assert_cmpfloat (fabs (running / (double) ns[LSC_STATE_RUNNING] - 1), <, 0.02);
      g_assert_cmpfloat (
          fabs (runnable / (double) (ns[LSC_STATE_RUNNABLE] + ns[LSC_STATE_PREEMPTED]) - 1), <,
          0.02);
    }
}

/* Whether it was fed at once or bit by bit, the whole capture looks the same. */
static void
test_live_updates_lose_nothing (void)
{
  LscSynthConfig config = {
    .seed = 12, .n_events = 30000, .n_cpus = 4, .n_threads = 10, .n_processes = 2, .churn = 10
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscActivity) live = lsc_activity_new (), late = lsc_activity_new ();
  LscActivityColumn a[50], b[50];

  while (lsc_synth_fill (synth, bytes, 10000))
    {
      lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
      lsc_activity_update (live, trace, 0);
    }
  lsc_assembler_finish (assembler);
  lsc_activity_update (live, trace, 0);
  lsc_activity_update (late, trace, 0);
  lsc_activity_whole (live, 50, a);
  lsc_activity_whole (late, 50, b);
  for (int i = 0; i < 49; i++)
    {
      g_assert_cmpfloat_with_epsilon (a[i].running, b[i].running, 0.03f);
      g_assert_cmpfloat_with_epsilon (a[i].runnable, b[i].runnable, 0.1f);
    }
}

static void
test_one_process_of_two (void)
{
  LscSynthConfig config = {
    .seed = 13, .n_events = 10000, .n_cpus = 4, .n_threads = 10, .n_processes = 2
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscActivity) activity = lsc_activity_new ();
  double sum[3] = { 0 };
  LscViewport v;

  lsc_viewport_init (&v, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace), 500);
  lsc_activity_update (activity, trace, 0);
  for (uint32_t p = 0; p < 3; p++)
    {
      LscActivityGraph graph;

      lsc_activity_visible (activity, trace, p < 2 ? p : LSC_ACTIVITY_ALL, &v, &graph);
      for (uint32_t i = 0; i < graph.n_columns; i++)
        sum[p] += graph.columns[i].running;
    }
  g_assert_cmpfloat (sum[0], >, 0);
  g_assert_cmpfloat (sum[1], >, 0);
  g_assert_cmpfloat (fabs ((sum[0] + sum[1]) / sum[2] - 1), <, 0.001);
}

/* Without time for new work the graph is a guess, says so, and is right a few frames later. */
static void
test_guesses_are_told_and_mended (void)
{
  LscSynthConfig config = {
    .seed = 14, .n_events = 200000, .n_cpus = 8, .n_threads = 100, .n_processes = 2
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscActivity) hurried = lsc_activity_new (), patient = lsc_activity_new ();
  LscActivityGraph graph;
  LscViewport v;
  uint32_t frames = 0;

  lsc_viewport_init (&v, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace), 1600);
  do
    {
      lsc_activity_update (hurried, trace, 1);
      lsc_activity_visible (hurried, trace, LSC_ACTIVITY_ALL, &v, &graph);
      frames++;
    }
  while (lsc_activity_is_rough (hurried) && frames < 100000);
  g_assert_cmpuint (frames, >, 1);
  g_assert_cmpuint (frames, <, 100000); /* each frame gets on with it, however busy the machine */
  {
    LscActivityGraph exact;

    lsc_activity_update (patient, trace, 0);
    lsc_activity_visible (patient, trace, LSC_ACTIVITY_ALL, &v, &exact);
    g_assert_false (lsc_activity_is_rough (patient));
    g_assert_cmpuint (exact.n_columns, ==, graph.n_columns);
    for (uint32_t i = 0; i < exact.n_columns; i++)
      g_assert_cmpfloat_with_epsilon (exact.columns[i].running, graph.columns[i].running, 1e-4f);
  }
}

/* A picture that has no time for a growing capture's newest part guesses it: it is not drawn as
 * idle. */
static void
test_newest_part_is_no_hole (void)
{
  g_autoptr (GByteArray) out = begin_stream (0);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (LscActivity) activity = lsc_activity_new ();
  LscViewport v;
  LscActivityGraph graph;

  add_task (out, 0, 10, "a", LSC_TASK_ON_CPU, 0);
  add_waking (out, 50 * MS, 1, 0, 11);
  lsc_assembler_feed (assembler, out->data, out->len);
  lsc_viewport_init (&v, 0, 100 * MS, 1000);
  lsc_activity_update (activity, trace, 0);
  lsc_activity_visible (activity, trace, LSC_ACTIVITY_ALL, &v, &graph);
  g_byte_array_set_size (out, 0);
  add_waking (out, 90 * MS, 1, 0, 11);
  lsc_assembler_feed (assembler, out->data, out->len);
  lsc_activity_update (activity, trace, 2000);
  g_usleep (4000);
  lsc_activity_visible (activity, trace, LSC_ACTIVITY_ALL, &v, &graph);
  g_assert_true (lsc_activity_is_rough (activity));
  for (uint32_t i = 0; i < graph.n_columns; i++)
    {
      uint64_t time_ns = lsc_viewport_time (&v, graph.x0 + (i + 0.5) * graph.width_px);

      if (time_ns > 1 * MS && time_ns < 85 * MS)
        g_assert_cmpfloat_with_epsilon (graph.columns[i].running, 1, 0.05f);
    }
}

static void
test_header_shares_are_of_the_visible_capture (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  LscRow row = { .kind = LSC_ROW_THREAD, .index = 0 };
  LscLaneSummary summary;
  LscViewport v;

  /* from before the capture to 80 ms: 40 of 80 ms */
  lsc_viewport_init (&v, 0, 80 * MS - 1, 1000);
  lsc_lane_summary (trace, &row, &v, &summary);
  g_assert_cmpfloat_with_epsilon (lsc_lane_summary_running (&summary), 0.5, 0.001);
  row.kind = LSC_ROW_PROCESS;
  lsc_lane_summary (trace, &row, &v, &summary);
  g_assert_cmpfloat_with_epsilon (lsc_lane_summary_running (&summary), 50.0 / 80, 0.001);
  lsc_viewport_init (&v, 200 * MS, 300 * MS, 1000);
  lsc_lane_summary (trace, &row, &v, &summary);
  g_assert_cmpfloat (lsc_lane_summary_running (&summary), ==, 0);
}

static void
test_what_was_prepared_is_no_guess (void)
{
  LscSynthConfig config = {
    .seed = 15, .n_events = 100000, .n_cpus = 8, .n_threads = 100, .n_processes = 2
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscActivity) activity = lsc_activity_new ();
  LscActivityGraph graph;
  LscViewport v;

  lsc_viewport_init (&v, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace), 1600);
  lsc_viewport_zoom (&v, 800, 4);
  g_assert_false (lsc_activity_prepare (activity, trace, LSC_ACTIVITY_ALL, &v, 1));
  g_assert_true (lsc_activity_prepare (activity, trace, LSC_ACTIVITY_ALL, &v, INT64_MAX));
  lsc_activity_update (activity, trace, 1);
  lsc_activity_visible (activity, trace, LSC_ACTIVITY_ALL, &v, &graph);
  g_assert_false (lsc_activity_is_rough (activity));
  lsc_activity_update (activity, trace, 1);
  lsc_viewport_zoom (&v, 800, 4);
  lsc_activity_visible (activity, trace, LSC_ACTIVITY_ALL, &v, &graph);
  g_assert_true (lsc_activity_is_rough (activity));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/activity/ten-columns", test_whole_capture_in_ten_columns);
  g_test_add_func ("/activity/adds-up", test_graph_adds_up_at_every_zoom);
  g_test_add_func ("/activity/live", test_live_updates_lose_nothing);
  g_test_add_func ("/activity/process", test_one_process_of_two);
  g_test_add_func ("/activity/guesses", test_guesses_are_told_and_mended);
  g_test_add_func ("/activity/newest", test_newest_part_is_no_hole);
  g_test_add_func ("/activity/header", test_header_shares_are_of_the_visible_capture);
  g_test_add_func ("/activity/prepared", test_what_was_prepared_is_no_guess);
  return g_test_run ();
}
