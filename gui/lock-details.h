/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tab "Locks" tells of one lock: who waited how long, who released it, who held it (by
 * inference), with links.
 */
#pragma once

#include "gui/facts-grid.h"
#include "lib/explain/lock-story.h"
#include "lib/explain/lock-table.h"

/* `story` may be NULL: it is not known yet. Who stands in `order` (guint32, threads) keeps his
 * place; who is shown besides is appended to it. */
void lsc_lock_details_fill (LscFactsGrid *facts,
                            LscFactsGrid *users,
                            GArray *order,
                            const LscLock *lock,
                            const LscLockStory *story,
                            const LscTrace *trace);
