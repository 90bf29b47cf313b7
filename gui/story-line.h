/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A row of a story: when, small, and below it what. A list makes two hundred of them at each jump,
 * and a label lays its text out several times; this does it once.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_STORY_LINE (lsc_story_line_get_type ())
G_DECLARE_FINAL_TYPE (LscStoryLine, lsc_story_line, LSC, STORY_LINE, GtkWidget)

GtkWidget *lsc_story_line_new (void);
void lsc_story_line_set (LscStoryLine *self, const char *when, const char *what);
