/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lanes' area: every visible row with its bars, and nothing of the others.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* Paints the rows of the scene into `box`, as far as they are visible, and puts their labels (the
 * caller flushes them, clipped to the box). */
void lsc_lanes_painter_paint (const LscPaintTools *tools, const LscBox *box);

/* The visible rows, [first, end). */
void lsc_lanes_painter_visible (const LscScene *scene,
                                double height,
                                uint32_t *out_first,
                                uint32_t *out_end);
