/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pictures against golden ones. They hold no letters, so that they do not depend on fonts. With
 * LSC_GOLDEN_WRITE set the golden pictures are written anew: look at them before you commit.
 */
#include "lib/paint/picture.h"
#include "tests/support/convoy.h"
#include "tests/support/synth-trace.h"

#include <cairo-svg.h>
#include <stdlib.h>

/* A pixel differs when a channel does by more than this; so many in a thousand may. */
#define CHANNEL 24
#define PER_THOUSAND 1

typedef struct
{
  const char *name;
  LscTheme theme;
  LscRowMode mode;
  uint64_t from_ns, to_ns; /* since the start; 0, 0: all */
  double row_height;
  bool synth; /* else the convoy */
  void (*change) (LscScene *scene);
} Case;

static void
pick_wakeup (LscScene *scene)
{
  scene->selected = (LscPick){ LSC_ROW_THREAD, 3, true, 3 };
  scene->has_a = scene->has_b = scene->has_range = true;
  scene->a_ns = 10 * MS;
  scene->b_ns = 24 * MS;
  scene->range_from_ns = 40 * MS;
  scene->range_to_ns = 44 * MS;
}

static void
collapse (LscScene *scene)
{
  lsc_row_list_set (scene->rows, LSC_ROW_PROCESS, 0, LSC_ROW_COLLAPSED, true);
  lsc_row_list_update (scene->rows, scene->trace);
}

static const Case cases[] = {
  { "light", LSC_THEME_LIGHT, LSC_ROWS_BY_THREAD, 0, 0, 46, false, NULL },
  { "dark", LSC_THEME_DARK, LSC_ROWS_BY_THREAD, 0, 0, 46, false, NULL },
  { "print", LSC_THEME_PRINT, LSC_ROWS_BY_THREAD, 0, 0, 46, false, NULL },
  { "high-contrast", LSC_THEME_HIGH_CONTRAST, LSC_ROWS_BY_THREAD, 0, 0, 46, false, NULL },
  { "birth-loss-exit", LSC_THEME_LIGHT, LSC_ROWS_BY_THREAD, 10 * MS, 52 * MS, 46, false, NULL },
  { "beyond-the-capture", LSC_THEME_LIGHT, LSC_ROWS_BY_THREAD, 50 * MS, 70 * MS, 46, false, NULL },
  { "cpus", LSC_THEME_LIGHT, LSC_ROWS_BY_CPU, 0, 0, 46, false, NULL },
  { "picked", LSC_THEME_LIGHT, LSC_ROWS_BY_THREAD, 5 * MS, 50 * MS, 46, false, pick_wakeup },
  { "dense", LSC_THEME_LIGHT, LSC_ROWS_BY_THREAD, 0, 0, 30, true, NULL },
  { "dense-print", LSC_THEME_PRINT, LSC_ROWS_BY_THREAD, 0, 0, 30, true, NULL },
  { "dense-low", LSC_THEME_DARK, LSC_ROWS_BY_THREAD, 0, 0, 9, true, NULL },
  { "dense-cpus", LSC_THEME_DARK, LSC_ROWS_BY_CPU, 0, 0, 46, true, NULL },
  { "collapsed", LSC_THEME_LIGHT, LSC_ROWS_BY_THREAD, 0, 0, 46, false, collapse },
};

static uint32_t
pixel_at (cairo_surface_t *image, int x, int y)
{
  const unsigned char *row =
      cairo_image_surface_get_data (image) + (ptrdiff_t) y * cairo_image_surface_get_stride (image);

  return ((const uint32_t *) (const void *) row)[x] & 0xffffff;
}

static LscTrace *
make_trace (const Case *c)
{
  LscSynthConfig config = {
    .seed = 8, .n_events = 30000, .n_cpus = 4, .n_threads = 24, .n_processes = 2, .lost = 2
  };
  g_autoptr (GByteArray) stream = c->synth ? lsc_synth_all (&config) : make_convoy ();

  return trace_of_stream (stream);
}

static cairo_surface_t *
paint (const Case *c, cairo_surface_t *surface, bool text)
{
  g_autoptr (LscTrace) trace = make_trace (c);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscPicture) picture = lsc_picture_new ();
  uint64_t start = lsc_trace_get_start_ns (trace);
  LscPictureParts parts;
  LscPictureLayout layout;
  LscScene scene;
  cairo_t *cr = cairo_create (surface);

  lsc_picture_parts_init (&parts);
  parts.text = text;
  parts.header_width = 120;
  lsc_picture_set_parts (picture, &parts);
  lsc_picture_set_theme (picture, c->theme);
  lsc_picture_layout (picture, 800, 480, &layout);
  lsc_row_list_set_mode (rows, c->mode);
  lsc_row_list_set_sort (rows, LSC_SORT_TID);
  lsc_row_list_set_heights (rows, c->row_height, 24);
  lsc_row_list_update (rows, trace);
  lsc_scene_init (&scene, trace, rows, layout.lanes.width);
  if (c->to_ns > 0)
    lsc_viewport_fit (&scene.viewport, start + c->from_ns, start + c->to_ns, 0);
  if (c->change != NULL)
    c->change (&scene);
  lsc_picture_paint (picture, cr, &scene, 800, 480);
  cairo_destroy (cr);
  return surface;
}

