/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What people have put over the lanes: markers, notes on bars, A and B with their difference.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* Over the lanes' `box`; flags stand on `ruler`, which may have height 0. Puts labels; the caller
 * flushes them. */
void lsc_marker_painter_paint (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler);
