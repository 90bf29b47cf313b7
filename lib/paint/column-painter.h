/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of a dense stretch: how much of each state there is under a pixel or two.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* Where the bars of a lane stand, in grains, and what lies under them. */
typedef struct
{
  int top, bottom, middle;
  LscColor ground; /* opaque */
} LscColumnBand;

/* Whether such columns cover what is under them from the top of the band to its bottom. Then their
 * ground need not be there. */
bool lsc_column_painter_brings_ground (const LscPaintTools *tools,
                                       LscRowKind kind,
                                       const LscColumnBand *band);

/* Draws those of the shapes that are columns: a stack from the bottom up, running first, before the
 * line of the sleeps. A state that is there at all shows. */
void lsc_column_painter_paint (const LscPaintTools *tools,
                               LscRowKind kind,
                               const LscColumnBand *band,
                               const LscShape *shapes,
                               uint32_t n_shapes);
