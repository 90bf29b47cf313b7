/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The narrative: the story of a thread as lines of sentences, one for each span that is not told
 * with the one before it. Made on demand, line by line: a million of them cost nothing until looked
 * at.
 */
#pragma once

#include "lib/explain/words.h"

/* Whether span `number` of the thread has no line of its own: a wait in the queue after a sleep is
 * told with the sleep. */
bool lsc_narrative_is_told_before (const LscTrace *trace, uint32_t thread, uint64_t number);

/* The line of span `number`: when, since the capture's start, and what. The caller's; NULL when it
 * has none. */
char *lsc_narrative_line (const LscTrace *trace, uint32_t thread, uint64_t number, LscWords words);
