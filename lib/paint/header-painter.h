/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The names left of the lanes: process, thread or CPU, its number, and its share of the visible
 * time on a CPU.
 */
#pragma once

#include "lib/paint/paint-tools.h"

void lsc_header_painter_paint (const LscPaintTools *tools, const LscBox *box);

/* The lines that say how many threads are hidden, and why. */
typedef enum
{
  LSC_HIDDEN_IDLE,
  LSC_HIDDEN_ENDED,
  LSC_N_HIDDEN
} LscHidden;

/* One of them, below the last row or, where that is out of sight, at the bottom of the lanes' area,
 * which is `area_height` high: its top, in units below the top of that area, and its height. False
 * when there is no such line. */
bool lsc_header_painter_line (
    const LscScene *scene, double area_height, LscHidden which, double *out_y, double *out_height);
/* The height of all of them. */
double lsc_header_painter_lines_height (const LscScene *scene);
