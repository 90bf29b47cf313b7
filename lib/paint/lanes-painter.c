/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/lanes-painter.h"

#include "lib/paint/bar-painter.h"
#include "lib/view/hit.h"

#include <math.h>

#define EXIT_WIDTH 4.0

void
lsc_lanes_painter_visible (const LscScene *scene,
                           double height,
                           uint32_t *out_first,
                           uint32_t *out_end)
{
  uint32_t n = lsc_row_list_get_n_rows (scene->rows);
  uint32_t first = lsc_row_list_at_y (scene->rows, fmax (scene->scroll_y, 0));
  uint32_t last = lsc_row_list_at_y (scene->rows, scene->scroll_y + height);

  *out_first = first == LSC_ROW_NONE ? n : first;
  *out_end = last == LSC_ROW_NONE ? n : last + 1;
}

static LscGrains
band (const LscPaintTools *tools, double x0, double x1, double y0, double y1)
{
  return (LscGrains){ lsc_ink_grain (tools->ink, x0), lsc_ink_grain (tools->ink, y0),
                      lsc_ink_grain (tools->ink, x1), lsc_ink_grain (tools->ink, y1) };
}

/* The line below a row. */
static void
paint_border (const LscPaintTools *tools, const LscRow *row, double y, double width)
{
  if (row->height >= 14)
    lsc_ink_fill (tools->ink, band (tools, 0, width, y + row->height - 1, y + row->height),
                  tools->palette->border);
}

/* A collapsed process: how many of its threads ran, and waited, at once. */
static void
paint_process (const LscPaintTools *tools, const LscRow *row, double y, const LscBox *box)
{
  LscActivityGraph graph;
  double peak = 1, room = row->height - 5;
  double base = y + row->height - 2;

  if (!row->collapsed || room < 2)
    return;
  lsc_activity_visible (tools->activity, tools->scene->trace, row->index, &tools->scene->viewport,
                        &graph);
  for (uint32_t i = 0; i < graph.n_columns; i++)
    if (graph.x0 + i * graph.width_px < box->width && graph.x0 + (i + 1) * graph.width_px > 0)
      peak = fmax (peak, graph.columns[i].running + graph.columns[i].runnable);
  for (uint32_t i = 0; i < graph.n_columns; i++)
    {
      double x = graph.x0 + i * graph.width_px;
      double running = graph.columns[i].running / peak * room;
      double waiting = graph.columns[i].runnable / peak * room;

      if (x > box->width || x + graph.width_px < 0)
        continue;
      running = running > 0 ? fmax (running, 1) : 0;
      lsc_ink_fill (tools->ink, band (tools, x, x + graph.width_px, base - running, base),
                    tools->palette->running);
      lsc_ink_fill (tools->ink,
                    band (tools, x, x + graph.width_px, base - running - waiting, base - running),
                    tools->palette->runnable);
    }
}

/* The time before a thread was born. */
static void
paint_unborn (const LscPaintTools *tools, const LscRow *row, double y)
{
  const LscScene *scene = tools->scene;
  const LscThread *thread = lsc_trace_get_thread (scene->trace, row->index);
  LscBarMeasures measures;
  double x;

  lsc_bar_painter_measure (row->height, &measures);
  if (lsc_lane_shapes_birth (thread, &scene->viewport, &x))
    {
      double first = lsc_viewport_x (&scene->viewport, lsc_trace_get_start_ns (scene->trace));
      LscGrains line = band (tools, fmax (first, 0), x, y + measures.middle, y + measures.middle);

      line.y1 = line.y0 + MAX (lsc_ink_grain (tools->ink, 1), 1);
      lsc_ink_fill (tools->ink, line, tools->palette->unborn);
    }
}

/* The mark of its end. */
static void
paint_exit (const LscPaintTools *tools, const LscRow *row, double y)
{
  const LscThread *thread = lsc_trace_get_thread (tools->scene->trace, row->index);
  LscBarMeasures measures;
  double x;

  lsc_bar_painter_measure (row->height, &measures);
  if (lsc_lane_shapes_exit (thread, &tools->scene->viewport, &x))
    {
      double width = row->height >= 20 ? EXIT_WIDTH : 2;
      double over = row->height >= 20 ? 2 : 0;

      lsc_ink_fill (tools->ink,
                    band (tools, x, x + width, y + measures.top - over, y + measures.bottom + over),
                    tools->palette->exit_mark);
    }
}

