/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lanes with their scroll bar and the line of figures, and the side pane that tells about them.
 */
#pragma once

#include "gui/lanes-view.h"
#include "gui/status-bar.h"

#define LSC_TYPE_LANES_PANE (lsc_lanes_pane_get_type ())
G_DECLARE_FINAL_TYPE (LscLanesPane, lsc_lanes_pane, LSC, LANES_PANE, GtkWidget)

/* Shows `trace`, see lsc_lanes_view_set_trace(). */
void lsc_lanes_pane_set_trace (LscLanesPane *self, LscTrace *trace, gboolean live, gboolean crowd);
gboolean lsc_lanes_pane_has_trace (LscLanesPane *self);
/* A live trace will not grow any more. */
void lsc_lanes_pane_set_ended (LscLanesPane *self);
/* Draws what is new; cheap while the picture is frozen. `figures`: the line of figures too. */
void lsc_lanes_pane_update (LscLanesPane *self, gboolean figures);

LscLanesView *lsc_lanes_pane_get_view (LscLanesPane *self);
/* What the menu does to the lanes: the actions of group "lanes". */
GActionGroup *lsc_lanes_pane_get_actions (LscLanesPane *self);
