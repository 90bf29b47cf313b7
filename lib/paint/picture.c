/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/picture.h"

#include "lib/paint/column-painter.h"
#include "lib/paint/header-painter.h"
#include "lib/paint/lanes-painter.h"
#include "lib/paint/legend-painter.h"
#include "lib/paint/minimap-painter.h"
#include "lib/paint/overlay-painter.h"
#include "lib/paint/ruler-painter.h"
#include "lib/paint/strip-painter.h"

#include <math.h>

#define MINIMAP_TOP 6.0
#define MINIMAP_HEIGHT 34.0
#define ACTIVITY_TOP 6.0
#define ACTIVITY_HEIGHT 34.0
#define RULER_TOP 6.0
#define RULER_HEIGHT 26.0
#define LEGEND_HEIGHT 28.0
#define CAPTION_HEIGHT 26.0
#define RIGHT_MARGIN 2.0

struct _LscPicture
{
  LscLegendSpots legend;
  LscPaintWords words;
  LscPictureParts parts;
  char *caption, *font;
  const LscPalette *palette;
  LscLabelCache *labels;
  LscInk *ink;
  LscColumnPainter *columns;
  LscLaneShapes *shapes;
  LscActivity *activity;
  uint32_t budget_us;
  LscViewport painted, before; /* the last two frames' */
};

void
lsc_picture_parts_init (LscPictureParts *self)
{
  *self = (LscPictureParts){ .minimap = true,
                             .activity = true,
                             .ruler = true,
                             .legend = true,
                             .header_width = 210,
                             .text = true };
}

LscPicture *
lsc_picture_new (void)
{
  LscPicture *self = g_new0 (LscPicture, 1);

  lsc_paint_words_init (&self->words);
  lsc_picture_parts_init (&self->parts);
  self->palette = lsc_palette_get (LSC_THEME_LIGHT);
  self->labels = lsc_label_cache_new ();
  self->ink = lsc_ink_new ();
  self->columns = lsc_column_painter_new ();
  self->shapes = lsc_lane_shapes_new ();
  self->activity = lsc_activity_new ();
  return self;
}

void
lsc_picture_free (LscPicture *self)
{
  if (self == NULL)
    return;
  g_free (self->caption);
  g_free (self->font);
  lsc_label_cache_free (self->labels);
  lsc_ink_free (self->ink);
  lsc_column_painter_free (self->columns);
  lsc_lane_shapes_free (self->shapes);
  lsc_activity_free (self->activity);
  g_free (self);
}

void
lsc_picture_set_words (LscPicture *self, const LscPaintWords *words)
{
  self->words = *words;
}

void
lsc_picture_set_theme (LscPicture *self, LscTheme theme)
{
  self->palette = lsc_palette_get (theme);
}

void
lsc_picture_set_parts (LscPicture *self, const LscPictureParts *parts)
{
  char *caption = g_strdup (parts->caption), *font = g_strdup (parts->font);

  g_free (self->caption);
  g_free (self->font);
  self->parts = *parts;
  self->parts.caption = self->caption = caption;
  self->parts.font = self->font = font;
  lsc_label_cache_set_family (self->labels, font);
  lsc_label_cache_set_enabled (self->labels, parts->text);
}

void
lsc_picture_set_scale (LscPicture *self, double scale)
{
  lsc_ink_set_recording_scale (self->ink, scale);
}

void
lsc_picture_reset (LscPicture *self)
{
  lsc_lane_shapes_reset (self->shapes);
  lsc_activity_reset (self->activity);
}

void
lsc_picture_layout (const LscPicture *self,
                    double width,
                    double height,
                    LscPictureLayout *out_layout)
{
  const LscPictureParts *parts = &self->parts;
  double x = floor (fmin (parts->header_width, width / 2));
  double inner = fmax (width - x - RIGHT_MARGIN, 1);
  double caption = parts->caption != NULL ? CAPTION_HEIGHT : 0;
  double legend = parts->legend ? LEGEND_HEIGHT : 0;
  double y = 0, bottom = height - caption - legend;

  *out_layout = (LscPictureLayout){ .caption = { 0, height - caption, width, caption },
                                    .legend = { 0, bottom, width, legend } };
  out_layout->minimap = (LscBox){ x, y, inner, 0 };
  if (parts->minimap)
    {
      out_layout->minimap = (LscBox){ x, y + MINIMAP_TOP, inner, MINIMAP_HEIGHT };
      y += MINIMAP_TOP + MINIMAP_HEIGHT;
    }
  out_layout->activity = (LscBox){ x, y, inner, 0 };
  if (parts->activity)
    {
      out_layout->activity = (LscBox){ x, y + ACTIVITY_TOP, inner, ACTIVITY_HEIGHT };
      y += ACTIVITY_TOP + ACTIVITY_HEIGHT;
    }
  out_layout->ruler = (LscBox){ x, y, inner, 0 };
  if (parts->ruler)
    {
      y += y > 0 ? RULER_TOP : 0;
      out_layout->ruler = (LscBox){ x, y, inner, RULER_HEIGHT };
      y += RULER_HEIGHT;
    }
  out_layout->strips = (LscBox){ x, y, inner, parts->n_strips * lsc_strip_painter_height () };
  y += out_layout->strips.height;
  out_layout->headers = (LscBox){ 0, y, x, fmax (bottom - y, 0) };
  out_layout->lanes = (LscBox){ x, y, inner, fmax (bottom - y, 0) };
}

