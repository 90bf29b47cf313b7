/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/overlay-painter.h"

#include "lib/paint/bar-painter.h"
#include "lib/paint/lanes-painter.h"
#include "lib/view/hit.h"
#include "lib/view/unit.h"

#include <math.h>

#define FLAG_MAX 120.0  /* a marker's name is cut to */
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

/* The row a thread is shown in: its own, or that of its collapsed process. */
static const LscRow *
row_of_thread (const LscScene *scene, uint32_t thread)
{
  uint32_t row;

  if (thread >= lsc_trace_get_n_threads (scene->trace))
    return NULL;
  row = lsc_row_list_find (scene->rows, LSC_ROW_THREAD, thread);
  if (row == LSC_ROW_NONE)
    row = lsc_row_list_find (scene->rows, LSC_ROW_PROCESS,
                             lsc_trace_get_thread (scene->trace, thread)->process);
  return row == LSC_ROW_NONE ? NULL : lsc_row_list_get (scene->rows, row);
}

static void
paint_wakeup (const LscPaintTools *tools, const LscBox *box, const LscRow *row, const LscSpan *span)
{
  const LscScene *scene = tools->scene;
  const LscRow *waker = row_of_thread (scene, span->facts.thread);
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
      LscLaneIter iter;
      LscSpan span;

      if (row->kind != LSC_ROW_THREAD)
        continue;
      lsc_lane_iter_init (&iter, row->lane, lsc_viewport_from_ns (&scene->viewport));
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

/* A line down the lanes, and a flag with `text` on the ruler. */
static void
paint_marker (const LscPaintTools *tools,
              const LscBox *box,
              const LscBox *ruler,
              uint64_t time_ns,
              const char *text,
              LscColor color)
{
  LscTextStyle style = { LSC_FONT_BAR, tools->palette->background, 0.5, FLAG_MAX };
  double x = round (lsc_viewport_x (&tools->scene->viewport, time_ns));
  const double dashes[] = { 4, 3 };
  cairo_t *cr = tools->cr;
  double width;

  if (x < 0 || x > box->width)
    return;
  x += box->x;
  cairo_save (cr);
  lsc_paint_tools_set_color (tools, color);
  cairo_set_line_width (cr, 1.5);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_move_to (cr, x + 0.5, box->y);
  cairo_line_to (cr, x + 0.5, box->y + box->height);
  cairo_stroke (cr);
  cairo_restore (cr);
  if (ruler->height < 16)
    return;
  width = fmin (lsc_label_cache_get (tools->labels, style.font, text)->size.width, FLAG_MAX);
  width = fmax (16, ceil (width) + 8);
  lsc_paint_tools_fill (tools, &(LscBox){ x - width / 2, ruler->y + 2, width, 16 }, color);
  lsc_label_cache_put_text (tools->labels, &style, text, x, ruler->y + 14);
}

static void
paint_markers (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler)
{
  const LscScene *scene = tools->scene;
  char number[16];

  for (uint32_t i = 0; i < scene->n_markers; i++)
    {
      const LscMarker *marker = &scene->markers[i];

      g_snprintf (number, sizeof number, "%u", marker->number);
      paint_marker (tools, box, ruler, marker->time_ns,
                    marker->name[0] != '\0' ? marker->name : number, tools->palette->link);
    }
  if (scene->has_a)
    paint_marker (tools, box, ruler, scene->a_ns, "A", tools->palette->marker_a);
  if (scene->has_b)
    paint_marker (tools, box, ruler, scene->b_ns, "B", tools->palette->marker_b);
}

static void
paint_difference (const LscPaintTools *tools, const LscBox *box)
{
  const LscScene *scene = tools->scene;
  bool forward = scene->b_ns >= scene->a_ns;
  uint64_t apart = forward ? scene->b_ns - scene->a_ns : scene->a_ns - scene->b_ns;
  LscTextStyle style = { LSC_FONT_GROUP, tools->palette->text, 0.5, 0 };
  double middle = (lsc_viewport_x (&scene->viewport, scene->a_ns)
                   + lsc_viewport_x (&scene->viewport, scene->b_ns))
                  / 2;
  char number[48], signed_number[56], text[128];
  double width;

  if (tools->words->difference == NULL || box->height < 40)
    return;
  lsc_unit_format_short (apart, number, sizeof number);
  g_snprintf (signed_number, sizeof signed_number, "%s%s", forward ? "" : "\342\210\222", number);
  lsc_paint_tools_insert (tools->words->difference, signed_number, text, sizeof text);
  width = lsc_label_cache_get (tools->labels, style.font, text)->size.width;
  middle = box->x + fmin (fmax (middle, width / 2 + 8), box->width - width / 2 - 8);
  lsc_paint_tools_fill (
      tools, &(LscBox){ middle - width / 2 - 6, box->y + box->height - 28, width + 12, 20 },
      tools->palette->header);
  lsc_label_cache_put_text (tools->labels, &style, text, middle, box->y + box->height - 13);
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
  paint_markers (tools, box, ruler);
  if (scene->has_a && scene->has_b)
    paint_difference (tools, box);
}
