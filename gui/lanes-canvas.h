/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the lanes are painted in a window: an image of our own, handed to GTK whole. GTK's own
 * cairo contexts only record what is drawn and draw it later, every letter again. There are two
 * images, in turn: GTK holds one, as the last frame, while the next is painted. What is recorded
 * is where the image is, not a copy of it.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct
{
  cairo_surface_t *images[2];
  guint next;
} LscLanesCanvas;

void lsc_lanes_canvas_clear (LscLanesCanvas *self);

/* A context for an image of that size, in the widget's pixels and as sharp as its screen. Free it
 * with cairo_destroy(). */
cairo_t *lsc_lanes_canvas_begin (LscLanesCanvas *self, GtkWidget *widget);
/* Shows what has been painted since begin. */
void lsc_lanes_canvas_show (LscLanesCanvas *self, GtkWidget *widget, GtkSnapshot *snapshot);
