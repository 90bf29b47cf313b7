/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A picture: the one entry that paints a scene, with row headers, minimap, ruler, lanes and legend,
 * for the window, `render` and the printer alike.
 *
 * Keep one for a window's life: it holds the shapes and texts worked out for earlier frames. Not
 * for use by two threads at once.
 */
#pragma once

#include "lib/paint/paint-tools.h"
#include "lib/view/hit.h"

/* Where each part stands, in pixels of the picture; a part that is not shown has height 0. */
typedef struct
{
  LscBox minimap;  /* whole capture; its time area only */
  LscBox activity; /* running at once */
  LscBox ruler;
  LscBox strips;  /* scene.strips, between ruler and lanes; their time area only */
  LscBox headers; /* names, left of the lanes */
  LscBox lanes;   /* the time area: scene.viewport.width must be lanes.width */
  LscBox legend;
  LscBox caption;
} LscPictureLayout;

typedef struct
{
  bool minimap, activity, ruler, legend;
  unsigned n_strips;   /* the scenes' */
  double header_width; /* 210 in the window */
  const char *caption; /* a line below everything, or NULL */
  const char *font;    /* family; NULL: "Cantarell, sans-serif" */
  bool text;           /* false: no letters at all, for pictures that must not depend on fonts */
} LscPictureParts;

/* Everything on, no caption. */
void lsc_picture_parts_init (LscPictureParts *self);

typedef struct _LscPicture LscPicture;

LscPicture *lsc_picture_new (void);
void lsc_picture_free (LscPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscPicture, lsc_picture_free)

/* The words are copied, the strings in them are not. */
void lsc_picture_set_words (LscPicture *self, const LscPaintWords *words);
void lsc_picture_set_theme (LscPicture *self, LscTheme theme);
void lsc_picture_set_parts (LscPicture *self, const LscPictureParts *parts);
/* Device pixels a unit of the surfaces GTK hands out, which do not know it: a widget's scale
 * factor. Other surfaces know theirs. */
void lsc_picture_set_scale (LscPicture *self, double scale);
/* Forgets what was worked out: call it before the first scene of another trace. */
void lsc_picture_reset (LscPicture *self);

/* Where the parts stand in a picture of that size. */
void lsc_picture_layout (const LscPicture *self,
                         double width,
                         double height,
                         LscPictureLayout *out_layout);

/* The height a picture needs to show every row, with this width. */
double lsc_picture_natural_height (const LscPicture *self, const LscScene *scene);

/* Paints the scene on `cr` from (0, 0) to (width, height). `cr` may be of an image, SVG, PDF or
 * recording surface. scene->viewport.width is expected to be layout.lanes.width; the rows must be
 * up to date. */
void lsc_picture_paint (
    LscPicture *self, cairo_t *cr, const LscScene *scene, double width, double height);

/* For windows: a frame takes about `us` microseconds at most to work out what is not known yet;
 * what it does not get done is drawn a little coarser, and lsc_picture_is_rough() then says that
 * another frame should follow. 0, as it is at first: every picture is complete. */
void lsc_picture_set_budget (LscPicture *self, uint32_t us);
bool lsc_picture_is_rough (const LscPicture *self);

/* For windows, between two frames: works out for about `us` microseconds what a picture of that
 * scene and height needs, and what it will need if the viewport goes on for up to `n_steps` more
 * steps like the one between the last two pictures. Returns whether nothing is left to do. */
bool lsc_picture_prepare (
    LscPicture *self, const LscScene *scene, double height, unsigned n_steps, uint32_t us);

/* What is under the point, in pixels of the picture. */
typedef enum
{
  LSC_PART_NONE,
  LSC_PART_MINIMAP,
  LSC_PART_ACTIVITY,
  LSC_PART_RULER,
  LSC_PART_HEADER, /* hit->pick is the row */
  LSC_PART_LANE,   /* hit->pick is the row and the span */
  LSC_PART_IDLE,   /* the line that says how many idle threads are hidden */
  LSC_PART_ENDED,  /* the one that says how many ended threads are */
  LSC_PART_LEGEND,
} LscPart;

LscPart lsc_picture_pick (const LscPicture *self,
                          const LscScene *scene,
                          const LscPictureLayout *layout,
                          double x,
                          double y,
                          LscHit *out_hit);

/* The entry of the legend at x, or the one of that state (and reason, of a sleep), as they were
 * painted last; NULL when there is none. */
const LscLegendSpot *lsc_picture_legend_at (const LscPicture *self, double x);
const LscLegendSpot *
lsc_picture_legend_of (const LscPicture *self, LscState state, LscReason reason);

/* The moment under x of the minimap. */
uint64_t lsc_picture_minimap_time (const LscScene *scene, const LscPictureLayout *layout, double x);
