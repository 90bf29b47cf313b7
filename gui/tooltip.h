/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tooltips of what is filled anew again and again, as rows of a list are.
 */
#pragma once

#include <gtk/gtk.h>

/* As gtk_widget_set_tooltip_text(), which asks the display server at once where the pointer is, and
 * waits for each of its answers. NULL: none. */
void lsc_tooltip_set (GtkWidget *widget, const char *text);
/* What was set; NULL: nothing. */
const char *lsc_tooltip_get (GtkWidget *widget);