static uint32_t
count_different (cairo_surface_t *a, cairo_surface_t *b)
{
  uint32_t n = 0;

  cairo_surface_flush (a);
  cairo_surface_flush (b);
  for (int y = 0; y < 480; y++)
    {
      const uint8_t *p = cairo_image_surface_get_data (a) + y * cairo_image_surface_get_stride (a);
      const uint8_t *q = cairo_image_surface_get_data (b) + y * cairo_image_surface_get_stride (b);

      for (int x = 0; x < 800; x++, p += 4, q += 4)
        n += abs (p[0] - q[0]) > CHANNEL || abs (p[1] - q[1]) > CHANNEL
             || abs (p[2] - q[2]) > CHANNEL;
    }
  return n;
}

static void
test_picture_is_the_golden_one (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *file = g_strdup_printf ("%s.png", c->name);
  g_autofree char *path =
      g_build_filename (g_getenv ("LSC_SOURCE"), "tests", "paint", "golden", file, NULL);
  cairo_surface_t *actual =
      paint (c, cairo_image_surface_create (CAIRO_FORMAT_RGB24, 800, 480), false);
  cairo_surface_t *golden;
  uint32_t n;

  if (g_getenv ("LSC_GOLDEN_WRITE") != NULL)
    g_assert_cmpint (cairo_surface_write_to_png (actual, path), ==, CAIRO_STATUS_SUCCESS);
  golden = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (golden), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (golden), ==, 800);
  g_assert_cmpint (cairo_image_surface_get_height (golden), ==, 480);
  n = count_different (actual, golden);
  if (n > 800 * 480 * PER_THOUSAND / 1000)
    {
      g_autofree char *seen = g_build_filename (g_getenv ("LSC_BUILD"), "tests", file, NULL);

      cairo_surface_write_to_png (actual, seen);
      g_test_message ("%u pixels differ from %s; this picture is %s", n, path, seen);
      g_test_fail ();
    }
  cairo_surface_destroy (actual);
  cairo_surface_destroy (golden);
}

/* The comparison itself must be able to fail. */
static void
test_other_pictures_differ (void)
{
  cairo_surface_t *a =
      paint (&cases[0], cairo_image_surface_create (CAIRO_FORMAT_RGB24, 800, 480), false);
  cairo_surface_t *b =
      paint (&cases[4], cairo_image_surface_create (CAIRO_FORMAT_RGB24, 800, 480), false);

  g_assert_cmpuint (count_different (a, b), >, 800 * 480 * PER_THOUSAND / 1000);
  cairo_surface_destroy (a);
  cairo_surface_destroy (b);
}

/* With letters: they are there, and only where words may stand; the bars are the same. */
static void
test_letters_change_little (void)
{
  cairo_surface_t *without =
      paint (&cases[0], cairo_image_surface_create (CAIRO_FORMAT_RGB24, 800, 480), false);
  cairo_surface_t *with =
      paint (&cases[0], cairo_image_surface_create (CAIRO_FORMAT_RGB24, 800, 480), true);
  uint32_t n = count_different (without, with);

  g_assert_cmpuint (n, >, 2000);
  g_assert_cmpuint (n, <, 800 * 480 / 8);
  cairo_surface_destroy (without);
  cairo_surface_destroy (with);
}

/* From a nanosecond a pixel to a hundred years a pixel, in and beyond the capture, with rows of any
 * height and pictures of any size, on pixels and on paper: nothing breaks, and something is drawn.
 */
static void
test_any_zoom_can_be_painted (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (LscTrace) trace = make_trace (&cases[8]);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscPicture) picture = lsc_picture_new ();
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  double zoom = LSC_NS_PER_PX_MIN;

  for (int i = 0; i < 120; i++, zoom *= 1.45)
    {
      int width = g_rand_int_range (rand, 1, i % 4 == 3 ? 6000 : 900);
      int height = g_rand_int_range (rand, 1, 400);
      cairo_surface_t *surface =
          i % 8 == 0   ? cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL)
          : i % 8 == 1 ? cairo_svg_surface_create (NULL, width, height)
                       : cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
      cairo_t *cr = cairo_create (surface);
      LscPictureLayout layout;
      LscScene scene;

      lsc_picture_set_theme (picture, (LscTheme) (i % LSC_N_THEMES));
      lsc_picture_layout (picture, width, height, &layout);
      lsc_row_list_set_mode (rows, i % 3 == 0 ? LSC_ROWS_BY_CPU : LSC_ROWS_BY_THREAD);
      lsc_row_list_set_heights (rows, g_rand_double_range (rand, 0, 80), i % 30);
      lsc_row_list_set (rows, LSC_ROW_PROCESS, 0, LSC_ROW_COLLAPSED, i % 5 == 0);
      lsc_row_list_update (rows, trace);
      lsc_scene_init (&scene, trace, rows, layout.lanes.width);
      scene.viewport.ns_per_px = MIN (zoom, LSC_NS_PER_PX_MAX);
      lsc_viewport_place (&scene.viewport, start + (end - start) / 10 * (uint64_t) (i % 12),
                          width / 2.0);
      scene.origin_ns = i % 4 == 0 ? 0 : i % 4 == 1 ? UINT64_MAX : start;
      scene.scroll_y = g_rand_double_range (rand, -50, 500);
      scene.all_arrows = i % 7 == 0;
      pick_wakeup (&scene);
      lsc_picture_paint (picture, cr, &scene, width, height);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
}

