/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lane of one lock, above the others: who held it when, by inference, in what is in view.
 * Worked out beside the window's work, and anew while the view moves or the capture grows, whatever
 * tab the side pane shows.
 */
#pragma once

#include "gui/lanes-view.h"

typedef struct _LscLockStrip LscLockStrip;

/* `view` outlives it. Adds the action "lock-lane" with a process (index) and an address: shows the
 * lane of the futex there; LSC_LOCK_STRIP_NONE as the process: of none. */
#define LSC_LOCK_STRIP_NONE UINT32_MAX
LscLockStrip *lsc_lock_strip_new (GActionMap *actions, LscLanesView *view);
void lsc_lock_strip_free (LscLockStrip *self);

/* The trace is about to go. */
void lsc_lock_strip_forget (LscLockStrip *self);
