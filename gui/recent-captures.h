/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The list of captures a person may want back: those that were never saved, and recent files.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_RECENT_CAPTURES (lsc_recent_captures_get_type ())
G_DECLARE_FINAL_TYPE (LscRecentCaptures, lsc_recent_captures, LSC, RECENT_CAPTURES, GtkWidget)

/* Reads the list anew. */
void lsc_recent_captures_refresh (LscRecentCaptures *self);

/* Remembers a file that was saved or opened just now, and how long its capture is: in a turn of the
 * main loop of its own, for it may have to wait for a disk. */
void lsc_recent_captures_remember (GFile *file, guint64 length_ns);
