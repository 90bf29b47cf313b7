/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The names left of the lanes: process, thread or CPU, its number, and its share of the visible
 * time on a CPU.
 */
#pragma once

#include "lib/paint/paint-tools.h"

void lsc_header_painter_paint (const LscPaintTools *tools, const LscBox *box);

/* The line below the last row that says how many idle threads are hidden: its top, in units below
 * the top of the lanes' area, and its height; false when there is none. */
bool lsc_header_painter_idle (const LscScene *scene, double *out_y, double *out_height);
