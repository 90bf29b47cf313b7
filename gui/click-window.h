/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Asks a person to click on a window of any program, and tells whose it is. Only X11 lets a program
 * ask that; click-window-none.c stands in where GTK has no X11.
 */
#pragma once

#include <gtk/gtk.h>

/* `pid` is 0 when the window does not say, and when none was `clicked` (a key was pressed, or half
 * a minute went by). */
typedef void (*LscClickWindowFunc) (guint32 pid, gboolean clicked, gpointer user_data);

gboolean lsc_click_window_is_possible (GtkWidget *widget);

/* The pointer becomes a cross until the answer comes; `widget` stays alive until then. */
void lsc_click_window_ask (GtkWidget *widget, LscClickWindowFunc func, gpointer user_data);
