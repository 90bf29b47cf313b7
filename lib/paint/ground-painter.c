/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/ground-painter.h"

void
lsc_ground_painter_measure (const LscPaintTools *tools, bool selected, LscGround *out_ground)
{
  const LscScene *scene = tools->scene;
  const LscPalette *palette = tools->palette;
  double first = lsc_viewport_x (&scene->viewport, lsc_trace_get_start_ns (scene->trace));
  double last = lsc_viewport_x (&scene->viewport, lsc_trace_get_end_ns (scene->trace));

  *out_ground = (LscGround){ .first = lsc_ink_grain (tools->ink, first),
                             .last = lsc_ink_grain (tools->ink, last),
                             .inside = selected ? palette->selected_row : palette->background,
                             .outside = selected ? palette->selected_row : palette->outside };
}

void
lsc_ground_painter_fill (LscInk *ink, const LscGround *ground, LscGrains part)
{
  LscGrains before = part, after = part;

  part.x0 = CLAMP (ground->first, before.x0, after.x1);
  part.x1 = CLAMP (ground->last, part.x0, after.x1);
  before.x1 = part.x0;
  after.x0 = part.x1;
  lsc_ink_fill (ink, before, ground->outside);
  lsc_ink_fill (ink, part, ground->inside);
  lsc_ink_fill (ink, after, ground->outside);
}
