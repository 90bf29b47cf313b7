/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What can be done to one marker: a name, or its end. Has the actions on markers.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_MARKER_POPOVER (lsc_marker_popover_get_type ())
G_DECLARE_FINAL_TYPE (LscMarkerPopover, lsc_marker_popover, LSC, MARKER_POPOVER, GtkPopover)

/* The lanes it is for, once; its actions go into `actions` (the group "lanes"). Its parent is the
 * view or something around it. */
void lsc_marker_popover_set_view (LscMarkerPopover *self,
                                  LscLanesView *view,
                                  GSimpleActionGroup *actions);
