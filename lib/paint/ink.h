/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ink: puts many small upright shapes on a surface, fast.
 *
 * Cairo sorts and tessellates every rectangle of a path, which is far too slow for the 100 000 of a
 * dense picture; but bars are upright and their edges stand on whole pixels. So on surfaces made of
 * pixels they are written straight into those, or, where cairo hides them, into an image that is
 * then painted in one go. On SVG, PDF and PostScript the same shapes become paths, gathered by
 * colour.
 *
 * Coordinates are grains: device pixels of an image, quarters of a unit on paper. Colours with
 * alpha are blended. Between begin and end cairo must not be used for the same area.
 */
#pragma once

#include "lib/paint/palette.h"

#include <cairo.h>
#include <glib.h>

typedef struct _LscInk LscInk;

#define LSC_GRAINS_MAX 1000000 /* beyond any surface */

/* An upright rectangle, right and bottom edges excluded. */
typedef struct
{
  int x0, y0, x1, y1;
} LscGrains;

LscInk *lsc_ink_new (void);
void lsc_ink_free (LscInk *self);

/* Device pixels a unit of recording surfaces, which do not know it themselves; 1 at first. */
void lsc_ink_set_recording_scale (LscInk *self, double scale);

/* Starts an area of `width` x `height` units at (x, y) of `cr`, all of it `background`; with 0 for
 * `background` what is not filled is undefined. Its edges should stand on whole device pixels. */
void lsc_ink_begin (LscInk *self, cairo_t *cr, const cairo_rectangle_t *area, LscColor background);
/* Puts what was drawn on `cr`. */
void lsc_ink_end (LscInk *self);

/* What is drawn from here on lies on top of what was drawn before. Within a layer shapes of one
 * colour may be drawn together: those that overlap must be of the same colour, or in the order in
 * which the colours were first used. */
void lsc_ink_layer (LscInk *self);

/* Grains a unit, and the size of the area in grains. */
double lsc_ink_get_scale (const LscInk *self);
int lsc_ink_get_width (const LscInk *self);
int lsc_ink_get_height (const LscInk *self);
/* The grain a place of the area falls on (rounded half up). */
int lsc_ink_grain (const LscInk *self, double units);

static inline int
lsc_ink_to_grain (double scale, double units)
{
  double grains = units * scale;

  if (!(grains > -LSC_GRAINS_MAX))
    return -LSC_GRAINS_MAX;
  if (grains > LSC_GRAINS_MAX)
    return LSC_GRAINS_MAX;
  return (int) (grains + (LSC_GRAINS_MAX + 0.5)) - LSC_GRAINS_MAX;
}

/* Part of a column, `height` grains high. */
typedef struct
{
  int height;
  LscColor color; /* opaque; 0: leave what is there */
} LscInkLayer;

/* Everything is clipped to the area. */

/* Whether there are pixels: then rows of them may be put. */
bool lsc_ink_has_pixels (const LscInk *self);
/* The `n` pixels from (x, y) on, for the caller to write opaque colours to; NULL when not all of
 * them are in the area, or there are none. */
uint32_t *lsc_ink_get_row (LscInk *self, int x, int y, int n);
/* Puts `n` pixels of row y at the places `xs`: colors[index], opaque ones. Index 0 leaves what is
 * there. */
void lsc_ink_put_pixels (
    LscInk *self, const int *xs, int y, const uint8_t *indices, int n, const LscColor *colors);

/* Stacks layers on the bottom of `column`, the first lowest. They may reach its top and no farther.
 */
void lsc_ink_stack (LscInk *self, LscGrains column, const LscInkLayer *layers, unsigned n_layers);
/* The same, for layers all of which have a colour, and where lsc_ink_order() has said which lies
 * lowest. On paper each layer goes down to the bottom, under those below it: a file then holds its
 * upper edge only. */
void lsc_ink_nest (LscInk *self, LscGrains column, const LscInkLayer *layers, unsigned n_layers);
/* What is drawn from here on to the next layer lies over each other in the order of these colours,
 * the first at the bottom. For paper; elsewhere it is the order of drawing. */
void lsc_ink_order (LscInk *self, const LscColor *colors, unsigned n_colors);
void lsc_ink_fill (LscInk *self, LscGrains box, LscColor color);
/* The edge `width` grains wide, inside the box; nothing else. */
void lsc_ink_frame (LscInk *self, LscGrains box, int width, LscColor color);
/* A box filled with `inside`, and its frame. */
void lsc_ink_hollow (LscInk *self, LscGrains box, int width, LscColor edge, LscColor inside);
/* The same as fill with the corners a little off, but for boxes so small that they are plain. */
void lsc_ink_round (LscInk *self, LscGrains box, LscColor color);
bool lsc_ink_is_plain (const LscInk *self, int size);
/* Slanted lines all over the box, in step with those of other boxes. */
void lsc_ink_hatch (LscInk *self, LscGrains box, LscColor color);
/* One opaque line from the lower left to the upper right corner. */
void lsc_ink_slash (LscInk *self, LscGrains box, LscColor color);
/* Fills parts `on` grains long and leaves out `off`, counted from `phase`. */
void lsc_ink_dashes (LscInk *self, LscGrains box, int on, int off, double phase, LscColor color);