/* Wider than what is gathered at once, at all densities of bars and columns: what is seen at the
 * right end is what a picture of that part alone shows. */
static void
test_wide_pictures_are_whole (void)
{
  const int width = 4900, part = 700, height = 300; /* hatches are in step with x */
  g_autoptr (LscTrace) trace = make_trace (&cases[8]);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscPicture) picture = lsc_picture_new ();
  LscPictureParts parts = { .header_width = 0 };

  lsc_picture_set_parts (picture, &parts);
  lsc_row_list_set_heights (rows, 9, 9);
  lsc_row_list_update (rows, trace);
  for (double zoom = 1e3; zoom < 1e6; zoom *= 1.1)
    {
      cairo_surface_t *seen[2];
      uint32_t n = 0;

      for (int alone = 0; alone < 2; alone++)
        {
          int wide = alone ? part : width;
          LscPictureLayout layout;
          LscScene scene;
          cairo_t *cr;

          seen[alone] = cairo_image_surface_create (CAIRO_FORMAT_RGB24, wide, height);
          cr = cairo_create (seen[alone]);
          lsc_picture_layout (picture, wide, height, &layout);
          lsc_scene_init (&scene, trace, rows, layout.lanes.width);
          scene.viewport.ns_per_px = zoom;
          lsc_viewport_place (&scene.viewport, lsc_trace_get_end_ns (trace), wide - 10);
          lsc_picture_paint (picture, cr, &scene, wide, height);
          cairo_destroy (cr);
          cairo_surface_flush (seen[alone]);
        }
      for (int y = 0; y < height; y++)
        for (int x = 20; x < part; x++)
          n += pixel_at (seen[0], width - part + x, y) != pixel_at (seen[1], x, y);
      /* slashes of bars that are cut off begin elsewhere */
      g_assert_cmpuint (n, <=, part * height / 100);
      cairo_surface_destroy (seen[0]);
      cairo_surface_destroy (seen[1]);
    }
}

/* A recording surface is told its scale: what is recorded at 2 and replayed at 2 is as sharp as
 * what is painted at 2. */
static void
test_recordings_are_sharp (void)
{
  g_autoptr (LscTrace) trace = make_trace (&cases[0]);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  cairo_surface_t *seen[2];

  lsc_row_list_update (rows, trace);
  for (int recorded = 0; recorded < 2; recorded++)
    {
      g_autoptr (LscPicture) picture = lsc_picture_new ();
      cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 800, 480);
      cairo_surface_t *recording = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
      LscPictureParts parts;
      LscPictureLayout layout;
      LscScene scene;
      cairo_t *cr;

      lsc_picture_parts_init (&parts);
      parts.text = false;
      parts.header_width = 120;
      lsc_picture_set_parts (picture, &parts);
      lsc_picture_set_scale (picture, 2);
      lsc_picture_layout (picture, 400, 240, &layout);
      lsc_scene_init (&scene, trace, rows, layout.lanes.width);
      cairo_surface_set_device_scale (image, 2, 2);
      cr = cairo_create (recorded ? recording : image);
      lsc_picture_paint (picture, cr, &scene, 400, 240);
      cairo_destroy (cr);
      if (recorded)
        {
          cr = cairo_create (image);
          cairo_set_source_surface (cr, recording, 0, 0);
          cairo_paint (cr);
          cairo_destroy (cr);
        }
      cairo_surface_destroy (recording);
      cairo_surface_set_device_scale (image, 1, 1);
      seen[recorded] = image;
    }
  g_assert_cmpuint (count_different (seen[0], seen[1]), <=, 800 * 480 * PER_THOUSAND / 1000);
  cairo_surface_destroy (seen[0]);
  cairo_surface_destroy (seen[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (g_getenv ("LSC_SOURCE"));
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/golden/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_picture_is_the_golden_one);
    }
  g_test_add_func ("/golden/others-differ", test_other_pictures_differ);
  g_test_add_func ("/golden/any-zoom", test_any_zoom_can_be_painted);
  g_test_add_func ("/golden/wide", test_wide_pictures_are_whole);
  g_test_add_func ("/golden/recordings", test_recordings_are_sharp);
  g_test_add_func ("/golden/letters", test_letters_change_little);
  return g_test_run ();
}
