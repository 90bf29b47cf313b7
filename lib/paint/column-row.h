/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One row of pixels of a strip (column-strip.h): which of its columns' parts is at that height.
 * Nearly all pixels of a dense picture are made here, so processors that look up eight colours at
 * once do so: column-row-x86.c, or column-row-other.c where there are none of these.
 */
#pragma once

#include "lib/paint/column-strip.h"

#define LSC_COLUMN_ROW_GROUP 32 /* columns that may be looked at together */

/* Bytes of the strip's words beside each other; heights less 128, because signed bytes are faster
 * to compare. Behind the last column is room for a group. */
typedef struct
{
  int8_t running[LSC_COLUMN_STRIP_PX + LSC_COLUMN_ROW_GROUP];
  int8_t preempted[LSC_COLUMN_STRIP_PX + LSC_COLUMN_ROW_GROUP];
  int8_t runnable[LSC_COLUMN_STRIP_PX + LSC_COLUMN_ROW_GROUP];
  int8_t unknown[LSC_COLUMN_STRIP_PX + LSC_COLUMN_ROW_GROUP];
  int8_t line_from[LSC_COLUMN_STRIP_PX + LSC_COLUMN_ROW_GROUP];
  int8_t line_to[LSC_COLUMN_STRIP_PX + LSC_COLUMN_ROW_GROUP];
  uint8_t line[LSC_COLUMN_STRIP_PX + LSC_COLUMN_ROW_GROUP];
} LscColumnPlanes;

/* Writes the pixels of the first `n` columns at that height; `colors` by LSC_COLUMN_*. */
typedef void (*LscColumnRow) (
    const LscColumnPlanes *planes, int8_t height, int n, const LscColor *colors, uint32_t *pixels);

/* What is at that height: indices of colours. */
void lsc_column_row_pick (const LscColumnPlanes *planes, int8_t height, int n, uint8_t *indices);

/* On any processor. */
void lsc_column_row_plain (
    const LscColumnPlanes *planes, int8_t height, int n, const LscColor *colors, uint32_t *pixels);

/* The fastest that this processor knows. */
LscColumnRow lsc_column_row_best (void);
