/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Links to places in the lanes: actions of the group "lanes" that anything beside the lanes may
 * activate, and buttons that do.
 */
#pragma once

#include "gui/lanes-view.h"

/* Adds the actions: "go-to-bar" and "go-to-thread-at" (ut), "go-to-range" (utt). */
void lsc_lanes_links_install (GActionMap *actions, LscLanesView *view);

/* A flat button that says `text` and goes to the bar; to the thread at a moment; to a range of time
 * in its lane. */
GtkWidget *lsc_lanes_links_new_bar (const char *text, const LscBar *bar);
/* One that opens what there is to say of a state, or of a reason to sleep: the legend's popover. */
GtkWidget *lsc_lanes_links_new_state (const char *text, LscState state, LscReason reason);
GtkWidget *lsc_lanes_links_new_thread_at (const char *text, guint32 thread, guint64 time_ns);
GtkWidget *
lsc_lanes_links_new_thread_range (const char *text, guint32 thread, const LscTimeRange *range);
