/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The line above the lanes: filter them by a text, go to a thread, and what is hidden. It is there
 * only while it has something to say.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_LANES_FINDER (lsc_lanes_finder_get_type ())
G_DECLARE_FINAL_TYPE (LscLanesFinder, lsc_lanes_finder, LSC, LANES_FINDER, GtkWidget)

/* Whose lanes; once. */
void lsc_lanes_finder_set_view (LscLanesFinder *self, LscLanesView *view);
void lsc_lanes_finder_open_filter (LscLanesFinder *self);
void lsc_lanes_finder_open_go_to (LscLanesFinder *self);
/* Forgets what was typed, and shows the lanes that did not match. */
void lsc_lanes_finder_close (LscLanesFinder *self);
