/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/bar-painter.h"

#include "lib/paint/bar-label.h"
#include "lib/paint/column-stack.h"
#include "lib/paint/line-painter.h"

#include <math.h>

#define LABEL_PADDING 5.0

/* One lane being painted; everything in grains but `area` and `y`. */
typedef struct
{
  const LscPaintTools *tools;
  const LscRow *row;
  const LscBox *area;
  double y;
  LscBarMeasures measures;
  int top, bottom, wait_top, wait_bottom, middle;
  int unit; /* grains a unit, at least 1 */
  double scale;
} Lane;

void
lsc_bar_painter_measure (double row_height, LscBarMeasures *out_measures)
{
  double margin = row_height >= 40   ? round (row_height * 0.17)
                  : row_height >= 12 ? floor (row_height * 0.14)
                                     : row_height >= 5;

  out_measures->top = margin;
  out_measures->bottom = fmax (row_height - margin - (row_height >= 20), margin + 1);
  out_measures->inset = floor ((out_measures->bottom - out_measures->top) * 0.14);
  out_measures->middle = (out_measures->top + out_measures->bottom) / 2;
}

static LscGrains
box_of (const Lane *lane, const LscShape *shape, bool waiting)
{
  LscGrains box = { .x0 = lsc_ink_to_grain (lane->scale, shape->x0),
                    .x1 = lsc_ink_to_grain (lane->scale, shape->x1),
                    .y0 = waiting ? lane->wait_top : lane->top,
                    .y1 = waiting ? lane->wait_bottom : lane->bottom };

  /* nothing that is there at all is thinner than a grain */
  if (box.x1 <= box.x0)
    box.x1 = box.x0 + 1;
  return box;
}

/* Puts the shape's words into its visible part, if there is room. Returns the x where they begin in
 * the area, or a negative number. */
static double
put_label (const Lane *lane, const LscShape *shape, LscTextStyle *style, double dy)
{
  LscLabelCache *labels = lane->tools->labels;
  double x0 = MAX (shape->x0, 0), x1 = MIN (shape->x1, lane->area->width);
  double room = x1 - x0 - 2 * LABEL_PADDING;
  char buffer[128];
  const char *text;
  const LscLabel *label;

  if (room < 12 || lane->measures.bottom - lane->measures.top < 13)
    return -1;
  for (int in_full = 1; in_full >= 0; in_full--)
    {
      text = lsc_bar_label (lane->tools, lane->row, shape, in_full, buffer, sizeof buffer);
      if (text == NULL)
        return -1;
      label = lsc_label_cache_get (labels, style->font, text);
      if (label->size.width <= room)
        break;
    }
  if (label->size.width <= 0 || (label->size.width > room && style->max_width <= 0))
    return -1;
  /* whole steps, so that a growing bar does not lay its name out anew for every pixel */
  style->max_width = label->size.width > room ? floor (room / 8) * 8 : 0;
  if (label->size.width > room && style->max_width < 24)
    return -1;
  lsc_label_cache_put_text (labels, style, text, lane->area->x + (x0 + x1) / 2,
                            lane->area->y + lane->y + lane->measures.middle + dy);
  return (x0 + x1 - fmin (label->size.width, room)) / 2;
}

/* Inside a bar: the baseline that puts digits and capitals in its middle. */
static double
put_inside (const Lane *lane, const LscShape *shape, LscFont font, LscColor color, bool cut)
{
  LscTextStyle style = { font, color, 0.5, cut ? 1 : 0 };

  return put_label (lane, shape, &style, font == LSC_FONT_BAR ? 4 : 3.5);
}

static void
paint_running (const Lane *lane, const LscShape *shape)
{
  const LscPalette *palette = lane->tools->palette;

  lsc_ink_round (lane->tools->ink, box_of (lane, shape, false), palette->running);
  put_inside (lane, shape, LSC_FONT_BAR, palette->running_text, false);
}

/* Hollow: an edge around a faint inside; solid where there is no inside. */
static void
paint_hollow (const Lane *lane, LscGrains box, LscColor edge, LscColor inside)
{
  int width = lsc_column_look_edge (lane->unit, box.x1 - box.x0);

  lsc_ink_hollow (lane->tools->ink, box, width, edge, inside);
}

