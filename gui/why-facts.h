/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts that the tab "Why" lists: of a bar, of a thread, and of a thread's time.
 */
#pragma once

#include "gui/facts-grid.h"
#include "gui/lanes-view.h"
#include "gui/share-bar.h"
#include "lib/explain/statistics.h"

/* A bar taken apart: blocked, woken by, queued behind whom, before and after, whom it woke. TRUE
 * while what comes next may change that. */
gboolean lsc_why_facts_fill (LscFactsGrid *grid, const LscTrace *trace, const LscBar *bar);
/* Who had the CPU it then got while the bar's thread waited. FALSE when there is nothing to say. */
gboolean lsc_why_facts_fill_instead (LscFactsGrid *grid, const LscTrace *trace, const LscBar *bar);
void lsc_why_facts_fill_thread (LscFactsGrid *grid, const LscTrace *trace, guint32 thread);
/* Time and share of each state, and of each reason where those are known. */
void lsc_why_facts_fill_shares (LscFactsGrid *grid,
                                LscShareBar *bar,
                                const LscStatistics *statistics,
                                LscWords words);
