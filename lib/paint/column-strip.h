/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A strip: columns a pixel wide, gathered and then drawn row by row without a branch. There may be
 * 100 000 in a frame, and no two neighbours are alike: loops over the height of each would cost
 * more in wrongly foretold branches than in writing.
 */
#pragma once

#include "lib/paint/ink.h"

#define LSC_COLUMN_STRIP_PX 2048
#define LSC_COLUMN_STRIP_SLACK 8
#define LSC_COLUMN_STRIP_HEIGHT_MAX                                                                \
  200 /* tops are bytes; what is there at all adds some pixels                                     \
       */

typedef struct
{
  int n;
  /* Heights from the bottom, bytes of a word, lowest first; with some words more than are
   * drawn, so that whoever adds a column may write several. */
  uint32_t tops[LSC_COLUMN_STRIP_PX
                + LSC_COLUMN_STRIP_SLACK]; /* where running, preempted, runnable, unknown end */
  uint32_t lines[LSC_COLUMN_STRIP_PX + LSC_COLUMN_STRIP_SLACK]; /* where the line begins and ends,
                                                   and what is added to the other indices there */
} LscColumnStrip;

/* Where to draw. */
typedef struct
{
  LscInk *ink;
  int top, bottom;
  const LscColor *colors; /* by LSC_COLUMN_*, see column-look.h */
} LscStripPlace;

/* Draws them beside each other from x on, with their ground, and empties the strip. */
void lsc_column_strip_put (LscColumnStrip *self, const LscStripPlace *place, int x);
/* Draws each at its own x, upon what is there and without ground, and empties the strip. */
void lsc_column_strip_scatter (LscColumnStrip *self, const LscStripPlace *place, const int *xs);
