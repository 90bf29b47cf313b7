/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-canvas.h"

#include "gui/text-zoom.h"

void
lsc_lanes_canvas_clear (LscLanesCanvas *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->images); i++)
    g_clear_pointer (&self->images[i], cairo_surface_destroy);
}

cairo_t *
lsc_lanes_canvas_begin (LscLanesCanvas *self, GtkWidget *widget)
{
  double scale = lsc_text_zoom_get_sharpness (widget);
  int width = (int) (gtk_widget_get_width (widget) * scale);
  int height = (int) (gtk_widget_get_height (widget) * scale);
  self->next = (self->next + 1) % G_N_ELEMENTS (self->images);
  cairo_surface_t **image = &self->images[self->next];
  if (*image == NULL || cairo_image_surface_get_width (*image) != width
      || cairo_image_surface_get_height (*image) != height)
    {
      g_clear_pointer (image, cairo_surface_destroy);
      *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
    }
  cairo_surface_set_device_scale (*image, scale, scale);
  return cairo_create (*image);
}

/* Who draws with the pattern sees the image as it is. */
static cairo_surface_t *
acquire_cb (cairo_pattern_t *pattern,
            void *image,
            cairo_surface_t *target,
            const cairo_rectangle_int_t *extents)
{
  return cairo_surface_reference (image);
}

static void
release_cb (cairo_pattern_t *pattern, void *image, cairo_surface_t *surface)
{
  cairo_surface_destroy (surface);
}

static cairo_status_t
copy_cb (cairo_pattern_t *pattern, void *image, const cairo_pattern_t *other)
{
  cairo_surface_reference (image);
  return CAIRO_STATUS_SUCCESS;
}

static void
finish_cb (cairo_pattern_t *pattern, void *image)
{
  cairo_surface_destroy (image);
}

void
lsc_lanes_canvas_show (LscLanesCanvas *self, GtkWidget *widget, GtkSnapshot *snapshot)
{
  cairo_surface_t *image = self->images[self->next];
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  cairo_pattern_t *pattern = cairo_pattern_create_raster_source (
      cairo_surface_reference (image), CAIRO_CONTENT_COLOR, cairo_image_surface_get_width (image),
      cairo_image_surface_get_height (image));
  cairo_matrix_t pixels;
  cairo_raster_source_pattern_set_acquire (pattern, acquire_cb, release_cb);
  cairo_raster_source_pattern_set_copy (pattern, copy_cb);
  cairo_raster_source_pattern_set_finish (pattern, finish_cb);
  cairo_surface_get_device_scale (image, &pixels.xx, &pixels.yy);
  cairo_matrix_init_scale (&pixels, pixels.xx, pixels.yy);
  cairo_pattern_set_matrix (pattern, &pixels);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_set_source (cr, pattern);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_pattern_destroy (pattern);
}
