/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bar in one short line, for a heading: "worker-2 waited 10.4 ms for a lock".
 */
#pragma once

#include "lib/explain/words.h"
#include "lib/trace/trace.h"

/* Of span `number` of the thread. Translated, owned by the caller; NULL when there is none. */
char *lsc_headline_of_span (const LscTrace *trace, uint32_t thread, uint64_t number);

/* The same for what stands before or after another bar of the thread: "ran 3.4 ms on CPU 1". */
char *lsc_headline_of_neighbour (const LscTrace *trace, uint32_t thread, uint64_t number);
