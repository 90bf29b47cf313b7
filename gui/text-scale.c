/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/text-scale.h"

#include <gtk/gtk.h>

#define USUAL_DPI (96 * 1024)

double
lsc_text_scale_get (void)
{
  int dpi = 0;
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  return dpi <= USUAL_DPI ? 1 : (double) dpi / USUAL_DPI;
}

int
lsc_text_scale_px (int px)
{
  return px <= 0 ? px : (int) (px * lsc_text_scale_get ());
}
