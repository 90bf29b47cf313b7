/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/minimap-painter.h"

#include "lib/view/unit.h"

#include <math.h>

#define COLUMN_PX 3.0
#define MARGIN 12.0

/* CPUs the machine has, or those heard of. */
static uint32_t
count_cpus (const LscTrace *trace)
{
  uint32_t n = lsc_trace_get_header (trace)->n_cpus;

  return n > 0 ? n : lsc_trace_get_n_cpus (trace);
}

static void
put_words (const LscPaintTools *tools, const LscBox *box, double left, const char *const words[2])
{
  LscTextStyle first = { LSC_FONT_LEGEND, tools->palette->text, 0, left - 2 * MARGIN };
  LscTextStyle second = { LSC_FONT_SMALL, tools->palette->dim_text, 0, left - 2 * MARGIN };
  double x = box->x - left + MARGIN;

  if (left < 60)
    return;
  if (words[0] != NULL)
    lsc_label_cache_put_text (tools->labels, &first, words[0], x, box->y + 14);
  if (words[1] != NULL)
    lsc_label_cache_put_text (tools->labels, &second, words[1], x, box->y + 29);
}

static void
paint_viewport (const LscPaintTools *tools, const LscBox *box)
{
  const LscScene *scene = tools->scene;
  double start = (double) lsc_trace_get_start_ns (scene->trace);
  double span = (double) lsc_trace_get_end_ns (scene->trace) - start;
  double from, to;

  if (span <= 0)
    return;
  from = ((double) lsc_viewport_from_ns (&scene->viewport) - start) / span;
  to = ((double) lsc_viewport_to_ns (&scene->viewport) - start) / span;
  if (to <= 0 || from >= 1 || (from <= 0 && to >= 1))
    return;
  from = round (fmax (from, 0) * box->width);
  to = fmax (round (fmin (to, 1) * box->width), from + 3);
  lsc_paint_tools_fill (tools, &(LscBox){ box->x + from, box->y, to - from, box->height },
                        tools->palette->viewport);
  lsc_paint_tools_set_color (tools, tools->palette->viewport_edge);
  cairo_set_line_width (tools->cr, 1);
  cairo_rectangle (tools->cr, box->x + from + 0.5, box->y + 0.5, to - from - 1, box->height - 1);
  cairo_stroke (tools->cr);
}

/* A column so many units high; of the grain at its top only the part that it covers. */
static void
fill_column (const LscPaintTools *tools, LscGrains column, double height, LscColor color)
{
  double top = column.y1 - height * lsc_ink_get_scale (tools->ink);
  uint32_t part;

  column.y0 = (int) ceil (top);
  part = (uint32_t) (255 * (column.y0 - top));
  lsc_ink_fill (tools->ink, column, color);
  column.y1 = column.y0--;
  lsc_ink_fill (tools->ink, column,
                lsc_palette_blend (tools->palette->well, (color & 0xffffff) | part << 24));
}

static void
paint_whole_columns (const LscPaintTools *tools, const LscBox *box)
{
  LscActivityColumn columns[LSC_ACTIVITY_MAX];
  cairo_rectangle_t area = { box->x, box->y, box->width, box->height };
  uint32_t n = (uint32_t) fmin (fmax (floor (box->width / COLUMN_PX), 1), LSC_ACTIVITY_MAX);
  double step = box->width / n, room = box->height - 6, peak = 0;
  LscColor well = tools->palette->well;
  LscColor color = lsc_palette_blend (well, (tools->palette->running & 0xffffff) | 0x90000000);

  lsc_activity_whole (tools->activity, n, columns);
  for (uint32_t i = 0; i < n; i++)
    peak = fmax (peak, columns[i].running);
  lsc_ink_begin (tools->ink, tools->cr, &area, well);
  for (uint32_t i = 0; i < n && peak > 0; i++)
    {
      double height = columns[i].running / peak * room;
      LscGrains column = { .x0 = lsc_ink_grain (tools->ink, round (i * step)),
                           .x1 = lsc_ink_grain (tools->ink, round ((i + 1) * step)),
                           .y1 = lsc_ink_grain (tools->ink, box->height - 3) };

      if (height > 0)
        fill_column (tools, column, fmax (height, 1), color);
    }
  lsc_ink_end (tools->ink);
}

void
lsc_minimap_painter_whole (const LscPaintTools *tools, const LscBox *box, double left)
{
  const LscTrace *trace = tools->scene->trace;
  char length[48];

  paint_whole_columns (tools, box);
  lsc_paint_tools_set_color (tools, tools->palette->border);
  cairo_set_line_width (tools->cr, 1);
  cairo_rectangle (tools->cr, box->x + 0.5, box->y + 0.5, box->width - 1, box->height - 1);
  cairo_stroke (tools->cr);
  paint_viewport (tools, box);
  lsc_unit_format_short (lsc_trace_get_end_ns (trace) - lsc_trace_get_start_ns (trace), length,
                         sizeof length);
  put_words (tools, box, left, (const char *const[]){ tools->words->whole_capture, length });
  lsc_label_cache_flush (tools->labels);
}