double
lsc_picture_natural_height (const LscPicture *self, const LscScene *scene)
{
  LscPictureLayout layout;

  lsc_picture_layout (self, 1000, 10000, &layout);
  return 10000 - layout.lanes.height + lsc_row_list_get_height (scene->rows)
         + lsc_header_painter_lines_height (scene);
}

static void
paint_caption (const LscPicture *self, const LscPaintTools *tools, const LscBox *box)
{
  LscTextStyle style = { LSC_FONT_LEGEND, tools->palette->dim_text, 0, fmax (box->width - 28, 1) };

  lsc_paint_tools_fill (tools, box, tools->palette->background);
  lsc_label_cache_put_text (self->labels, &style, self->caption, box->x + 14, box->y + 17);
  lsc_label_cache_flush (self->labels);
}

void
lsc_picture_set_budget (LscPicture *self, uint32_t us)
{
  self->budget_us = us;
}

bool
lsc_picture_is_rough (const LscPicture *self)
{
  return lsc_lane_shapes_is_rough (self->shapes) || lsc_activity_is_rough (self->activity);
}

/* What a picture of that viewport needs. */
static bool
prepare_for (LscPicture *self,
             const LscScene *scene,
             const LscViewport *viewport,
             double lanes_height,
             int64_t until_us)
{
  uint32_t first, end;

  if (self->parts.activity
      && !lsc_activity_prepare (self->activity, scene->trace, LSC_ACTIVITY_ALL, viewport, until_us))
    return false;
  lsc_lanes_painter_visible (scene, lanes_height, &first, &end);
  for (uint32_t i = first; i < end; i++)
    {
      const LscRow *row = lsc_row_list_get (scene->rows, i);
      bool done = true;

      if (row->kind != LSC_ROW_PROCESS)
        done = lsc_lane_shapes_prepare (self->shapes, scene->trace, row, viewport, until_us);
      else if (row->collapsed)
        done = lsc_activity_prepare (self->activity, scene->trace, row->index, viewport, until_us);
      if (!done)
        return false;
    }
  return true;
}

bool
lsc_picture_prepare (
    LscPicture *self, const LscScene *scene, double height, unsigned n_steps, uint32_t us)
{
  int64_t until_us = g_get_monotonic_time () + us;
  LscPictureLayout layout;

  lsc_picture_layout (self, scene->viewport.width, height, &layout);
  for (unsigned steps = 0; steps <= n_steps; steps++)
    {
      LscViewport viewport = scene->viewport;

      if (steps > 0)
        lsc_viewport_beyond (&viewport, &self->before, &self->painted, steps);
      if (!prepare_for (self, scene, &viewport, layout.lanes.height, until_us))
        return false;
    }
  return true;
}

static void
paint_lanes (const LscPicture *self, const LscPaintTools *tools, const LscPictureLayout *layout)
{
  lsc_lane_shapes_begin (self->shapes, self->budget_us);
  lsc_lanes_painter_paint (tools, &layout->lanes);
  cairo_save (tools->cr);
  cairo_rectangle (tools->cr, layout->lanes.x, layout->lanes.y, layout->lanes.width,
                   layout->lanes.height);
  cairo_clip (tools->cr);
  lsc_label_cache_flush (self->labels);
  cairo_restore (tools->cr);
}

