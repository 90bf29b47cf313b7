/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/overlay-painter.h"

#include "lib/paint/bar-painter.h"
#include "lib/paint/lanes-painter.h"
#include "lib/paint/marker-painter.h"
#include "lib/view/hit.h"

#include <math.h>

#define ARROWS_MAX 400u /* of all visible wakeups; more would be a thicket */

/* From the waker's lane down or up to the bar that was woken. */
static void
draw_arrow (const LscPaintTools *tools, double x, double from_y, double to_y)
{
  cairo_t *cr = tools->cr;
  double down = to_y > from_y ? 1 : -1;
  double bend = fmin (fabs (to_y - from_y) / 2, 18);

  lsc_paint_tools_set_color (tools, tools->palette->arrow);
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, x, from_y);
  cairo_curve_to (cr, x + bend, from_y + down * 6, x - bend * 0.6, to_y - down * 14, x,
                  to_y - down * 6);
  cairo_stroke (cr);
  cairo_move_to (cr, x, to_y);
  cairo_line_to (cr, x - 4, to_y - down * 8);
  cairo_line_to (cr, x + 4, to_y - down * 8);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
paint_wakeup (const LscPaintTools *tools, const LscBox *box, const LscRow *row, const LscSpan *span)
{
  const LscScene *scene = tools->scene;
  const LscRow *waker = lsc_scene_find_row (scene, span->facts.thread);
  double x = lsc_viewport_x (&scene->viewport, span->start_ns);
  LscBarMeasures from, to;

  if (waker == NULL || waker == row || x < -20 || x > box->width + 20)
    return;
  lsc_bar_painter_measure (waker->height, &from);
  lsc_bar_painter_measure (row->height, &to);
  if (waker->y < row->y)
    draw_arrow (tools, box->x + x, box->y + waker->y - scene->scroll_y + from.middle,
                box->y + row->y - scene->scroll_y + to.top + to.inset);
  else
    draw_arrow (tools, box->x + x, box->y + waker->y - scene->scroll_y + from.middle,
                box->y + row->y - scene->scroll_y + to.bottom - to.inset);
}

/* The wakeup that belongs to a picked span: the wait itself, the wait before a run, or the one that
 * ended a sleep. */
static bool
find_wakeup (const LscScene *scene, const LscPick *pick, LscSpan *out_span)
{
  LscPick other = *pick;

  if (pick->kind != LSC_ROW_THREAD || !lsc_hit_get_span (scene, pick, out_span))
    return false;
  if (out_span->facts.state == LSC_STATE_RUNNABLE)
    return true;
  if (out_span->facts.state == LSC_STATE_RUNNING && pick->number > 0)
    other.number--;
  else
    other.number++;
  return lsc_hit_get_span (scene, &other, out_span) && out_span->facts.state == LSC_STATE_RUNNABLE;
}

static void
paint_picked_wakeup (const LscPaintTools *tools, const LscBox *box, const LscPick *pick)
{
  uint32_t row = pick->index == LSC_ROW_NONE
                     ? LSC_ROW_NONE
                     : lsc_row_list_find (tools->scene->rows, pick->kind, pick->index);
  LscSpan span;

  if (row != LSC_ROW_NONE && find_wakeup (tools->scene, pick, &span))
    paint_wakeup (tools, box, lsc_row_list_get (tools->scene->rows, row), &span);
}

static void
paint_all_wakeups (const LscPaintTools *tools, const LscBox *box)
{
  const LscScene *scene = tools->scene;
  uint32_t first, end, n_arrows = 0;

  lsc_lanes_painter_visible (scene, box->height, &first, &end);
  for (uint32_t r = first; r < end; r++)
    {
      const LscRow *row = lsc_row_list_get (scene->rows, r);
      const LscLane *lane = lsc_row_get_lane (row, scene->trace);
      LscLaneIter iter;
      LscSpan span;

      if (row->kind != LSC_ROW_THREAD || lane == NULL)
        continue;
      lsc_lane_iter_init (&iter, lane, lsc_viewport_from_ns (&scene->viewport));
      while (n_arrows < ARROWS_MAX && lsc_lane_iter_next (&iter, &span)
             && span.start_ns < lsc_viewport_to_ns (&scene->viewport))
        if (span.facts.state == LSC_STATE_RUNNABLE)
          {
            paint_wakeup (tools, box, row, &span);
            n_arrows++;
          }
    }
}

static void
paint_range (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler)
{
  const LscScene *scene = tools->scene;
  double x0 = fmax (lsc_viewport_x (&scene->viewport, scene->range_from_ns), 0);
  double x1 = fmin (lsc_viewport_x (&scene->viewport, scene->range_to_ns), box->width);
  LscBox range = { box->x + x0, box->y - ruler->height, x1 - x0, box->height + ruler->height };

  if (x1 > x0)
    lsc_paint_tools_fill (tools, &range, tools->palette->selection);
}

/* Where a long capture's first part was, which memory no longer holds. */
static void
paint_earlier (const LscPaintTools *tools, const LscBox *box)
{
  const LscScene *scene = tools->scene;
  LscTextStyle style = { LSC_FONT_LEGEND, tools->palette->text, 0.5, 0 };
  const char *text = tools->words->earlier;
  double first = lsc_viewport_x (&scene->viewport, lsc_trace_get_start_ns (scene->trace));
  double right = fmin (first, box->width), width, middle, y;

  if (text == NULL || first <= 0 || !lsc_trace_has_dropped (scene->trace) || box->height < 40)
    return;
  width = lsc_label_cache_get (tools->labels, style.font, text)->size.width + 16;
  if (right < width)
    return;
  middle = box->x + right / 2;
  y = box->y + box->height / 2;
  lsc_paint_tools_fill (tools, &(LscBox){ middle - width / 2, y - 16, width, 24 },
                        tools->palette->header);
  lsc_label_cache_put_text (tools->labels, &style, text, middle, y);
}

void
lsc_overlay_painter_paint (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler)
{
  const LscScene *scene = tools->scene;

  paint_earlier (tools, box);
  if (scene->has_range)
    paint_range (tools, box, ruler);
  cairo_save (tools->cr);
  cairo_rectangle (tools->cr, box->x, box->y, box->width, box->height);
  cairo_clip (tools->cr);
  if (scene->all_arrows)
    paint_all_wakeups (tools, box);
  paint_picked_wakeup (tools, box, &scene->selected);
  if (scene->hovered.index != scene->selected.index
      || scene->hovered.number != scene->selected.number)
    paint_picked_wakeup (tools, box, &scene->hovered);
  cairo_restore (tools->cr);
  lsc_marker_painter_paint (tools, box, ruler);
}