/* An edge around the bar that is pointed at or chosen. */
static void
paint_pick (
    const LscPaintTools *tools, const LscPick *pick, const LscRow *row, double y, double wide)
{
  const LscViewport *viewport = &tools->scene->viewport;
  LscBarMeasures measures;
  LscSpan span;
  LscGrains box;

  if (pick->index != row->index || pick->kind != row->kind
      || !lsc_hit_get_span (tools->scene, pick, &span))
    return;
  lsc_bar_painter_measure (row->height, &measures);
  box = band (tools, lsc_viewport_x (viewport, span.start_ns) - wide,
              lsc_viewport_x (viewport, span.end_ns) + wide, y + measures.top - wide,
              y + measures.bottom + wide);
  if (box.x1 - box.x0 < 3 * lsc_ink_grain (tools->ink, wide))
    box.x1 = box.x0 + 3 * lsc_ink_grain (tools->ink, wide);
  lsc_ink_frame (tools->ink, box, MAX (lsc_ink_grain (tools->ink, wide), 1),
                 tools->palette->hovered);
}

/* A row, and what lies under it in `part`: row by row, so that a row is still in the processor's
 * cache when its bars are drawn. */
static void
paint_lane (
    const LscPaintTools *tools, const LscRow *row, double y, const LscBox *box, LscGrains part)
{
  LscGrains below = part;
  LscBars bars;

  lsc_bar_painter_prepare (tools, row, y, &bars);
  if (bars.brings_ground)
    {
      part.y1 = MIN (bars.band.top, part.y1);
      below.y0 = MAX (bars.band.bottom, below.y0);
      lsc_ground_painter_fill (tools->ink, &bars.band.ground, below);
    }
  lsc_ground_painter_fill (tools->ink, &bars.band.ground, part);
  paint_border (tools, row, y, box->width);
  lsc_ink_layer (tools->ink);
  lsc_bar_painter_paint (tools, &bars, box);
  if (row->kind != LSC_ROW_THREAD)
    return;
  paint_unborn (tools, row, y);
  paint_exit (tools, row, y);
}

static void
paint_process_row (
    const LscPaintTools *tools, const LscRow *row, double y, const LscBox *box, LscGrains part)
{
  lsc_ink_fill (tools->ink, part, tools->palette->header);
  paint_border (tools, row, y, box->width);
  lsc_ink_layer (tools->ink);
  paint_process (tools, row, y, box);
}

/* Over all rows, because its edge may reach into the next one. */
static void
paint_picks (const LscPaintTools *tools, uint32_t first, uint32_t end)
{
  const LscScene *scene = tools->scene;

  for (uint32_t i = first; i < end; i++)
    {
      const LscRow *row = lsc_row_list_get (scene->rows, i);

      if (row->kind == LSC_ROW_PROCESS)
        continue;
      paint_pick (tools, &scene->hovered, row, row->y - scene->scroll_y, 1);
      paint_pick (tools, &scene->selected, row, row->y - scene->scroll_y, 2);
    }
}

void
lsc_lanes_painter_paint (const LscPaintTools *tools, const LscBox *box)
{
  const LscScene *scene = tools->scene;
  cairo_rectangle_t area = { box->x, box->y, box->width, box->height };
  LscGrains ground = { 0 }; /* so far down there is some */
  uint32_t first, end;
  LscGround rest;

  lsc_lanes_painter_visible (scene, box->height, &first, &end);
  lsc_ink_begin (tools->ink, tools->cr, &area, 0);
  ground.x1 = lsc_ink_grain (tools->ink, box->width);
  for (uint32_t i = first; i < end; i++)
    {
      const LscRow *row = lsc_row_list_get (scene->rows, i);
      double y = row->y - scene->scroll_y;

      ground.y1 = MAX (lsc_ink_grain (tools->ink, y + row->height), ground.y0);
      if (row->kind == LSC_ROW_PROCESS)
        paint_process_row (tools, row, y, box, ground);
      else
        paint_lane (tools, row, y, box, ground);
      ground.y0 = ground.y1;
    }
  ground.y1 = lsc_ink_get_height (tools->ink);
  lsc_ground_painter_measure (tools, false, &rest);
  lsc_ground_painter_fill (tools->ink, &rest, ground);
  lsc_ink_layer (tools->ink);
  paint_picks (tools, first, end);
  lsc_ink_end (tools->ink);
}
