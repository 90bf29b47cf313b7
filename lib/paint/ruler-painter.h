/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ruler above the lanes: ticks and times relative to the scene's origin.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* `left` is how far the ruler's background goes on to the left of `box`, over the row headers. */
void lsc_ruler_painter_paint (const LscPaintTools *tools, const LscBox *box, double left);
