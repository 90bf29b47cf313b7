/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/ink.h"

#include "lib/paint/ink-paths.h"

#include <math.h>
#include <string.h>
#include <wchar.h>

_Static_assert(sizeof (wchar_t) == sizeof (uint32_t), "a pixel is as wide as a wchar_t");

#define HATCH_STEP 6.0 /* units between the lines of a hatch */
#define PAPER_SCALE 4.0
#define SIDE_MAX 32767 /* cairo's largest image */

struct _LscInk
{
  cairo_t *cr;
  cairo_rectangle_t area;
  double scale;
  int width, height;
  uint32_t *pixels; /* of the area: in the target itself, or `own` */
  int stride;       /* in pixels */
  uint32_t *own;    /* kept for the next area, which may be smaller */
  size_t n_own;     /* pixels there is room for */
  LscInkPaths *paths;
  bool on_paper;
  double recording_scale;
};

LscInk *
lsc_ink_new (void)
{
  LscInk *self = g_new0 (LscInk, 1);

  self->paths = lsc_ink_paths_new ();
  self->recording_scale = 1;
  return self;
}

void
lsc_ink_free (LscInk *self)
{
  if (self == NULL)
    return;
  g_free (self->own);
  lsc_ink_paths_free (self->paths);
  g_free (self);
}

static bool
is_paper (cairo_t *cr)
{
  cairo_surface_type_t type = cairo_surface_get_type (cairo_get_target (cr));

  return type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PDF
         || type == CAIRO_SURFACE_TYPE_PS;
}

void
lsc_ink_set_recording_scale (LscInk *self, double scale)
{
  self->recording_scale = scale;
}

/* Device pixels a unit of `cr`: its own matrix and the surface's device scale. */
static double
scale_of (const LscInk *self, cairo_t *cr)
{
  cairo_surface_t *target = cairo_get_target (cr);
  double x_scale = 1, y_scale = 1, dx = 1, dy = 0;

  cairo_surface_get_device_scale (target, &x_scale, &y_scale);
  if (cairo_surface_get_type (target) == CAIRO_SURFACE_TYPE_RECORDING)
    x_scale *= self->recording_scale;
  cairo_user_to_device_distance (cr, &dx, &dy);
  return fmin (fmax (hypot (dx, dy) * x_scale, 0.25), 8);
}

/* Room for the area's pixels. */
static void
take_pixels (LscInk *self)
{
  size_t wanted;

  if (self->width > SIDE_MAX || self->height > SIDE_MAX)
    self->width = self->height = 0;
  wanted = (size_t) self->width * (size_t) self->height;
  if (wanted > self->n_own)
    {
      g_free (self->own);
      self->own = g_try_new (uint32_t, wanted);
      self->n_own = self->own != NULL ? wanted : 0;
    }
  if (self->own == NULL)
    self->width = self->height = 0;
  self->pixels = self->own;
  self->stride = self->width;
}

/* Whether nothing of the area is clipped away. */
static bool
is_open (cairo_t *cr, const cairo_rectangle_t *area)
{
  cairo_rectangle_list_t *clip = cairo_copy_clip_rectangle_list (cr);
  const cairo_rectangle_t *only = clip->rectangles;
  bool open = clip->status == CAIRO_STATUS_SUCCESS && clip->num_rectangles == 1
              && only->x <= area->x && only->y <= area->y
              && only->x + only->width >= area->x + area->width
              && only->y + only->height >= area->y + area->height;

  cairo_rectangle_list_destroy (clip);
  return open;
}

/* Takes the pixels of the target itself, when it is an image whose pixels are grains: a copy saved
 * is a third of the time of a frame. */
