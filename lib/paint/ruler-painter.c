/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/ruler-painter.h"

#include "lib/view/ruler.h"

#include <math.h>

#define LABEL_PX 84.0
#define TICK_LONG 9.0
#define TICK_SHORT 4.0

/* "+5 ms", "-10 ms" with a real minus sign, "0" */
static void
format_label (const LscTick *tick, LscUnit unit, char *buffer, size_t size)
{
  char number[48];

  lsc_unit_format (tick->offset_ns, unit, number, sizeof number);
  if (tick->offset_ns == 0)
    g_strlcpy (buffer, "0", size);
  else
    g_snprintf (buffer, size, "%s%s", tick->before ? "\342\210\222" : "+", number);
}

/* How wide the widest label is. */
static double
widest (const LscPaintTools *tools, const LscTick *ticks, uint32_t n, LscUnit unit)
{
  double most = 0;
  char text[64];

  for (uint32_t i = 0; i < n; i++)
    if (ticks[i].labelled)
      {
        format_label (&ticks[i], unit, text, sizeof text);
        most = fmax (most, lsc_label_cache_get (tools->labels, LSC_FONT_TINY, text)->size.width);
      }
  return most;
}

static void
paint_tick (const LscPaintTools *tools, const LscBox *box, const LscTick *tick, LscUnit unit)
{
  LscTextStyle style = { LSC_FONT_TINY, tools->palette->dim_text, 0, 0 };
  double length = tick->labelled ? TICK_LONG : TICK_SHORT;
  double x = round (box->x + tick->x);
  char text[64];

  if (x < box->x || x >= box->x + box->width)
    return;
  lsc_paint_tools_fill (tools, &(LscBox){ x, box->y + box->height - length - 1, 1, length },
                        tick->offset_ns == 0 ? tools->palette->text : tools->palette->dim_text);
  if (!tick->labelled)
    return;
  if (tick->offset_ns == 0)
    style.color = tools->palette->text;
  format_label (tick, unit, text, sizeof text);
  if (x + 4 + lsc_label_cache_get (tools->labels, style.font, text)->size.width
      <= box->x + box->width)
    lsc_label_cache_put_text (tools->labels, &style, text, x + 4, box->y + box->height - 11);
}

void
lsc_ruler_painter_paint (const LscPaintTools *tools, const LscBox *box, double left)
{
  LscBox back = { box->x - left, box->y, box->width + left, box->height };
  LscTick ticks[LSC_TICKS_MAX];
  LscUnit unit;
  uint32_t n;
  double wide;

  lsc_paint_tools_fill (tools, &back, tools->palette->header);
  back.y += back.height - 1;
  back.height = 1;
  lsc_paint_tools_fill (tools, &back, tools->palette->border);
  n = lsc_ruler_build (&tools->scene->viewport, tools->scene->origin_ns, LABEL_PX, ticks, &unit);
  /* far from the origin the labels are long: fewer of them then */
  wide = widest (tools, ticks, n, unit) + 14;
  if (wide > LABEL_PX)
    n = lsc_ruler_build (&tools->scene->viewport, tools->scene->origin_ns, wide, ticks, &unit);
  for (uint32_t i = 0; i < n; i++)
    paint_tick (tools, box, &ticks[i], unit);
  lsc_label_cache_flush (tools->labels);
}
