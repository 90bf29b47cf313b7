/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What opens when a state of the legend is clicked: how much of it is in view, and its longest
 * stretches, one after the other.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_LEGEND_POPOVER (lsc_legend_popover_get_type ())
G_DECLARE_FINAL_TYPE (LscLegendPopover, lsc_legend_popover, LSC, LEGEND_POPOVER, GtkPopover)

/* Makes one for the legend of `view`, whose child it becomes, and adds the action "longest" (uu),
 * which opens it for a state and, of a sleep, a reason. A click on the legend does that, too. */
GtkWidget *lsc_legend_popover_install (GActionMap *actions, LscLanesView *view);
/* The trace goes: closes, and forgets it. */
void lsc_legend_popover_forget (LscLegendPopover *self);