static bool
borrow_pixels (LscInk *self)
{
  cairo_surface_t *target = cairo_get_target (self->cr);
  double x = self->area.x, y = self->area.y, x_scale, y_scale;
  cairo_matrix_t matrix;
  int left, top;

  cairo_get_matrix (self->cr, &matrix);
  if (matrix.xy != 0 || matrix.yx != 0 || matrix.xx <= 0 || matrix.xx != matrix.yy
      || cairo_surface_get_type (target) != CAIRO_SURFACE_TYPE_IMAGE
      || cairo_get_group_target (self->cr) != target
      || (cairo_image_surface_get_format (target) != CAIRO_FORMAT_RGB24
          && cairo_image_surface_get_format (target) != CAIRO_FORMAT_ARGB32))
    return false;
  cairo_surface_get_device_scale (target, &x_scale, &y_scale);
  cairo_user_to_device (self->cr, &x, &y);
  x *= x_scale;
  y *= y_scale;
  left = (int) lround (x);
  top = (int) lround (y);
  if (fabs (x - left) > 1e-3 || fabs (y - top) > 1e-3 || left < 0 || top < 0
      || left + self->width > cairo_image_surface_get_width (target)
      || top + self->height > cairo_image_surface_get_height (target)
      || !is_open (self->cr, &self->area))
    return false;
  cairo_surface_flush (target);
  self->stride = cairo_image_surface_get_stride (target) / 4;
  self->pixels = (uint32_t *) (void *) cairo_image_surface_get_data (target)
                 + (ptrdiff_t) top * self->stride + left;
  return true;
}

void
lsc_ink_begin (LscInk *self, cairo_t *cr, const cairo_rectangle_t *area, LscColor background)
{
  self->cr = cr;
  self->area = *area;
  self->on_paper = is_paper (cr);
  self->scale = self->on_paper ? PAPER_SCALE : scale_of (self, cr);
  self->width = (int) lround (fmax (area->width, 0) * self->scale);
  self->height = (int) lround (fmax (area->height, 0) * self->scale);
  if (self->on_paper)
    lsc_ink_paths_begin (self->paths, cr, area, self->scale);
  else if (!borrow_pixels (self))
    take_pixels (self);
  lsc_ink_fill (self, (LscGrains){ 0, 0, self->width, self->height }, background);
}

void
lsc_ink_end (LscInk *self)
{
  cairo_t *cr = self->cr;
  cairo_surface_t *image;

  self->cr = NULL;
  if (self->on_paper)
    {
      lsc_ink_paths_end (self->paths);
      return;
    }
  if (self->width <= 0 || self->height <= 0)
    return;
  if (self->pixels != self->own)
    {
      cairo_surface_mark_dirty (cairo_get_target (cr));
      return;
    }
  image = cairo_image_surface_create_for_data ((unsigned char *) self->pixels, CAIRO_FORMAT_RGB24,
                                               self->width, self->height, self->stride * 4);
  cairo_save (cr);
  cairo_translate (cr, self->area.x, self->area.y);
  cairo_scale (cr, 1 / self->scale, 1 / self->scale);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle (cr, 0, 0, self->width, self->height);
  cairo_fill (cr);
  cairo_restore (cr);
  /* whoever still needs the pixels (a recording) takes a copy now */
  cairo_surface_finish (image);
  cairo_surface_destroy (image);
}

void
lsc_ink_layer (LscInk *self)
{
  if (self->on_paper)
    lsc_ink_paths_flush (self->paths);
}

double
lsc_ink_get_scale (const LscInk *self)
{
  return self->scale;
}

int
lsc_ink_get_width (const LscInk *self)
{
  return self->width;
}

int
lsc_ink_get_height (const LscInk *self)
{
  return self->height;
}

int
lsc_ink_grain (const LscInk *self, double units)
{
  return lsc_ink_to_grain (self->scale, units);
}

static bool
clip (const LscInk *self, LscGrains *box)
{
  box->x0 = MAX (box->x0, 0);
  box->y0 = MAX (box->y0, 0);
  box->x1 = MIN (box->x1, self->width);
  box->y1 = MIN (box->y1, self->height);
  return box->x0 < box->x1 && box->y0 < box->y1;
}

/* Bars are short: pixels are written four at a time, some of them twice, in place of a loop that
 * ends after nobody knows how many. wmemset() is the C library's fastest way to write one word many
 * times. */
