/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which spans of a thread have a line in its narrative: from line to span and back, for a list of
 * millions that is read a piece at a time and grows while one looks.
 *
 * Costs 12 bytes for 64 spans. Lines are numbered from 0, the oldest span still kept being first.
 */
#pragma once

#include "lib/trace/trace.h"

typedef struct _LscNarrativeIndex LscNarrativeIndex;

/* `trace` must outlive it; `thread` is one of its. Empty at first. */
LscNarrativeIndex *lsc_narrative_index_new (const LscTrace *trace, uint32_t thread);
void lsc_narrative_index_free (LscNarrativeIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscNarrativeIndex, lsc_narrative_index_free)

/* Reads at most `max_spans` spans that have come since. Returns how many are left to read. */
uint64_t lsc_narrative_index_read (LscNarrativeIndex *self, uint32_t max_spans);

/* Forgets what the trace no longer holds. Returns how many lines went, from the first one on. */
uint32_t lsc_narrative_index_forget (LscNarrativeIndex *self);

uint32_t lsc_narrative_index_get_n_lines (const LscNarrativeIndex *self);
/* The span that `line` (less than get_n_lines()) is about. O(log n). */
uint64_t lsc_narrative_index_get_number (const LscNarrativeIndex *self, uint32_t line);
/* The line that tells span `number`: its own, or that of the one it is told with. False when it was
 * not read yet, or is no longer kept. O(1). */
bool
lsc_narrative_index_find_line (const LscNarrativeIndex *self, uint64_t number, uint32_t *out_line);
