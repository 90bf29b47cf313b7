/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lanes on paper: what a person arranged in the window as a file, on the clipboard or printed,
 * with ruler, legend and caption. All on the main thread, which owns the lanes; nothing is written
 * to disk here.
 */
#pragma once

#include "gui/lanes-view.h"
#include "lib/paint/picture-file.h"

/* The bytes of a picture of `range` with every lane there is. NULL with a sentence. There is a
 * trace. */
GBytes *lsc_lanes_picture_draw (LscLanesView *view,
                                const LscTimeRange *range,
                                LscPictureFormat format,
                                LscTheme theme,
                                GError **error);

/* What is visible, as a picture on the clipboard. FALSE with a sentence. */
gboolean lsc_lanes_picture_copy (LscLanesView *view, GError **error);

/* Asks how to print what is visible, and prints it: as many pages as the lanes take. `name` is the
 * job's. */
void lsc_lanes_picture_print (LscLanesView *view, const char *name);
