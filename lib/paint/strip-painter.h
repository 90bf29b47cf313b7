/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The strips of a scene: lanes that are worked out, above those of threads.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* Of one strip. */
double lsc_strip_painter_height (void);

/* Paints all strips from the top of `box`, their names from x = 0 to its left edge. */
void lsc_strip_painter_paint (const LscPaintTools *tools, const LscBox *box);
