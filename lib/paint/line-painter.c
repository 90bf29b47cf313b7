/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/line-painter.h"

#include <glib.h>
#include <math.h>

/* In units. The dashes' lengths divide LSC_SHAPE_STEP, which keeps them in step. */
static const struct
{
  double thickness, on, off;
} lines[] = {
  [LSC_LINE_SOLID] = { 4, 0, 0 },       [LSC_LINE_DOTTED] = { 4, 4, 3 },
  [LSC_LINE_DASHED] = { 4, 10, 4 },     [LSC_LINE_DOUBLE] = { 6, 0, 0 },
  [LSC_LINE_THIN] = { 2, 0, 0 },        [LSC_LINE_THIN_DASHED] = { 2, 6, 4 },
  [LSC_LINE_THIN_DOTTED] = { 2, 3, 3 }, [LSC_LINE_SPARSE] = { 4, 2, 6 },
  [LSC_LINE_BLOCKS] = { 6, 6, 2 },      [LSC_LINE_FENCE] = { 8, 2, 5 },
  [LSC_LINE_BROAD] = { 8, 0, 0 },       [LSC_LINE_BROAD_DASHED] = { 8, 10, 4 },
  [LSC_LINE_RAIL] = { 10, 0, 0 },
};

static LscGrains
strip (LscInk *ink, LscGrains box, int middle, double thickness)
{
  int grains = MAX (lsc_ink_grain (ink, thickness), 1);

  /* a low lane has thin lines */
  grains = MIN (grains, MAX ((box.y1 - box.y0) / 3, 1));
  box.y0 = middle - grains / 2;
  box.y1 = box.y0 + grains;
  return box;
}

void
lsc_line_painter_paint (
    LscInk *ink, LscGrains box, int middle, const LscReasonLook *look, bool heavy)
{
  double thickness = lines[look->line].thickness + (heavy ? 2 : 0);
  LscGrains line = strip (ink, box, middle, thickness);
  int on = lsc_ink_grain (ink, lines[look->line].on);

  if ((look->line == LSC_LINE_DOUBLE || look->line == LSC_LINE_RAIL) && line.y1 - line.y0 >= 3)
    {
      int each = (line.y1 - line.y0) / (look->line == LSC_LINE_RAIL ? 5 : 3);

      each = MAX (each, 1);
      lsc_ink_fill (ink, (LscGrains){ line.x0, line.y0, line.x1, line.y0 + each }, look->color);
      lsc_ink_fill (ink, (LscGrains){ line.x0, line.y1 - each, line.x1, line.y1 }, look->color);
    }
  else if (on > 0 && line.x1 - line.x0 > on)
    lsc_ink_dashes (ink, line, on, lsc_ink_grain (ink, lines[look->line].off), line.x0,
                    look->color);
  else
    lsc_ink_fill (ink, line, look->color);
}

LscGrains
lsc_line_painter_measure_part (LscInk *ink, LscGrains box, int middle, const LscReasonLook *look)
{
  return strip (ink, box, middle, look->line == LSC_LINE_THIN ? lines[LSC_LINE_THIN].thickness : 3);
}
