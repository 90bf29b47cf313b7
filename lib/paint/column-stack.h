/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of lanes that bring no ground of their own: CPUs', which have many colours, very high
 * ones, and all on paper. Each is a stack of boxes.
 */
#pragma once

#include "lib/paint/column-look.h"

/* Draws the columns upon the ground, after the bars. */
void lsc_column_stack_paint (const LscPaintTools *tools,
                             LscRowKind kind,
                             const LscColumnBand *band,
                             const LscShape *shapes,
                             uint32_t n_shapes);
