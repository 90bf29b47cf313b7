/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-canvas.h"

void
lsc_lanes_canvas_clear (LscLanesCanvas *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->images); i++)
    g_clear_pointer (&self->images[i], cairo_surface_destroy);
}

cairo_t *
lsc_lanes_canvas_begin (LscLanesCanvas *self, GtkWidget *widget)
{
  int scale = gtk_widget_get_scale_factor (widget);
  int width = gtk_widget_get_width (widget) * scale;
  int height = gtk_widget_get_height (widget) * scale;
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

void
lsc_lanes_canvas_show (LscLanesCanvas *self, GtkWidget *widget, GtkSnapshot *snapshot)
{
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_set_source_surface (cr, self->images[self->next], 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
}
