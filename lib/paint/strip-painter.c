/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/strip-painter.h"

#include "lib/paint/line-painter.h"

#include <math.h>

#define HEIGHT 40.0
#define BAR_TOP 8.0
#define BAR_HEIGHT 22.0
#define MARGIN 12.0
#define INDENT 26.0
#define LABEL_MIN 64.0 /* a bar so wide has room for a name */

double
lsc_strip_painter_height (void)
{
  return HEIGHT;
}

static void
paint_part (const LscPaintTools *tools, LscGrains bar, const LscStripPart *part)
{
  const LscPalette *palette = tools->palette;
  int edge = MAX (lsc_ink_grain (tools->ink, 1.5), 1);

  switch (part->state)
    {
    case LSC_STATE_RUNNING:
      lsc_ink_fill (tools->ink, bar, palette->running);
      break;
    case LSC_STATE_RUNNABLE:
    case LSC_STATE_PREEMPTED:
      lsc_ink_fill (tools->ink, bar,
                    part->state == LSC_STATE_RUNNABLE ? palette->runnable_fill
                                                      : palette->preempted_fill);
      lsc_ink_frame (tools->ink, bar, edge,
                     part->state == LSC_STATE_RUNNABLE ? palette->runnable : palette->preempted);
      break;
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
    case LSC_STATE_STOPPED:
      lsc_line_painter_paint (tools->ink, bar, (bar.y0 + bar.y1) / 2,
                              &palette->reasons[part->reason], false);
      break;
    case LSC_STATE_UNKNOWN:
      lsc_ink_fill (tools->ink, bar, palette->hatch_fill);
      lsc_ink_hatch (tools->ink, bar, palette->hatch);
      break;
    case LSC_STATE_ABSENT:
    case LSC_N_STATES:
    default:
      break;
    }
}

/* Whose stretch it is, where that fits; above the line of a wait, inside a bar. */
static void
put_name (const LscPaintTools *tools, const LscBox *box, const LscStripPart *part, double x[2])
{
  const LscThread *thread;
  bool in_bar = part->state == LSC_STATE_RUNNING;
  double left = fmax (x[0], 0), right = fmin (x[1], box->width);
  LscTextStyle style = { in_bar ? LSC_FONT_BAR : LSC_FONT_TINY,
                         in_bar ? tools->palette->running_text : tools->palette->dim_text, 0.5,
                         right - left - 6 };

  if (right - left < LABEL_MIN || part->state == LSC_STATE_ABSENT
      || part->thread >= lsc_trace_get_n_threads (tools->scene->trace))
    return;
  thread = lsc_trace_get_thread (tools->scene->trace, part->thread);
  lsc_label_cache_put_text (
      tools->labels, &style, thread->name, box->x + (left + right) / 2,
      round (box->y + BAR_TOP + BAR_HEIGHT / 2 + (part->state == LSC_STATE_SLEEPING ? -4 : 4)));
}

/* Of the parts that fall on one pixel the last one is seen: no more is drawn than there are pixels.
 */
static void
paint_parts (const LscPaintTools *tools, const LscStrip *strip, const LscBox *box)
{
  const LscViewport *viewport = &tools->scene->viewport;
  uint64_t to_ns = lsc_viewport_to_ns (viewport);
  uint32_t i = lsc_strip_find (strip, lsc_viewport_from_ns (viewport));

  while (i < strip->n_parts && strip->parts[i].from_ns < to_ns)
    {
      const LscStripPart *part = &strip->parts[i];
      double x[2] = { lsc_viewport_x (viewport, part->from_ns),
                      lsc_viewport_x (viewport, part->to_ns) };
      LscGrains bar = { lsc_ink_grain (tools->ink, x[0]), lsc_ink_grain (tools->ink, BAR_TOP),
                        lsc_ink_grain (tools->ink, x[1]),
                        lsc_ink_grain (tools->ink, BAR_TOP + BAR_HEIGHT) };

      bar.x1 = MAX (bar.x1, bar.x0 + 1);
      paint_part (tools, bar, part);
      put_name (tools, box, part, x);
      /* the next that reaches beyond this pixel */
      i = MAX (i + 1, lsc_strip_find (strip, lsc_viewport_time (viewport, floor (x[1]))));
    }
}

static void
paint_names (const LscPaintTools *tools, const LscStrip *strip, const LscBox *box)
{
  LscTextStyle title = { LSC_FONT_NAME_BOLD, tools->palette->text, 0, box->x - INDENT - MARGIN };
  LscTextStyle subtitle = { LSC_FONT_SMALL, tools->palette->dim_text, 0, box->x - INDENT - MARGIN };

  lsc_label_cache_put_text (tools->labels, &title, strip->title, INDENT, box->y + 17);
  if (strip->subtitle != NULL)
    lsc_label_cache_put_text (tools->labels, &subtitle, strip->subtitle, INDENT, box->y + 32);
}

void
lsc_strip_painter_paint (const LscPaintTools *tools, const LscBox *box)
{
  for (uint32_t i = 0; i < tools->scene->n_strips; i++)
    {
      const LscStrip *strip = &tools->scene->strips[i];
      LscBox lane = { box->x, box->y + i * HEIGHT, box->width, HEIGHT };
      cairo_rectangle_t area = { lane.x, lane.y, lane.width, lane.height };

      lsc_paint_tools_fill (tools, &(LscBox){ 0, lane.y, box->x + box->width, HEIGHT },
                            tools->palette->header);
      lsc_ink_begin (tools->ink, tools->cr, &area, tools->palette->header);
      paint_parts (tools, strip, &lane);
      lsc_ink_end (tools->ink);
      lsc_paint_tools_fill (tools, &(LscBox){ 0, lane.y + HEIGHT - 1, box->x + box->width, 1 },
                            tools->palette->border);
      paint_names (tools, strip, &lane);
    }
  lsc_label_cache_flush (tools->labels);
}
