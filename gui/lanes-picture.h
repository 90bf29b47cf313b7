/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lanes on paper: what a person arranged in the window as a file, on the clipboard or printed,
 * with ruler, legend and caption. Painted on the main thread, which owns the lanes; what then makes
 * a file of it goes on elsewhere.
 */
#pragma once

#include "gui/lanes-view.h"
#include "lib/paint/picture-file.h"

/* A picture of `range` with every lane there is. There is a trace. */
LscPictureFile *lsc_lanes_picture_paint (LscLanesView *view,
                                         const LscTimeRange *range,
                                         LscPictureFormat format,
                                         LscTheme theme);

/* Puts what is visible on the clipboard as a picture, and then says so in a toast. */
void lsc_lanes_picture_copy (LscLanesView *view);

/* Asks how to print what is visible, and prints it: as many pages as the lanes take. `name` is the
 * job's. */
void lsc_lanes_picture_print (LscLanesView *view, const char *name);
