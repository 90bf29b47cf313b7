/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What lies over the lanes: wakeup arrows, the selected range, the markers A and B.
 */
#pragma once

#include "lib/paint/paint-tools.h"

/* Over the lanes' `box`; `ruler` may have height 0. Puts labels; the caller flushes them. */
void lsc_overlay_painter_paint (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler);
