/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What every painter is handed: the scene, the look, and the things to draw with.
 */
#pragma once

#include "lib/paint/ink.h"
#include "lib/paint/label-cache.h"
#include "lib/paint/paint-words.h"
#include "lib/paint/palette.h"
#include "lib/view/activity.h"
#include "lib/view/lane-shapes.h"
#include "lib/view/scene.h"

typedef struct
{
  double x, y, width, height;
} LscBox;

/* Where the entries of the legend stand, as they were painted last, from the picture's left. */
typedef struct
{
  double from_x;
  double to_x;
  LscState state;
  LscReason reason; /* of SLEEPING */
} LscLegendSpot;

#define LSC_LEGEND_SPOTS_MAX 24u
typedef struct
{
  LscLegendSpot spots[LSC_LEGEND_SPOTS_MAX];
  unsigned n_spots;
} LscLegendSpots;

typedef struct _LscColumnPainter LscColumnPainter;

typedef struct
{
  cairo_t *cr;
  const LscScene *scene;
  const LscPalette *palette;
  const LscPaintWords *words;
  LscLabelCache *labels;
  LscInk *ink;
  LscColumnPainter *columns;
  LscLaneShapes *shapes;
  LscActivity *activity;
  LscLegendSpots *legend; /* written by the legend's painter */
} LscPaintTools;

/* Fills a box, and strokes a line around it or along an edge, in cairo's own coordinates. */
void lsc_paint_tools_fill (const LscPaintTools *self, const LscBox *box, LscColor color);
void lsc_paint_tools_set_color (const LscPaintTools *self, LscColor color);

/* Replaces the first "%s" of `format` by `text`; `buffer` is returned. */
char *lsc_paint_tools_insert (const char *format, const char *text, char *buffer, size_t size);

/* A number with thin spaces between groups of three digits: "1 204 551". */
char *lsc_paint_tools_count (uint64_t count, char *buffer, size_t size);

/* "27 %", "<1 %", "112 %". */
char *lsc_paint_tools_percent (double share, char *buffer, size_t size);
