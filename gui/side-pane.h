/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The side pane: what the lanes beside it mean, in tabs (Why, Statistics, Narrative, Locks,
 * Patterns).
 *
 * Only the tab that is seen works: at once when another bar is picked, after a moment's rest when
 * the visible range moves, and at most twice a second while a capture grows.
 */
#pragma once

#include "gui/critical-strip.h"
#include "gui/pane-tab.h"

#define LSC_TYPE_SIDE_PANE (lsc_side_pane_get_type ())
G_DECLARE_FINAL_TYPE (LscSidePane, lsc_side_pane, LSC, SIDE_PANE, GtkWidget)

/* The lanes it tells about. Once; they outlive the pane. */
void lsc_side_pane_set_view (LscSidePane *self, LscLanesView *view);
/* The critical path it tells the shares of. */
void lsc_side_pane_set_path (LscSidePane *self, LscCriticalStrip *path);
/* What has changed: LSC_PANE_* bits. LSC_PANE_TRACE must be told before the old trace goes. */
void lsc_side_pane_tell (LscSidePane *self, LscPaneChange change);
/* "why", "statistics", "narrative", "locks", "patterns". */
void lsc_side_pane_show_tab (LscSidePane *self, const char *name);
