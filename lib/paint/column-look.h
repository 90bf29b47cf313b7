/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of a column look like in a lane of a given height: a stack of states from the
 * bottom up, running first, before the line of the sleeps.
 */
#pragma once

#include "lib/paint/ground-painter.h"

/* Where the bars of a lane stand, in grains, and what lies under them. */
typedef struct
{
  int top, bottom, middle;
  int wait_top, wait_bottom; /* of the bars of waits */
  bool plain;                /* so low that running bars have no round corners */
  LscGround ground;
} LscColumnBand;

/* Indices of colours: what is behind a column, and its states from the top down. Above that, a set
 * of LSC_COLUMN_SET each: those of a column where a line of that reason passes behind it, which
 * differ from the first in what is behind only, and of a hollow bar from the top down: ground,
 * edge, inside, edge, ground. */
enum
{
  LSC_COLUMN_GROUND,
  LSC_COLUMN_UNKNOWN,
  LSC_COLUMN_RUNNABLE,
  LSC_COLUMN_PREEMPTED,
  LSC_COLUMN_RUNNING,
  LSC_COLUMN_SET = 8,
  LSC_COLUMN_HOLLOW_RUNNABLE = LSC_COLUMN_SET * (LSC_N_REASONS + 1),
  LSC_COLUMN_HOLLOW_PREEMPTED = LSC_COLUMN_HOLLOW_RUNNABLE + LSC_COLUMN_SET,
  LSC_COLUMN_N_COLORS = LSC_COLUMN_HOLLOW_PREEMPTED + LSC_COLUMN_SET
};
#define LSC_COLUMN_LINE(reason) (LSC_COLUMN_SET * ((unsigned) (reason) + 1u))

_Static_assert((int) LSC_COLUMN_N_COLORS <= 256, "an index is a byte");

/* From the bottom of the band, in grains. */
typedef struct
{
  int from, to;
} LscColumnLine;

typedef struct
{
  int room;  /* the height of the band */
  int least; /* a run is at least so high */
  LscColumnLine lines[LSC_N_REASONS];
  LscColor colors[LSC_COLUMN_N_COLORS];
} LscColumnLook;

/* The look of columns in that band, for the lane of a thread or CPU. */
void lsc_column_look_measure (const LscPaintTools *tools,
                              const LscColumnBand *band,
                              LscRowKind kind,
                              LscColumnLook *out_look);

/* The same on another ground. */
void lsc_column_look_set_ground (LscColumnLook *self, LscColor ground, const LscPalette *palette);

/* How high a share of the column is: at least `least`, but 0 for nothing. */
static inline int
lsc_column_look_height (int room, unsigned share, int least)
{
  int height = (int) ((share * (unsigned) room + LSC_SHARE_ONE / 2) / LSC_SHARE_ONE);

  return share == 0 ? 0 : MAX (height, least);
}

/* Whether there is a line: time that is spent neither running nor waiting for a CPU. */
static inline bool
lsc_column_look_has_line (const LscColumn *column)
{
  const uint8_t *share = column->share;

  return (share[LSC_STATE_SLEEPING] | share[LSC_STATE_UNINTERRUPTIBLE] | share[LSC_STATE_STOPPED])
         != 0;
}

/* How wide the edge of a hollow bar is: solid where there is no inside. */
static inline int
lsc_column_look_edge (int unit, int width)
{
  return MIN (unit * 2, MAX (width / 3, 1));
}
