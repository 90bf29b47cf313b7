/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/ink-paths.h"

typedef struct
{
  LscColor color;
  GArray *boxes; /* LscGrains */
} Batch;

struct _LscInkPaths
{
  cairo_t *cr;
  cairo_rectangle_t area;
  double scale;
  GArray *batches; /* Batch, in the order the colours were first used */
};

static void
clear_batch_cb (gpointer data)
{
  g_array_unref (((Batch *) data)->boxes);
}

LscInkPaths *
lsc_ink_paths_new (void)
{
  LscInkPaths *self = g_new0 (LscInkPaths, 1);

  self->batches = g_array_new (FALSE, FALSE, sizeof (Batch));
  g_array_set_clear_func (self->batches, clear_batch_cb);
  return self;
}

void
lsc_ink_paths_free (LscInkPaths *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->batches);
  g_free (self);
}

void
lsc_ink_paths_begin (LscInkPaths *self, cairo_t *cr, const cairo_rectangle_t *area, double scale)
{
  self->cr = cr;
  self->scale = scale;
  cairo_save (cr);
  cairo_translate (cr, area->x, area->y);
  cairo_rectangle (cr, 0, 0, area->width, area->height);
  cairo_clip (cr);
  cairo_scale (cr, 1 / scale, 1 / scale);
}

static void
set_color (cairo_t *cr, LscColor color)
{
  cairo_set_source_rgba (cr, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
                         (color & 255) / 255.0, (color >> 24) / 255.0);
}

void
lsc_ink_paths_flush (LscInkPaths *self)
{
  for (guint i = 0; i < self->batches->len; i++)
    {
      const Batch *batch = &g_array_index (self->batches, Batch, i);

      if (batch->boxes->len == 0)
        continue;
      for (guint b = 0; b < batch->boxes->len; b++)
        {
          const LscGrains *box = &g_array_index (batch->boxes, LscGrains, b);

          cairo_rectangle (self->cr, box->x0, box->y0, box->x1 - box->x0, box->y1 - box->y0);
        }
      set_color (self->cr, batch->color);
      cairo_fill (self->cr);
    }
  g_array_set_size (self->batches, 0);
}

void
lsc_ink_paths_end (LscInkPaths *self)
{
  lsc_ink_paths_flush (self);
  cairo_restore (self->cr);
  self->cr = NULL;
}

static GArray *
boxes_of (LscInkPaths *self, LscColor color)
{
  Batch batch = { .color = color };

  for (guint i = 0; i < self->batches->len; i++)
    if (g_array_index (self->batches, Batch, i).color == color)
      return g_array_index (self->batches, Batch, i).boxes;
  batch.boxes = g_array_new (FALSE, FALSE, sizeof (LscGrains));
  g_array_append_val (self->batches, batch);
  return batch.boxes;
}

void
lsc_ink_paths_expect (LscInkPaths *self, LscColor color)
{
  boxes_of (self, color);
}

void
lsc_ink_paths_fill (LscInkPaths *self, LscGrains box, LscColor color)
{
  GArray *boxes = boxes_of (self, color);

  if (boxes->len > 0)
    {
      LscGrains *last = &g_array_index (boxes, LscGrains, boxes->len - 1);

      if (last->y0 == box.y0 && last->y1 == box.y1 && last->x1 == box.x0)
        {
          last->x1 = box.x1;
          return;
        }
    }
  g_array_append_val (boxes, box);
}

void
lsc_ink_paths_hatch (LscInkPaths *self, LscGrains box, int step, int thick, LscColor color)
{
  int first = (box.x0 + box.y0) / step * step;

  lsc_ink_paths_flush (self);
  cairo_save (self->cr);
  cairo_rectangle (self->cr, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
  cairo_clip (self->cr);
  for (int sum = first; sum <= box.x1 + box.y1; sum += step)
    {
      cairo_move_to (self->cr, sum - box.y0, box.y0);
      cairo_line_to (self->cr, sum - box.y1, box.y1);
    }
  set_color (self->cr, color);
  cairo_set_line_width (self->cr, thick * 0.7);
  cairo_stroke (self->cr);
  cairo_restore (self->cr);
}

void
lsc_ink_paths_slash (LscInkPaths *self, LscGrains box, int thick, LscColor color)
{
  lsc_ink_paths_flush (self);
  cairo_move_to (self->cr, box.x0, box.y1);
  cairo_line_to (self->cr, box.x1, box.y0);
  set_color (self->cr, color);
  cairo_set_line_width (self->cr, thick);
  cairo_stroke (self->cr);
}