void
lsc_picture_paint (
    LscPicture *self, cairo_t *cr, const LscScene *scene, double width, double height)
{
  LscPaintTools tools = { .cr = cr,
                          .scene = scene,
                          .palette = self->palette,
                          .words = &self->words,
                          .labels = self->labels,
                          .ink = self->ink,
                          .columns = self->columns,
                          .shapes = self->shapes,
                          .activity = self->activity,
                          .legend = &self->legend };
  double left;
  LscPictureLayout layout;

  lsc_picture_layout (self, width, height, &layout);
  self->before = self->painted.width > 0 ? self->painted : scene->viewport;
  self->painted = scene->viewport;
  left = layout.lanes.x;
  cairo_save (cr);
  lsc_label_cache_begin (self->labels, cr);
  lsc_activity_update (self->activity, scene->trace, self->budget_us / 2);
  /* the lanes bring their own ground */
  lsc_paint_tools_fill (&tools, &(LscBox){ 0, 0, width, layout.lanes.y },
                        self->palette->background);
  lsc_paint_tools_fill (&tools, &(LscBox){ 0, layout.lanes.y, left, height - layout.lanes.y },
                        self->palette->background);
  lsc_paint_tools_fill (&tools,
                        &(LscBox){ left + layout.lanes.width, layout.lanes.y,
                                   width - left - layout.lanes.width, height - layout.lanes.y },
                        self->palette->background);
  if (layout.minimap.height > 0)
    lsc_minimap_painter_whole (&tools, &layout.minimap, left);
  if (layout.activity.height > 0)
    lsc_minimap_painter_visible (&tools, &layout.activity, left);
  if (layout.ruler.height > 0)
    lsc_ruler_painter_paint (&tools, &layout.ruler, left);
  if (layout.strips.height > 0)
    lsc_strip_painter_paint (&tools, &layout.strips);
  paint_lanes (self, &tools, &layout);
  lsc_header_painter_paint (&tools, &layout.headers);
  lsc_overlay_painter_paint (&tools, &layout.lanes, &layout.ruler);
  lsc_label_cache_flush (self->labels);
  if (layout.legend.height > 0)
    lsc_legend_painter_paint (&tools, &layout.legend);
  if (layout.caption.height > 0)
    paint_caption (self, &tools, &layout.caption);
  cairo_restore (cr);
}

static bool
contains (const LscBox *box, double x, double y)
{
  return x >= box->x && x < box->x + box->width && y >= box->y && y < box->y + box->height;
}

/* The line about hidden threads that is under y of the headers, or LSC_PART_HEADER. */
static LscPart
pick_line (const LscScene *scene, const LscPictureLayout *layout, double y)
{
  static const LscPart parts[LSC_N_HIDDEN] = { LSC_PART_IDLE, LSC_PART_ENDED };
  double top, height;

  for (unsigned i = 0; i < LSC_N_HIDDEN; i++)
    if (lsc_header_painter_line (scene, layout->headers.height, (LscHidden) i, &top, &height)
        && y - layout->headers.y >= top && y - layout->headers.y < top + height)
      return parts[i];
  return LSC_PART_HEADER;
}

LscPart
lsc_picture_pick (const LscPicture *self,
                  const LscScene *scene,
                  const LscPictureLayout *layout,
                  double x,
                  double y,
                  LscHit *out_hit)
{
  *out_hit = (LscHit){ .row = LSC_ROW_NONE,
                       .pick = LSC_PICK_NOTHING,
                       .time_ns = lsc_viewport_time (&scene->viewport, x - layout->lanes.x) };
  if (contains (&layout->minimap, x, y))
    return LSC_PART_MINIMAP;
  if (contains (&layout->activity, x, y))
    return LSC_PART_ACTIVITY;
  if (contains (&layout->ruler, x, y))
    return LSC_PART_RULER;
  if (contains (&layout->legend, x, y))
    return LSC_PART_LEGEND;
  if (!contains (&layout->headers, x, y) && !contains (&layout->lanes, x, y))
    return LSC_PART_NONE;
  lsc_hit_find (scene, x - layout->lanes.x, y - layout->lanes.y, out_hit);
  if (contains (&layout->lanes, x, y))
    return LSC_PART_LANE;
  return pick_line (scene, layout, y);
}

uint64_t
lsc_picture_minimap_time (const LscScene *scene, const LscPictureLayout *layout, double x)
{
  uint64_t start = lsc_trace_get_start_ns (scene->trace);
  uint64_t span = lsc_trace_get_end_ns (scene->trace) - start;
  double part = (x - layout->minimap.x) / fmax (layout->minimap.width, 1);

  return start + (uint64_t) (fmin (fmax (part, 0), 1) * (double) span);
}

const LscLegendSpot *
lsc_picture_legend_at (const LscPicture *self, double x)
{
  for (unsigned i = 0; i < self->legend.n_spots; i++)
    if (x >= self->legend.spots[i].from_x && x < self->legend.spots[i].to_x)
      return &self->legend.spots[i];
  return NULL;
}

const LscLegendSpot *
lsc_picture_legend_of (const LscPicture *self, LscState state, LscReason reason)
{
  for (unsigned i = 0; i < self->legend.n_spots; i++)
    if (self->legend.spots[i].state == state
        && (state != LSC_STATE_SLEEPING || self->legend.spots[i].reason == reason))
      return &self->legend.spots[i];
  return NULL;
}
