/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rows of the lanes view, from top to bottom: process headers with their threads, or CPUs.
 *
 * Invariants. Rows touch: the y of one is the end of the one before. The order changes only on
 * lsc_row_list_sort() or when a setting changes; threads that appear later are put at the end of
 * their process, so nothing jumps while a capture runs. Nothing is hidden without being counted.
 * Threads that the trace has forgotten leave at the next update, with all that was set for them.
 */
#pragma once

#include "lib/view/row-measure.h"
#include "lib/view/row-settings.h"

typedef enum
{
  LSC_ROWS_BY_THREAD,
  LSC_ROWS_BY_CPU,
  LSC_N_ROW_MODES
} LscRowMode;

typedef struct
{
  LscRowKind kind;
  uint32_t index; /* process, thread or CPU of the trace */
  double y;       /* top, from the top of the first row, pixels */
  double height;
  bool collapsed; /* process header: its threads are not rows */
  bool pinned;    /* itself: the threads of a pinned process are not */
} LscRow;

/* The row's lane; NULL for a process header, and for a thread that was forgotten since the rows
 * were last updated. */
const LscLane *lsc_row_get_lane (const LscRow *self, const LscTrace *trace);

typedef struct _LscRowList LscRowList;

LscRowList *lsc_row_list_new (void);
void lsc_row_list_free (LscRowList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscRowList, lsc_row_list_free)

/* Settings; each takes effect at the next update. */
void lsc_row_list_set_mode (LscRowList *self, LscRowMode mode);
LscRowMode lsc_row_list_get_mode (const LscRowList *self);
/* Of the present mode: each has its own. Threads stand by LSC_SORT_BUSIEST at first, CPUs by
 * LSC_SORT_TID, which is their number. */
void lsc_row_list_set_sort (LscRowList *self, LscRowSort sort);
LscRowSort lsc_row_list_get_sort (const LscRowList *self);
/* An update spends about `us` microseconds at most on sorting; the old order stays until the new
 * one is complete. 0, as it is at first: the update that follows sorts. */
void lsc_row_list_set_budget (LscRowList *self, uint32_t us);
bool lsc_row_list_is_sorting (const LscRowList *self);
/* Keeps rows whose thread name, process name, tid, tgid or CPU contains `text`, whatever the case;
 * NULL or "" keeps all. */
void lsc_row_list_set_filter (LscRowList *self, const char *text);
/* Hides threads that neither ran nor waited for a CPU in the whole capture. Off at first. */
void lsc_row_list_set_hide_idle (LscRowList *self, bool hide_idle);
bool lsc_row_list_get_hide_idle (const LscRowList *self);
/* Hides threads that ended before that moment, other than pinned ones; 0, as it is at first: none.
 */
void lsc_row_list_set_ended_before (LscRowList *self, uint64_t time_ns);
/* Single rows. A pinned one stands above everything else, in the order they were pinned: threads,
 * then processes with their threads. A hidden process is hidden with all its threads. */
void lsc_row_list_set (LscRowList *self, LscRowKind kind, uint32_t index, LscRowFlag flag, bool on);
bool lsc_row_list_is (const LscRowList *self, LscRowKind kind, uint32_t index, LscRowFlag flag);
void lsc_row_list_show_all (LscRowList *self); /* none is hidden any more */
/* Pixels of a lane (46 at first) and of a process header (24). */
void lsc_row_list_set_heights (LscRowList *self, double lane, double header);

/* Brings the rows up to date with the trace and the settings. Cheap when nothing has changed.
 * Returns whether the rows changed. `trace` must be the same one each time, until reset. */
bool lsc_row_list_update (LscRowList *self, const LscTrace *trace);
/* Sorts anew, by the time within [from_ns, to_ns) where the order depends on it. Call update
 * afterwards. */
void lsc_row_list_sort (LscRowList *self, uint64_t from_ns, uint64_t to_ns);
/* Moves a process, a CPU, a pinned thread or a thread within its process past the next one above
 * (direction < 0) or below that is shown, until the next sort. False when there is none. Call
 * update before, and afterwards. */
bool lsc_row_list_move (
    LscRowList *self, const LscTrace *trace, LscRowKind kind, uint32_t index, int direction);
/* Forgets the trace, and everything set for single threads and processes; keeps the other settings.
 */
void lsc_row_list_reset (LscRowList *self);

uint32_t lsc_row_list_get_n_rows (const LscRowList *self);
/* Valid until the next update. */
const LscRow *lsc_row_list_get (const LscRowList *self, uint32_t row);
/* The row of that thread, process or CPU; LSC_ROW_NONE when it has none. */
#define LSC_ROW_NONE UINT32_MAX
uint32_t lsc_row_list_find (const LscRowList *self, LscRowKind kind, uint32_t index);
/* The row that covers `y`, or LSC_ROW_NONE above the first and below the last. O(log rows). */
uint32_t lsc_row_list_at_y (const LscRowList *self, double y);
/* Height of all rows together. */
double lsc_row_list_get_height (const LscRowList *self);

/* Threads, or CPUs, that are not shown because they were idle, because they had ended, because the
 * filter does not match, and because they were hidden by hand. */
uint32_t lsc_row_list_get_n_idle_hidden (const LscRowList *self);
uint32_t lsc_row_list_get_n_ended_hidden (const LscRowList *self);
uint32_t lsc_row_list_get_n_filtered (const LscRowList *self);
uint32_t lsc_row_list_get_n_hidden (const LscRowList *self);
/* Thread rows or CPU rows shown. */
uint32_t lsc_row_list_get_n_lanes (const LscRowList *self);
