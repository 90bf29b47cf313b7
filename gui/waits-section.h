/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The waits of one thread in a range of time: a histogram whose brushed part is listed. Counts
 * beside the window's work.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_WAITS_SECTION (lsc_waits_section_get_type ())
G_DECLARE_FINAL_TYPE (LscWaitsSection, lsc_waits_section, LSC, WAITS_SECTION, GtkWidget)

/* Of the thread, in [from_ns, to_ns) of `trace`. What is shown stays until it is counted. */
void lsc_waits_section_show (LscWaitsSection *self,
                             const LscTrace *trace,
                             guint32 thread,
                             const LscTimeRange *range);
/* The trace is about to go. */
void lsc_waits_section_forget (LscWaitsSection *self);