static inline void
set_pixels (uint32_t *pixels, int n, LscColor color)
{
  const uint32_t four[4] = { color, color, color, color };

  if (n > 16)
    wmemset ((wchar_t *) (void *) pixels, (wchar_t) color, (size_t) n);
  else if (n >= 4)
    {
      memcpy (pixels, four, sizeof four);
      memcpy (pixels + n - 4, four, sizeof four);
      if (n > 8)
        {
          memcpy (pixels + 4, four, sizeof four);
          memcpy (pixels + n - 8, four, sizeof four);
        }
    }
  else
    for (int i = 0; i < n; i++)
      pixels[i] = color;
}

void
lsc_ink_fill (LscInk *self, LscGrains box, LscColor color)
{
  if (!clip (self, &box) || color >> 24 == 0)
    return;
  if (self->on_paper)
    {
      lsc_ink_paths_fill (self->paths, box, color);
      return;
    }
  for (int y = box.y0; y < box.y1; y++)
    {
      uint32_t *row = self->pixels + (ptrdiff_t) y * self->stride;

      if (color >> 24 == 255)
        set_pixels (row + box.x0, box.x1 - box.x0, color);
      else
        for (int x = box.x0; x < box.x1; x++)
          row[x] = lsc_palette_blend (row[x], color);
    }
}

bool
lsc_ink_has_pixels (const LscInk *self)
{
  return !self->on_paper;
}

uint32_t *
lsc_ink_get_row (LscInk *self, int x, int y, int n)
{
  bool has = !self->on_paper && y >= 0 && y < self->height && x >= 0 && x + n <= self->width;

  return has ? self->pixels + (ptrdiff_t) y * self->stride + x : NULL;
}

void
lsc_ink_put_pixels (
    LscInk *self, const int *xs, int y, const uint8_t *indices, int n, const LscColor *colors)
{
  uint32_t *row = self->pixels + (ptrdiff_t) y * self->stride;

  if (self->on_paper || y < 0 || y >= self->height)
    return;
  for (int i = 0; i < n; i++)
    if (xs[i] >= 0 && xs[i] < self->width)
      row[xs[i]] = indices[i] != 0 ? colors[indices[i]] : row[xs[i]];
}

void
lsc_ink_stack (LscInk *self, LscGrains column, const LscInkLayer *layers, unsigned n_layers)
{
  int y = column.y1;

  for (unsigned i = 0; i < n_layers; i++)
    {
      int top = MAX (y - layers[i].height, column.y0);

      lsc_ink_fill (self, (LscGrains){ column.x0, top, column.x1, y }, layers[i].color);
      y = top;
    }
}

void
lsc_ink_nest (LscInk *self, LscGrains column, const LscInkLayer *layers, unsigned n_layers)
{
  int y = column.y1;

  if (!self->on_paper)
    {
      lsc_ink_stack (self, column, layers, n_layers);
      return;
    }
  for (unsigned i = 0; i < n_layers; i++)
    {
      y = MAX (y - layers[i].height, column.y0);
      lsc_ink_fill (self, (LscGrains){ column.x0, y, column.x1, column.y1 }, layers[i].color);
    }
}

void
lsc_ink_order (LscInk *self, const LscColor *colors, unsigned n_colors)
{
  for (unsigned i = 0; self->on_paper && i < n_colors; i++)
    lsc_ink_paths_expect (self->paths, colors[i]);
}

void
lsc_ink_frame (LscInk *self, LscGrains box, int width, LscColor color)
{
  int inner_top = MIN (box.y0 + width, box.y1), inner_bottom = MAX (box.y1 - width, inner_top);

  lsc_ink_fill (self, (LscGrains){ box.x0, box.y0, box.x1, inner_top }, color);
  lsc_ink_fill (self, (LscGrains){ box.x0, inner_bottom, box.x1, box.y1 }, color);
  lsc_ink_fill (self, (LscGrains){ box.x0, inner_top, MIN (box.x0 + width, box.x1), inner_bottom },
                color);
  lsc_ink_fill (
      self, (LscGrains){ MAX (box.x1 - width, box.x0 + width), inner_top, box.x1, inner_bottom },
      color);
}

