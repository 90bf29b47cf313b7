/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The critical path as a lane of its own above the others: of the picked thread, through the
 * selected range, or what is in view. Worked out a piece at a time beside the window's work; while
 * what is in view grows it goes along.
 *
 * Signal "changed": it is shown or not, or is another.
 */
#pragma once

#include "gui/facts-grid.h"
#include "gui/lanes-view.h"

#define LSC_TYPE_CRITICAL_STRIP (lsc_critical_strip_get_type ())
G_DECLARE_FINAL_TYPE (LscCriticalStrip, lsc_critical_strip, LSC, CRITICAL_STRIP, GObject)

/* `view` outlives it. Adds the action "critical-path", whose state says whether it is shown. */
LscCriticalStrip *lsc_critical_strip_new (GActionMap *actions, LscLanesView *view);
/* The trace is about to go. */
void lsc_critical_strip_forget (LscCriticalStrip *self);

/* The trace may have grown. */
void lsc_critical_strip_grow (LscCriticalStrip *self);

/* Whose path it is, and of how long: "Critical path of worker-1 (1.9 s)"; NULL when there is none.
 * The caller's. */
char *lsc_critical_strip_dup_title (LscCriticalStrip *self);
/* What the time went into, and to whom. There is a path. */
void lsc_critical_strip_fill (LscCriticalStrip *self, LscFactsGrid *grid);
