/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/text-scale.h"

#include <gtk/gtk.h>

#define USUAL_DPI (96 * 1024)

int
lsc_text_scale_px (int px)
{
  int dpi = 0;
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  return px <= 0 || dpi <= USUAL_DPI ? px : (int) ((gint64) px * dpi / USUAL_DPI);
}