/* The top of the scale: a round number of threads at or above the highest visible column, so that
 * it seldom changes while the picture moves. */
static double
scale_of (const LscActivityGraph *graph, double width)
{
  double peak = 1, scale = 1;

  for (uint32_t i = 0; i < graph->n_columns; i++)
    {
      double x = graph->x0 + i * graph->width_px;

      if (x < width && x + graph->width_px > 0)
        peak = fmax (peak, graph->columns[i].running + graph->columns[i].runnable);
    }
  while (scale < peak - 0.01)
    scale = scale < 4 ? scale + 1 : scale * 3 / 2 <= peak ? scale * 2 : scale * 3 / 2;
  return scale;
}

static void
paint_visible_columns (const LscPaintTools *tools,
                       const LscBox *box,
                       const LscActivityGraph *graph,
                       double peak)
{
  double first =
      lsc_viewport_x (&tools->scene->viewport, lsc_trace_get_start_ns (tools->scene->trace));
  double last =
      lsc_viewport_x (&tools->scene->viewport, lsc_trace_get_end_ns (tools->scene->trace));

  for (uint32_t i = 0; i < graph->n_columns; i++)
    {
      double x = graph->x0 + i * graph->width_px;
      double running = graph->columns[i].running / peak * box->height;
      double both = running + graph->columns[i].runnable / peak * box->height;
      LscGrains column = { .x0 = lsc_ink_grain (tools->ink, fmax (x, first)),
                           .x1 = lsc_ink_grain (tools->ink, fmin (x + graph->width_px, last)),
                           .y0 = lsc_ink_grain (tools->ink, box->height - both),
                           .y1 = lsc_ink_grain (tools->ink, box->height - running) };

      if (x > box->width || x + graph->width_px < 0)
        continue;
      lsc_ink_fill (tools->ink, column, tools->palette->runnable);
      column.y0 = column.y1;
      column.y1 = lsc_ink_grain (tools->ink, box->height);
      lsc_ink_fill (tools->ink, column, tools->palette->running);
    }
}

/* "mean 1.1 of 4 CPUs" for the visible time. */
static void
format_mean (const LscPaintTools *tools, const LscActivityGraph *graph, char *buffer, size_t size)
{
  double sum = 0;
  uint32_t n = 0;
  char mean[32], cpus[16], with_mean[128];

  for (uint32_t i = 0; i < graph->n_columns; i++)
    {
      double middle = graph->x0 + (i + 0.5) * graph->width_px;

      if (middle < 0 || middle >= tools->scene->viewport.width)
        continue;
      sum += graph->columns[i].running;
      n++;
    }
  g_snprintf (mean, sizeof mean, "%.1f", n > 0 ? sum / n : 0);
  g_snprintf (cpus, sizeof cpus, "%u", count_cpus (tools->scene->trace));
  lsc_paint_tools_insert (tools->words->mean_of_cpus, mean, with_mean, sizeof with_mean);
  lsc_paint_tools_insert (with_mean, cpus, buffer, size);
}

void
lsc_minimap_painter_visible (const LscPaintTools *tools, const LscBox *box, double left)
{
  cairo_rectangle_t area = { box->x, box->y, box->width, box->height };
  LscTextStyle style = { LSC_FONT_TINY, tools->palette->dim_text, 1, 0 };
  LscActivityGraph graph;
  char mean[128] = "", top[16];
  double scale;

  lsc_activity_visible (tools->activity, tools->scene->trace, LSC_ACTIVITY_ALL,
                        &tools->scene->viewport, &graph);
  lsc_ink_begin (tools->ink, tools->cr, &area, tools->palette->background);
  scale = scale_of (&graph, box->width);
  paint_visible_columns (tools, box, &graph, scale);
  lsc_ink_end (tools->ink);
  if (tools->words->mean_of_cpus != NULL)
    format_mean (tools, &graph, mean, sizeof mean);
  put_words (tools, box, left, (const char *const[]){ tools->words->running_at_once, mean });
  /* how many threads the top stands for */
  g_snprintf (top, sizeof top, "%.0f", scale);
  if (left >= 60 && graph.n_columns > 0)
    lsc_label_cache_put_text (tools->labels, &style, top, box->x - 5, box->y + 8);
  lsc_label_cache_flush (tools->labels);
}
