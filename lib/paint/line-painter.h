/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The thin line of a sleep, in the colour and pattern of its reason.
 */
#pragma once

#include "lib/paint/ink.h"

/* Draws the line along the whole of `box`, around the grain `middle`; `heavy` lines (sleeps that
 * cannot be interrupted) are thicker. */
void lsc_line_painter_paint (
    LscInk *ink, LscGrains box, int middle, const LscReasonLook *look, bool heavy);

/* Where the line of a piece too short for a pattern lies. */
LscGrains
lsc_line_painter_measure_part (LscInk *ink, LscGrains box, int middle, const LscReasonLook *look);
