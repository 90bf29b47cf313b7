/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shows its child as much larger as the person wants text larger: for what draws its own letters
 * and everything around them. The child knows nothing of it, but should paint as many pixels.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_TEXT_ZOOM (lsc_text_zoom_get_type ())
G_DECLARE_FINAL_TYPE (LscTextZoom, lsc_text_zoom, LSC, TEXT_ZOOM, GtkWidget)

/* Device pixels for a unit of a child's own coordinates. */
double lsc_text_zoom_get_sharpness (GtkWidget *child);
