/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How long the frames of the window that holds a widget take, for tests/bench/window.py and for
 * anyone who finds Lanescope slow. With LSC_FRAME_LOG=FILE in the environment a line is written for
 * each: when it began, as g_get_monotonic_time(), and how long the window's thread worked on it;
 * both in microseconds.
 */
#pragma once

#include <gtk/gtk.h>

/* Writes the log for as long as `widget` lives, if one is asked for; call it once. */
void lsc_frame_log_watch (GtkWidget *widget);
