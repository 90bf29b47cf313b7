/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of a dense stretch, how much of each state there is under a pixel or two: a stack
 * from the bottom up, running first, before the line of the sleeps. A state that is there at all
 * shows.
 */
#pragma once

#include "lib/paint/column-look.h"

#define LSC_COLUMN_BAR_MAX 20.0

/* Working memory. (Named by LscPaintTools.) */
LscColumnPainter *lsc_column_painter_new (void);
void lsc_column_painter_free (LscColumnPainter *self);

/* Whether the columns of such a row bring their ground with them. */
bool lsc_column_painter_brings_ground (const LscPaintTools *tools,
                                       LscRowKind kind,
                                       const LscColumnBand *band);

/* Whether a bar is drawn with the columns of such a row: a narrow one, which has no words. Of a
 * preempted one the slash is missing then. */
static inline bool
lsc_column_painter_takes_bar (const LscColumnBand *band, const LscShape *shape)
{
  return shape->x1 - shape->x0 <= LSC_COLUMN_BAR_MAX
         && (shape->state == LSC_STATE_RUNNABLE || shape->state == LSC_STATE_PREEMPTED
             || (shape->state == LSC_STATE_RUNNING && band->plain));
}

/* For rows that bring their ground: draws the columns, such bars, and all of the band's ground,
 * before the other bars. Returns the numbers of the shapes that are still to be drawn, from left to
 * right: the other bars, and those that lack a slash. They are valid until the next row. */
const uint32_t *lsc_column_painter_begin (const LscPaintTools *tools,
                                          const LscColumnBand *band,
                                          const LscShape *shapes,
                                          uint32_t n_shapes,
                                          uint32_t *out_n_rest);
/* After the bars: those columns that lie upon them, because nothing is thinner than a grain. The
 * shapes of begin must still be there. */
void lsc_column_painter_finish (const LscPaintTools *tools, const LscColumnBand *band);
