/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who paces a window's frames. On X11 GTK asks before and after each frame whether there is a
 * window manager that does; while there is none, it waits for the server's answer, until the last
 * frame has been copied to the screen. Then GTK's own clock paces them. frame-pace-none.c stands in
 * where GTK has no X11.
 */
#pragma once

#include <gtk/gtk.h>

/* Before the window is realized. */
void lsc_frame_pace_watch (GtkWidget *window);
