/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How long one frame takes, view and paint: 1600 x 900 pixels, 100 lanes in sight, a walk of 200
 * steps that zooms and pans from the whole capture to single bars and back. Image surface, one
 * picture kept for the whole walk as a window keeps it. There are several walks; of each step the
 * median counts.
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
#define BUDGET_US 150   /* as the window has it */
#define PREPARE_US 4000 /* between two frames, of which there are 16 700 */
#define STEPS_AHEAD 4
#define COUNTED_EVENTS 300000
#define WALKS 5

typedef struct
{
  double ms, ahead_ms;
  unsigned level;
} Step;

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

/* One walk with a new picture, so that each has as much to work out. Returns how many of its frames
 * were coarse. */
static unsigned
walk (const LscTrace *trace, LscRowList *rows, cairo_surface_t *surface, bool timed, Step steps[])
{
  g_autoptr (LscPicture) picture = lsc_picture_new ();
  LscPictureLayout layout;
  unsigned n_rough = 0;
  LscScene scene;

  lsc_picture_set_budget (picture, timed ? BUDGET_US : 0);
  lsc_picture_layout (picture, WIDTH, HEIGHT, &layout);
  lsc_row_list_set_heights (rows, layout.lanes.height / (LANES + 10),
                            layout.lanes.height / (LANES + 10));
  lsc_row_list_update (rows, trace);
  lsc_scene_init (&scene, trace, rows, layout.lanes.width);
  for (int i = 0; i < STEPS; i++)
    {
      double start_ms = lsc_bench_now_ms (CLOCK_THREAD_CPUTIME_ID), painted_ms;
      cairo_t *cr = cairo_create (surface);

      lsc_row_list_update (rows, trace);
      lsc_picture_paint (picture, cr, &scene, WIDTH, HEIGHT);
      cairo_destroy (cr);
      painted_ms = lsc_bench_now_ms (CLOCK_THREAD_CPUTIME_ID);
      n_rough += lsc_picture_is_rough (picture);
      steps[i].level = lsc_viewport_level (&scene.viewport);
      steps[i].ms = painted_ms - start_ms;
      if (timed)
        lsc_picture_prepare (picture, &scene, HEIGHT, STEPS_AHEAD, PREPARE_US);
      steps[i].ahead_ms = lsc_bench_now_ms (CLOCK_THREAD_CPUTIME_ID) - painted_ms;
      step_viewport (&scene.viewport, trace, i);
    }
  return n_rough;
}

/* The median of what a step took in each walk: what else the machine did meanwhile is no frame's.
 */
static void
take_medians (Step walks[][STEPS], int n_walks, double ms[STEPS], double ahead_ms[STEPS])
{
  double of_step[WALKS], ahead_of_step[WALKS];

  for (int i = 0; i < STEPS; i++)
    {
      for (int w = 0; w < n_walks; w++)
        {
          of_step[w] = walks[w][i].ms;
          ahead_of_step[w] = walks[w][i].ahead_ms;
        }
      qsort (of_step, (size_t) n_walks, sizeof of_step[0], lsc_bench_compare);
      qsort (ahead_of_step, (size_t) n_walks, sizeof of_step[0], lsc_bench_compare);
      ms[i] = of_step[n_walks / 2];
      ahead_ms[i] = ahead_of_step[n_walks / 2];
    }
}

int
main (int argc, char **argv)
{
  uint64_t asked = argc > 1 ? strtoull (argv[1], NULL, 10) : 10000000;
  uint64_t n_events = asked > 0 ? asked : COUNTED_EVENTS;
  bool timed = asked > 0;
  int n_walks = timed ? WALKS : 1;
  g_autoptr (LscTrace) trace = lsc_bench_make_trace (n_events, 200);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  double ms[STEPS], ahead_ms[STEPS];
  static Step walks[WALKS][STEPS];
  unsigned n_rough = 0;

  for (int w = 0; w < n_walks; w++)
    n_rough += walk (trace, rows, surface, timed, walks[w]);
  take_medians (walks, n_walks, ms, ahead_ms);
  for (int i = 0; i < STEPS && argc > 2; i++)
    fprintf (stderr, "%d level %u: %.2f ms\n", i, walks[0][i].level, ms[i]);
  if (argc > 2)
    cairo_surface_write_to_png (surface, argv[2]);
  cairo_surface_destroy (surface);
  print ("first frame of all, fonts included", n_events, walks[0][0].ms, "<= 100");
  qsort (ms, STEPS, sizeof ms[0], lsc_bench_compare);
  print ("frame 1600x900, 100 lanes, p50", n_events, ms[STEPS / 2], "<= 4");
  print ("frame 1600x900, 100 lanes, p99", n_events, ms[STEPS * 99 / 100], "<= 4");
  print ("frame 1600x900, 100 lanes, worst", n_events, ms[STEPS - 1], "<= 16");
  qsort (ahead_ms, STEPS, sizeof ahead_ms[0], lsc_bench_compare);
  print ("work ahead between two frames, p50", n_events, ahead_ms[STEPS / 2], "<= 4");
  print ("work ahead between two frames, worst", n_events, ahead_ms[STEPS - 1], "<= 8");
  printf (
      "{\"figure\": \"frames of the walk that were still coarse, %.0f M events\", \"ours\": %.0f, "
      "\"target\": \"<= 100\", \"unit\": \"frames of 200\"}\n",
      (double) n_events / 1e6, (double) n_rough / n_walks);
  return EXIT_SUCCESS;
}
