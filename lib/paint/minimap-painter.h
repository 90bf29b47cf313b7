/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The two graphs above the ruler: the whole capture with the viewport on it, and how many threads
 * ran, and waited for a CPU, at once in the visible time.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* `left` is the room for words to the left of `box`. */
void lsc_minimap_painter_whole (const LscPaintTools *tools, const LscBox *box, double left);
void lsc_minimap_painter_visible (const LscPaintTools *tools, const LscBox *box, double left);