static void
paint_runnable (const Lane *lane, const LscShape *shape)
{
  const LscPalette *palette = lane->tools->palette;

  paint_hollow (lane, box_of (lane, shape, true), palette->runnable, palette->runnable_fill);
  if (shape->x1 - shape->x0 > 60)
    put_inside (lane, shape, LSC_FONT_TINY, palette->reasons[LSC_REASON_QUEUE].text, false);
}

/* Its stroke runs beside its word, never through it. */
static void
paint_preempted (const Lane *lane, const LscShape *shape)
{
  const LscPalette *palette = lane->tools->palette;
  LscGrains box = box_of (lane, shape, true);
  double word =
      put_inside (lane, shape, LSC_FONT_TINY, palette->reasons[LSC_REASON_PREEMPTED].text, false);
  LscGrains left = box, right = box;

  paint_hollow (lane, box, palette->preempted, palette->preempted_fill);
  if (word < 0)
    {
      lsc_ink_slash (lane->tools->ink, box, palette->preempted);
      return;
    }
  left.x1 = MIN (lsc_ink_grain (lane->tools->ink, word - 3), box.x0 + (box.y1 - box.y0));
  lsc_ink_slash (lane->tools->ink, left, palette->preempted);
  right.x0 =
      MAX (lsc_ink_grain (lane->tools->ink,
                          fmax (shape->x0, 0) + fmin (shape->x1, lane->area->width) - word + 3),
           box.x1 - (box.y1 - box.y0));
  lsc_ink_slash (lane->tools->ink, right, palette->preempted);
}

static void
paint_unknown (const Lane *lane, const LscShape *shape)
{
  const LscPalette *palette = lane->tools->palette;
  LscGrains box = box_of (lane, shape, false), plate = box;
  double word = put_inside (lane, shape, LSC_FONT_TINY_BOLD, palette->hatch_text, false);

  lsc_ink_fill (lane->tools->ink, box, palette->hatch_fill);
  lsc_ink_hatch (lane->tools->ink, box, palette->hatch);
  if (word < 0)
    return;
  plate.x0 = lsc_ink_grain (lane->tools->ink, word - 4);
  plate.x1 = lsc_ink_grain (lane->tools->ink,
                            fmax (shape->x0, 0) + fmin (shape->x1, lane->area->width) - word + 4);
  plate.y0 = lane->middle - 8 * lane->unit;
  plate.y1 = lane->middle + 8 * lane->unit;
  lsc_ink_fill (lane->tools->ink, plate, palette->hatch_fill);
}

static void
paint_sleep (const Lane *lane, const LscShape *shape)
{
  const LscReasonLook *look = &lane->tools->palette->reasons[shape->reason];
  LscGrains box = box_of (lane, shape, false);
  LscTextStyle style = { LSC_FONT_TINY, look->text, 0.5, 0 };

  lsc_line_painter_paint (lane->tools->ink, box, lane->middle, look,
                          shape->state == LSC_STATE_UNINTERRUPTIBLE);
  if (lane->measures.bottom - lane->measures.top >= 24)
    put_label (lane, shape, &style, -5);
}

/* CPU lanes: a block in the thread's colour with its name. */
static void
paint_thread_block (const Lane *lane, const LscShape *shape)
{
  const LscTrace *trace = lane->tools->scene->trace;
  LscColor text, color = lane->tools->palette->other;
  bool known = shape->thread < lsc_trace_get_n_threads (trace);

  if (known)
    color = lsc_palette_thread (lane->tools->palette,
                                lsc_trace_get_thread (trace, shape->thread)->tid, &text);
  lsc_ink_round (lane->tools->ink, box_of (lane, shape, false), color);
  if (known && put_inside (lane, shape, LSC_FONT_BAR, text, false) < 0)
    put_inside (lane, shape, LSC_FONT_TINY_BOLD, text, true);
}

static void
paint_cpu_span (const Lane *lane, const LscShape *shape)
{
  const LscPalette *palette = lane->tools->palette;
  LscTextStyle style = { LSC_FONT_TINY, palette->dim_text, 0.5, 0 };

  if (shape->state == LSC_STATE_RUNNING)
    paint_thread_block (lane, shape);
  else if (shape->state == LSC_STATE_UNKNOWN)
    paint_unknown (lane, shape);
  else if (shape->state == LSC_STATE_ABSENT)
    lsc_ink_fill (lane->tools->ink, box_of (lane, shape, false), palette->other);
  else
    {
      lsc_line_painter_paint (lane->tools->ink, box_of (lane, shape, false), lane->middle,
                              &palette->reasons[LSC_REASON_NONE], false);
      put_label (lane, shape, &style, -4);
    }
}

