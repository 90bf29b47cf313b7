/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What lies under the lanes: where there is no capture, it says so.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* In grains: [first, last) is the time of the capture. */
typedef struct
{
  int first, last;
  LscColor inside, outside; /* opaque */
} LscGround;

/* The ground of a row, which may be the selected one. */
void lsc_ground_painter_measure (const LscPaintTools *tools, bool selected, LscGround *out_ground);

/* Fills `part` of the ink's area. */
void lsc_ground_painter_fill (LscInk *ink, const LscGround *ground, LscGrains part);
