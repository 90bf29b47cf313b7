/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The legend: what the bars and lines mean, drawn as they are drawn in the lanes.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* Fills `box`; entries that find no room are left out: first those of nothing
 * in the picture, then the less common ones. The lanes are painted before. */
void lsc_legend_painter_paint (const LscPaintTools *tools, const LscBox *box);
