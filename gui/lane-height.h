/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How tall lanes are: from tall ones with a name and a number to lines of which a hundred fit on a
 * screen. The setting "lane-height" remembers it.
 */
#pragma once

#include "gui/lanes-view.h"

/* Adds the actions "taller" and "lower", and makes the lanes as tall as the setting says. The view
 * outlives the actions. */
void lsc_lane_height_install (GActionMap *actions, LscLanesView *view);
