/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A row of small bars: how busy something was, oldest at the left.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_SPARKLINE (lsc_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (LscSparkline, lsc_sparkline, LSC, SPARKLINE, GtkWidget)

GtkWidget *lsc_sparkline_new (void);

/* `values` are percent of one CPU; full height is 100, or the largest of them where that is more.
 * A negative one is not drawn. */
void lsc_sparkline_set_values (LscSparkline *self, const float *values, guint n_values);
