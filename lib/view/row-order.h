/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The order of processes, and of threads within each. Part of LscRowList.
 *
 * Invariants. Only lsc_row_order_sort() moves anything; what is new goes to the end of its group.
 */
#pragma once

#include "lib/view/row-list.h"

typedef struct _LscRowOrder LscRowOrder;

LscRowOrder *lsc_row_order_new (void);
void lsc_row_order_free (LscRowOrder *self);
void lsc_row_order_reset (LscRowOrder *self);

/* Takes in threads that have appeared. Returns whether there were any. */
bool lsc_row_order_update (LscRowOrder *self, const LscTrace *trace);

/* Sorts threads, and processes by their first or their sum. */
void lsc_row_order_sort (
    LscRowOrder *self, const LscTrace *trace, LscRowSort sort, uint64_t from_ns, uint64_t to_ns);

/* Puts thread (of that process) or process `what` where `where` is, which makes room. */
void lsc_row_order_move_thread (LscRowOrder *self, uint32_t process, uint32_t what, uint32_t where);
void lsc_row_order_move_process (LscRowOrder *self, uint32_t what, uint32_t where);
/* The same for any list of numbers. */
void lsc_row_order_shift (GArray *array, uint32_t what, uint32_t where);
void lsc_row_order_drop (GArray *array, uint32_t what);

/* The next row above (direction < 0) or below that could change places with `row`: a pinned one
 * with a pinned one, a thread with another of its process, a process with a process. */
uint32_t lsc_row_order_neighbour (const LscRowList *rows,
                                  const LscTrace *trace,
                                  uint32_t row,
                                  int direction);

/* Processes that have traced threads, from top to bottom; and the traced threads of one. Valid
 * until the next update or sort. */
const uint32_t *lsc_row_order_get_processes (const LscRowOrder *self, uint32_t *out_n);
const uint32_t *
lsc_row_order_get_threads (const LscRowOrder *self, uint32_t process, uint32_t *out_n);
