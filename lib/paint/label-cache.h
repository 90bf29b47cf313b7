/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Labels: texts laid out once, kept by text and style, and drawn in batches of one colour.
 *
 * On surfaces made of pixels the glyphs of many labels go to cairo in one call; on SVG and PDF each
 * label is shown as text, so that it stays text.
 */
#pragma once

#include "lib/paint/palette.h"

#include <cairo.h>
#include <glib.h>

typedef enum
{
  LSC_FONT_NAME,      /* 13: thread names */
  LSC_FONT_NAME_BOLD, /* the selected one */
  LSC_FONT_GROUP,     /* 12.5 bold: process names */
  LSC_FONT_SMALL,     /* 11: tids, shares */
  LSC_FONT_BAR,       /* 11 bold: inside bars */
  LSC_FONT_TINY,      /* 10: above lines, ticks */
  LSC_FONT_TINY_BOLD,
  LSC_FONT_LEGEND, /* 12 */
  LSC_N_FONTS
} LscFont;

typedef struct
{
  double width;  /* advance */
  double ascent; /* of the font above the baseline */
  double descent;
} LscLabelSize;

/* One text, laid out. The layout is NULL when letters are switched off. */
typedef struct
{
  LscLabelSize size;
  struct _PangoLayout *layout;
  GArray *runs;  /* what to draw with which font; NULL on paper */
  uint32_t used; /* in which period it was last asked for */
} LscLabel;

typedef struct _LscLabelCache LscLabelCache;

LscLabelCache *lsc_label_cache_new (void);
void lsc_label_cache_free (LscLabelCache *self);
/* NULL: "Cantarell, sans-serif". Forgets all labels. */
void lsc_label_cache_set_family (LscLabelCache *self, const char *family);
/* Off: every text is empty, 0 wide and not drawn. */
void lsc_label_cache_set_enabled (LscLabelCache *self, bool enabled);

/* Begins a picture on `cr`. Labels that were not asked for lately are forgotten. */
void lsc_label_cache_begin (LscLabelCache *self, cairo_t *cr);

/* The label of a text; valid until the next begin. */
const LscLabel *lsc_label_cache_get (LscLabelCache *self, LscFont font, const char *text);

/* Puts a label with its left end at x and its baseline at y. It is on the surface after flush. */
void lsc_label_cache_put (
    LscLabelCache *self, const LscLabel *label, double x, double y, LscColor color);
void lsc_label_cache_flush (LscLabelCache *self);

typedef struct
{
  LscFont font;
  LscColor color;
  double align; /* which part of the text stands at x: 0 its left end, 0.5 its middle, 1 its end */
  double max_width; /* longer texts are cut, with three dots; 0: no limit */
} LscTextStyle;

/* Finds the label and puts it. Returns its width. */
double lsc_label_cache_put_text (
    LscLabelCache *self, const LscTextStyle *style, const char *text, double x, double y);
