/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-look.h"

#include "lib/paint/line-painter.h"

#include <string.h>

/* Yellow as bright as the bars' edges, over a whole stretch, would drown everything else. */
static LscColor
soften (LscColor edge, LscColor inside)
{
  uint32_t red_blue = ((edge & 0xff00ff) * 5 + (inside & 0xff00ff) * 3) >> 3 & 0xff00ff;
  uint32_t green = ((edge & 0x00ff00) * 5 + (inside & 0x00ff00) * 3) >> 3 & 0x00ff00;

  return 0xff000000u | red_blue | green;
}

void
lsc_column_look_set_ground (LscColumnLook *self, LscColor ground, const LscPalette *palette)
{
  const LscColor runnable[] = { ground, palette->runnable, palette->runnable_fill,
                                palette->runnable, ground };
  const LscColor preempted[] = { ground, palette->preempted, palette->preempted_fill,
                                 palette->preempted, ground };

  self->colors[LSC_COLUMN_GROUND] = ground;
  memcpy (&self->colors[LSC_COLUMN_HOLLOW_RUNNABLE], runnable, sizeof runnable);
  memcpy (&self->colors[LSC_COLUMN_HOLLOW_PREEMPTED], preempted, sizeof preempted);
}

void
lsc_column_look_measure (const LscPaintTools *tools,
                         const LscColumnBand *band,
                         LscRowKind kind,
                         LscColumnLook *out_look)
{
  const LscPalette *palette = tools->palette;
  double scale = lsc_ink_get_scale (tools->ink);
  int room = band->bottom - band->top;

  out_look->room = room;
  out_look->least = room >= (int) (10 * scale) ? (int) (2 * scale) : 1;
  lsc_column_look_set_ground (out_look, band->ground.inside, palette);
  out_look->colors[LSC_COLUMN_UNKNOWN] = palette->hatch;
  out_look->colors[LSC_COLUMN_RUNNABLE] = soften (palette->runnable, palette->runnable_fill);
  out_look->colors[LSC_COLUMN_PREEMPTED] = soften (palette->preempted, palette->preempted_fill);
  out_look->colors[LSC_COLUMN_RUNNING] = palette->running;
  for (int i = 0; i < LSC_N_REASONS; i++)
    {
      const LscReasonLook *reason = &palette->reasons[kind == LSC_ROW_CPU ? LSC_REASON_NONE : i];
      LscGrains line = lsc_line_painter_measure_part (
          tools->ink, (LscGrains){ 0, band->top, 1, band->bottom }, band->middle, reason);

      memcpy (&out_look->colors[LSC_COLUMN_LINE (i)], out_look->colors,
              (LSC_COLUMN_RUNNING + 1) * sizeof (LscColor));
      out_look->colors[LSC_COLUMN_LINE (i)] = reason->color;
      out_look->lines[i] = (LscColumnLine){ band->bottom - line.y1, band->bottom - line.y0 };
    }
}