static void
paint_span (const Lane *lane, const LscShape *shape)
{
  static void (*const painters[LSC_N_STATES]) (const Lane *, const LscShape *) = {
    [LSC_STATE_UNKNOWN] = paint_unknown,   [LSC_STATE_RUNNING] = paint_running,
    [LSC_STATE_RUNNABLE] = paint_runnable, [LSC_STATE_PREEMPTED] = paint_preempted,
    [LSC_STATE_SLEEPING] = paint_sleep,    [LSC_STATE_UNINTERRUPTIBLE] = paint_sleep,
    [LSC_STATE_STOPPED] = paint_sleep,
  };

  if (lane->row->kind == LSC_ROW_CPU)
    paint_cpu_span (lane, shape);
  else if (painters[shape->state] != NULL)
    painters[shape->state](lane, shape);
}

/* Of a hollow bar that was drawn with the columns. One without an inside has the slash's colour all
 * over. */
static void
paint_slash (const Lane *lane, const LscShape *shape)
{
  LscGrains box = box_of (lane, shape, true);
  int width = box.x1 - box.x0;

  if (width > 2 * lsc_column_look_edge (lane->unit, width))
    lsc_ink_slash (lane->tools->ink, box, lane->tools->palette->preempted);
}

/* The columns, with the bars that are drawn with them, and the other bars between. */
static void
paint_with_columns (const Lane *lane, const LscBars *bars)
{
  uint32_t n;
  const uint32_t *rest =
      lsc_column_painter_begin (lane->tools, &bars->band, bars->shapes, bars->n_shapes, &n);

  for (uint32_t i = 0; i < n; i++)
    {
      const LscShape *shape = &bars->shapes[rest[i]];

      if (lsc_column_painter_takes_bar (&bars->band, shape))
        paint_slash (lane, shape);
      else
        paint_span (lane, shape);
    }
  lsc_column_painter_finish (lane->tools, &bars->band);
}

void
lsc_bar_painter_prepare (const LscPaintTools *tools, const LscRow *row, double y, LscBars *out)
{
  const LscPick *selected = &tools->scene->selected;
  bool is_selected = selected->index == row->index && selected->kind == row->kind;
  LscBarMeasures measures;

  lsc_bar_painter_measure (row->height, &measures);
  *out = (LscBars){ .row = row, .y = y };
  out->shapes = lsc_lane_shapes_build (tools->shapes, tools->scene->trace, row->kind, row->index,
                                       &tools->scene->viewport, &out->n_shapes);
  out->band.top = lsc_ink_grain (tools->ink, y + measures.top);
  out->band.bottom = MAX (lsc_ink_grain (tools->ink, y + measures.bottom), out->band.top + 1);
  out->band.middle = lsc_ink_grain (tools->ink, y + measures.middle);
  out->band.wait_top = out->band.top + lsc_ink_grain (tools->ink, measures.inset);
  out->band.wait_bottom = out->band.bottom - lsc_ink_grain (tools->ink, measures.inset);
  out->band.plain = lsc_ink_is_plain (tools->ink, out->band.bottom - out->band.top);
  lsc_ground_painter_measure (tools, is_selected, &out->band.ground);
  out->brings_ground = lsc_column_painter_brings_ground (tools, row->kind, &out->band);
}

void
lsc_bar_painter_paint (const LscPaintTools *tools, const LscBars *bars, const LscBox *area)
{
  Lane lane = { .tools = tools, .row = bars->row, .area = area, .y = bars->y };

  lsc_bar_painter_measure (bars->row->height, &lane.measures);
  lane.top = bars->band.top;
  lane.bottom = bars->band.bottom;
  lane.middle = bars->band.middle;
  lane.scale = lsc_ink_get_scale (tools->ink);
  lane.unit = MAX ((int) lround (lane.scale), 1);
  lane.wait_top = bars->band.wait_top;
  lane.wait_bottom = bars->band.wait_bottom;
  if (bars->brings_ground)
    paint_with_columns (&lane, bars);
  else
    {
      for (uint32_t i = 0; i < bars->n_shapes; i++)
        if (bars->shapes[i].kind == LSC_SHAPE_SPAN)
          paint_span (&lane, &bars->shapes[i]);
      lsc_column_stack_paint (tools, bars->row->kind, &bars->band, bars->shapes, bars->n_shapes);
    }
}
