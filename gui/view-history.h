/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the lanes were looked at before: back and forward through views, as a browser has it.
 *
 * Invariants. Leaving a view anew forgets what was forward. Zooming or panning that goes on is one
 * leaving, a jump always is one of its own.
 */
#pragma once

#include "lib/view/scene.h"

#include <glib.h>

typedef struct
{
  LscViewport viewport;
  double scroll_y;
  LscPick selected;
} LscViewPoint;

typedef struct _LscViewHistory LscViewHistory;

LscViewHistory *lsc_view_history_new (void);
void lsc_view_history_free (LscViewHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscViewHistory, lsc_view_history_free)
void lsc_view_history_reset (LscViewHistory *self);

/* `now` is about to be left, at `time_us` of the monotonic clock. */
void lsc_view_history_leave (LscViewHistory *self,
                             const LscViewPoint *now,
                             gboolean jump,
                             gint64 time_us);

/* From `now` to the view before (direction < 0) or after it; FALSE when there is none. */
gboolean lsc_view_history_go (LscViewHistory *self,
                              int direction,
                              const LscViewPoint *now,
                              LscViewPoint *out_point);
gboolean lsc_view_history_can_go (const LscViewHistory *self, int direction);
