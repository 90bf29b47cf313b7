/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ink on paper: shapes gathered by colour, so that a file holds one path a colour and not one a
 * shape. Shapes of one batch must not lie on one another; where they do, the colour first used lies
 * below.
 */
#pragma once

#include "lib/paint/ink.h"

#include <glib.h>

typedef struct _LscInkPaths LscInkPaths;

LscInkPaths *lsc_ink_paths_new (void);
void lsc_ink_paths_free (LscInkPaths *self);
void
lsc_ink_paths_begin (LscInkPaths *self, cairo_t *cr, const cairo_rectangle_t *area, double scale);
void lsc_ink_paths_end (LscInkPaths *self);

/* Takes this colour's place in the order now, for fills to come. */
void lsc_ink_paths_expect (LscInkPaths *self, LscColor color);
void lsc_ink_paths_fill (LscInkPaths *self, LscGrains box, LscColor color);
void lsc_ink_paths_hatch (LscInkPaths *self, LscGrains box, int step, int thick, LscColor color);
void lsc_ink_paths_slash (LscInkPaths *self, LscGrains box, int thick, LscColor color);

/* Draws what has been gathered: what comes next lies on top of it. */
void lsc_ink_paths_flush (LscInkPaths *self);
