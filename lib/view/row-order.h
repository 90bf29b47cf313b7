/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The order of processes, of threads within each, and of CPUs. Part of LscRowList.
 *
 * Invariants. Only lsc_row_order_sort_step() and the moves change places; what is new goes to the
 * end of its group.
 */
#pragma once

#include "lib/view/row-list.h"

typedef struct _LscRowOrder LscRowOrder;

LscRowOrder *lsc_row_order_new (void);
void lsc_row_order_free (LscRowOrder *self);
void lsc_row_order_reset (LscRowOrder *self);

/* Takes in threads and CPUs that have appeared. Returns whether there were any. */
bool lsc_row_order_update (LscRowOrder *self, const LscTrace *trace);

/* Lets go of what the trace has forgotten. */
void lsc_row_order_forget (LscRowOrder *self, const LscTrace *trace);

/* Begins to sort by the time within [from_ns, to_ns): threads, and processes by their greatest or
 * their sum; or CPUs. What had been begun is dropped. */
void lsc_row_order_sort_begin (
    LscRowOrder *self, LscRowMode mode, LscRowSort sort, uint64_t from_ns, uint64_t to_ns);
/* Goes on for about `budget_us`, 0: to the end. Returns whether the order is the new one now; until
 * then it stays the old one. */
bool lsc_row_order_sort_step (LscRowOrder *self, const LscTrace *trace, uint32_t budget_us);

/* Puts thread (of that process), process or CPU `what` where `where` is, which makes room. */
void lsc_row_order_move (
    LscRowOrder *self, const LscTrace *trace, LscRowKind kind, uint32_t what, uint32_t where);
/* The same for any list of numbers. */
void lsc_row_order_shift (GArray *array, uint32_t what, uint32_t where);
void lsc_row_order_drop (GArray *array, uint32_t what);

/* The next row above (direction < 0) or below that could change places with `row`: a pinned one
 * with a pinned one, a thread with another of its process, a process with a process. */
uint32_t lsc_row_order_neighbour (const LscRowList *rows,
                                  const LscTrace *trace,
                                  uint32_t row,
                                  int direction);

/* Processes that have traced threads, from top to bottom; the traced threads of one; and the CPUs
 * that have been heard of. Valid until the next update or sort. */
const uint32_t *lsc_row_order_get_processes (const LscRowOrder *self, uint32_t *out_n);
const uint32_t *
lsc_row_order_get_threads (const LscRowOrder *self, uint32_t process, uint32_t *out_n);
const uint32_t *lsc_row_order_get_cpus (const LscRowOrder *self, uint32_t *out_n);