void
lsc_ink_hollow (LscInk *self, LscGrains box, int width, LscColor edge, LscColor inside)
{
  int top = MIN (box.y0 + width, box.y1), bottom = MAX (box.y1 - width, top);
  int left = MIN (box.x0 + width, box.x1), right = MAX (box.x1 - width, left);

  if (self->on_paper || (edge & inside) >> 24 != 255)
    {
      lsc_ink_fill (self, box, inside);
      lsc_ink_frame (self, box, width, edge);
      return;
    }
  if (!clip (self, &box))
    return;
  left = CLAMP (left, box.x0, box.x1);
  right = CLAMP (right, left, box.x1);
  for (int y = box.y0; y < box.y1; y++)
    {
      uint32_t *row = self->pixels + (ptrdiff_t) y * self->stride;

      set_pixels (row + box.x0, box.x1 - box.x0, edge);
      if (y >= top && y < bottom)
        set_pixels (row + left, right - left, inside);
    }
}

bool
lsc_ink_is_plain (const LscInk *self, int size)
{
  return size < 6 * (int) lround (self->scale);
}

void
lsc_ink_round (LscInk *self, LscGrains box, LscColor color)
{
  int corner = (int) lround (self->scale);

  if (lsc_ink_is_plain (self, MIN (box.x1 - box.x0, box.y1 - box.y0)))
    {
      lsc_ink_fill (self, box, color);
      return;
    }
  lsc_ink_fill (self, (LscGrains){ box.x0 + corner, box.y0, box.x1 - corner, box.y0 + corner },
                color);
  lsc_ink_fill (self, (LscGrains){ box.x0, box.y0 + corner, box.x1, box.y1 - corner }, color);
  lsc_ink_fill (self, (LscGrains){ box.x0 + corner, box.y1 - corner, box.x1 - corner, box.y1 },
                color);
}

void
lsc_ink_hatch (LscInk *self, LscGrains box, LscColor color)
{
  int step = MAX ((int) lround (HATCH_STEP * self->scale), 2);
  int thick = MAX ((int) lround (1.6 * self->scale), 1);

  if (!clip (self, &box))
    return;
  if (self->on_paper)
    {
      lsc_ink_paths_hatch (self->paths, box, step, thick, color);
      return;
    }
  for (int y = box.y0; y < box.y1; y++)
    {
      uint32_t *row = self->pixels + (ptrdiff_t) y * self->stride;

      for (int x = box.x0; x < box.x1; x++)
        if ((x + y) % step < thick)
          row[x] = color;
    }
}

void
lsc_ink_slash (LscInk *self, LscGrains box, LscColor color)
{
  int width = box.x1 - box.x0, height = box.y1 - box.y0, from = 0, rest = 0;
  int thick = MAX (lsc_ink_to_grain (self->scale, 1), 1), step, more;
  LscGrains seen = box;

  if (!clip (self, &seen))
    return;
  if (self->on_paper)
    {
      lsc_ink_paths_slash (self->paths, box, thick, color);
      return;
    }
  step = width / height;
  more = width % height;
  for (int y = box.y1 - 1; y >= box.y0; y--)
    {
      /* the part of this line's height that the slash crosses, at least its thickness */
      int to = from + step + (rest + more >= height);
      int x0 = MAX (box.x0 + from, seen.x0);
      int x1 = MIN (box.x0 + MAX (to, from + thick), self->width);

      if (y >= seen.y0 && y < seen.y1 && x0 < x1)
        set_pixels (self->pixels + (ptrdiff_t) y * self->stride + x0, x1 - x0, color);
      from = to;
      rest += rest + more >= height ? more - height : more;
    }
}

void
lsc_ink_dashes (LscInk *self, LscGrains box, int on, int off, double phase, LscColor color)
{
  int period = MAX (on + off, 1);
  double into = fmod ((double) box.x0 - phase, period);
  int x;

  if (into < 0)
    into += period;
  for (x = box.x0 - (int) into; x < box.x1; x += period)
    {
      LscGrains dash = { MAX (x, box.x0), box.y0, MIN (x + on, box.x1), box.y1 };

      if (dash.x0 < dash.x1)
        lsc_ink_fill (self, dash, color);
    }
}
