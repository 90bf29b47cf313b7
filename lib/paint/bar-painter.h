/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The bars of one lane: shapes become ink, and labels where there is room.
 */
#pragma once

#include "lib/paint/paint-tools.h"
#include "lib/view/row-list.h"

/* Where the parts of a bar stand, in units below the top of its row. */
typedef struct
{
  double top, bottom; /* of a running bar */
  double inset;       /* how much lower a waiting one is, above and below */
  double middle;      /* of lines */
} LscBarMeasures;

void lsc_bar_painter_measure (double row_height, LscBarMeasures *out_measures);

/* Draws the lane of `row` into the tools' ink, its row beginning `y` units below the top of the
 * ink's area. Labels are put at `origin` (the area's place on the surface) plus that. */
void
lsc_bar_painter_paint (const LscPaintTools *tools, const LscRow *row, double y, const LscBox *area);
