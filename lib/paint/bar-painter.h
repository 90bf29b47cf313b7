/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The bars of one lane: shapes become ink, and labels where there is room.
 */
#pragma once

#include "lib/paint/column-painter.h"
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

/* The bars of one row, worked out but not drawn. */
typedef struct
{
  const LscRow *row;
  double y;               /* of the row's top in the ink's area */
  const LscShape *shapes; /* until the next lane's are built */
  uint32_t n_shapes;
  LscColumnBand band;
  bool brings_ground; /* its columns do */
} LscBars;

void
lsc_bar_painter_prepare (const LscPaintTools *tools, const LscRow *row, double y, LscBars *out);

/* Draws them into the tools' ink, upon their ground, which it paints itself between the band's top
 * and bottom if they bring it. Labels are put at the place of `area`, the
 * ink's, on the surface. */
void lsc_bar_painter_paint (const LscPaintTools *tools, const LscBars *bars, const LscBox *area);
