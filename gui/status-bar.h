/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The line at the bottom of a capture: time, events, rate, losses, memory, what tracing costs.
 */
#pragma once

#include "lib/trace/trace.h"

#include <gtk/gtk.h>

#define LSC_TYPE_STATUS_BAR (lsc_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (LscStatusBar, lsc_status_bar, LSC, STATUS_BAR, GtkWidget)

/* Begins anew; `live` says whether the capture is being made now. */
void lsc_status_bar_set_live (LscStatusBar *self, gboolean live);
/* Shows the figures of `trace`. A live one is told about several times a second: rates are over
 * the last second. */
void lsc_status_bar_update (LscStatusBar *self, const LscTrace *trace);
