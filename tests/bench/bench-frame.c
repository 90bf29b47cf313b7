/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How long one frame takes, view and paint: 1600 x 900 pixels, 100 lanes in sight, a walk of 200
 * steps that zooms and pans from the whole capture to single bars and back. Image surface, one
 * picture kept for the whole walk as a window keeps it.
 *
 *   bench-frame [EVENTS [PICTURE.PNG]]
 *
 * With a picture it also tells each frame, and paints the last. EVENTS 0 is for counting: a few
 * events, and no clock has a say in what is painted.
 */
#include "lib/paint/picture.h"
#include "tests/bench/bench.h"

#include <math.h>

#define STEPS 200
#define WIDTH 1600
#define HEIGHT 900
#define LANES 100
#define BUDGET_US 500   /* as the window has it */
#define PREPARE_US 4000 /* between two frames, of which there are 16 700 */
#define STEPS_AHEAD 4
#define COUNTED_EVENTS 300000

/* In, along, out again, along: by 1.25 a step, to 1.25^80 = 5e7 times the whole. As in a window,
 * the capture stays in sight. */
static void
step_viewport (LscViewport *viewport, const LscTrace *trace, int step)
{
  double x = 800 + 500 * sin (step * 0.7);

  if (step < 80)
    lsc_viewport_zoom (viewport, x, 1.25);
  else if (step < 100 || step >= 180)
    lsc_viewport_pan (viewport, step < 190 ? 170 : -170);
  else
    lsc_viewport_zoom (viewport, x, 1 / 1.25);
  lsc_viewport_keep_in_sight (viewport, lsc_trace_get_start_ns (trace),
                              lsc_trace_get_end_ns (trace), 0.5);
}

static void
print (const char *figure, uint64_t n_events, double ours, const char *target)
{
  printf ("{\"figure\": \"%s, %.0f M events\", \"ours\": %.2f, \"target\": \"%s\", \"unit\": "
          "\"ms\"}\n",
          figure, (double) n_events / 1e6, ours, target);
}

int
main (int argc, char **argv)
{
  uint64_t asked = argc > 1 ? strtoull (argv[1], NULL, 10) : 10000000;
  uint64_t n_events = asked > 0 ? asked : COUNTED_EVENTS;
  bool verbose = argc > 2, timed = asked > 0;
  g_autoptr (LscTrace) trace = lsc_bench_make_trace (n_events, 200);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscPicture) picture = lsc_picture_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  double ms[STEPS], ahead[STEPS], n_rough = 0;
  LscPictureLayout layout;
  LscScene scene;

  lsc_picture_set_budget (picture, timed ? BUDGET_US : 0);
  lsc_picture_layout (picture, WIDTH, HEIGHT, &layout);
  lsc_row_list_set_heights (rows, layout.lanes.height / (LANES + 10),
                            layout.lanes.height / (LANES + 10));
  lsc_row_list_update (rows, trace);
  lsc_scene_init (&scene, trace, rows, layout.lanes.width);
  for (int i = 0; i < STEPS; i++)
    {
      double start_ms = lsc_bench_now_ms (CLOCK_THREAD_CPUTIME_ID);
      cairo_t *cr = cairo_create (surface);

      lsc_row_list_update (rows, trace);
      lsc_picture_paint (picture, cr, &scene, WIDTH, HEIGHT);
      cairo_destroy (cr);
      ms[i] = lsc_bench_now_ms (CLOCK_THREAD_CPUTIME_ID) - start_ms;
      n_rough += lsc_picture_is_rough (picture);
      if (verbose)
        fprintf (stderr, "%d level %u: %.2f ms\n", i, lsc_viewport_level (&scene.viewport), ms[i]);
      start_ms = lsc_bench_now_ms (CLOCK_THREAD_CPUTIME_ID);
      if (timed)
        lsc_picture_prepare (picture, &scene, HEIGHT, STEPS_AHEAD, PREPARE_US);
      ahead[i] = lsc_bench_now_ms (CLOCK_THREAD_CPUTIME_ID) - start_ms;
      step_viewport (&scene.viewport, trace, i);
    }
  if (verbose)
    cairo_surface_write_to_png (surface, argv[2]);
  cairo_surface_destroy (surface);
  qsort (ms, STEPS, sizeof ms[0], lsc_bench_compare);
  print ("frame 1600x900, 100 lanes, p50", n_events, ms[STEPS / 2], "<= 4");
  print ("frame 1600x900, 100 lanes, p99", n_events, ms[STEPS * 99 / 100], "<= 4");
  print ("frame 1600x900, 100 lanes, worst", n_events, ms[STEPS - 1], "<= 16");
  qsort (ahead, STEPS, sizeof ahead[0], lsc_bench_compare);
  print ("work ahead between two frames, p50", n_events, ahead[STEPS / 2], "<= 4");
  print ("work ahead between two frames, worst", n_events, ahead[STEPS - 1], "<= 8");
  printf (
      "{\"figure\": \"frames of the walk that were still coarse, %.0f M events\", \"ours\": %.0f, "
      "\"target\": \"<= 100\", \"unit\": \"frames of 200\"}\n",
      (double) n_events / 1e6, n_rough);
  return EXIT_SUCCESS;
}
