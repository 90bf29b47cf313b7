/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rows of a strip: what this processor does fastest is what every processor does, pixel by pixel.
 */
#include "lib/paint/column-look.h"
#include "lib/paint/column-row.h"

#define ROUNDS 400
#define CANARY 0x12345678u

/* All different, but for what a line's set has in common with the first. */
static void
fill_colors (LscColor colors[LSC_COLUMN_N_COLORS])
{
  for (unsigned i = 0; i < LSC_COLUMN_N_COLORS; i++)
    {
      bool behind = i >= LSC_COLUMN_SET && i < LSC_COLUMN_HOLLOW_RUNNABLE && i % LSC_COLUMN_SET > 0;

      colors[i] = 0xff000000u + (behind ? i % LSC_COLUMN_SET : i);
    }
}

static int8_t
random_height (GRand *rand, int8_t from)
{
  return (int8_t) g_rand_int_range (rand, from, 72 + 1); /* 200 - 128: a strip is no higher */
}

/* A column of states with or without a line, or a part of a hollow bar. */
static void
fill_column (GRand *rand, LscColumnPlanes *planes, int i)
{
  unsigned reason = (unsigned) g_rand_int_range (rand, 0, LSC_N_REASONS);

  planes->running[i] = random_height (rand, -128);
  planes->preempted[i] = random_height (rand, planes->running[i]);
  planes->runnable[i] = random_height (rand, planes->preempted[i]);
  planes->unknown[i] = random_height (rand, planes->runnable[i]);
  planes->line_from[i] = random_height (rand, -128);
  planes->line_to[i] = random_height (rand, planes->line_from[i]);
  planes->line[i] = 0;
  if (g_rand_int_range (rand, 0, 3) == 0)
    planes->line[i] = (uint8_t) LSC_COLUMN_LINE (reason);
  else if (g_rand_int_range (rand, 0, 6) == 0)
    planes->line[i] =
        g_rand_boolean (rand) ? LSC_COLUMN_HOLLOW_RUNNABLE : LSC_COLUMN_HOLLOW_PREEMPTED;
}

static void
test_best_is_plain (void)
{
  static LscColumnPlanes planes;
  static uint32_t plain[LSC_COLUMN_STRIP_PX + 1], best[LSC_COLUMN_STRIP_PX + 1];
  GRand *rand = g_rand_new_with_seed (7);
  LscColor colors[LSC_COLUMN_N_COLORS];

  fill_colors (colors);
  for (int round = 0; round < ROUNDS; round++)
    {
      int n = round == 0 ? LSC_COLUMN_STRIP_PX : g_rand_int_range (rand, 1, 100);
      int8_t height = random_height (rand, -128);

      for (int i = 0; i < n; i++)
        fill_column (rand, &planes, i);
      plain[n] = best[n] = CANARY;
      lsc_column_row_plain (&planes, height, n, colors, plain);
      lsc_column_row_best () (&planes, height, n, colors, best);
      for (int i = 0; i <= n; i++)
        g_assert_cmphex (best[i], ==, plain[i]);
    }
  g_rand_free (rand);
}

/* A line shows where nothing is stacked before it, and a hollow bar has its own colours. */
static void
test_colors (void)
{
  static LscColumnPlanes planes;
  LscColor colors[LSC_COLUMN_N_COLORS];
  uint32_t pixels[3];

  fill_colors (colors);
  for (int i = 0; i < 3; i++)
    {
      planes.running[i] = planes.preempted[i] = i == 1 ? 10 : -128;
      planes.runnable[i] = planes.unknown[i] = i == 0 ? -128 : 10;
      planes.line_from[i] = -128;
      planes.line_to[i] = 72;
      planes.line[i] = i == 2 ? LSC_COLUMN_HOLLOW_RUNNABLE : LSC_COLUMN_LINE (LSC_REASON_LOCK);
    }
  lsc_column_row_best () (&planes, 0, 3, colors, pixels);
  g_assert_cmphex (pixels[0], ==, colors[LSC_COLUMN_LINE (LSC_REASON_LOCK)]);
  g_assert_cmphex (pixels[1], ==, colors[LSC_COLUMN_RUNNING]);
  g_assert_cmphex (pixels[2], ==, colors[LSC_COLUMN_HOLLOW_RUNNABLE + 2]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/column-row/best-is-plain", test_best_is_plain);
  g_test_add_func ("/column-row/colors", test_colors);
  return g_test_run ();
}
