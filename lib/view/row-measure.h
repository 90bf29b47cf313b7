/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What rows are sorted by: one number for each lane, worked out a piece at a time, so that nobody
 * waits for it. Part of LscRowList.
 */
#pragma once

#include "lib/trace/reason.h"

typedef enum
{
  /* most time in that state, in the range of the last sort, first */
  LSC_SORT_BUSIEST, /* running */
  LSC_SORT_QUEUED,
  LSC_SORT_PREEMPTED,
  LSC_SORT_WAITING, /* asleep, or in an uninterruptible wait; on a CPU lane: idle */
  LSC_SORT_BLOCKED, /* in an uninterruptible wait */
  /* most often */
  LSC_SORT_SWITCHES,
  LSC_SORT_WAKEUPS,
  LSC_SORT_MIGRATIONS,
  /* the longest single one */
  LSC_SORT_LONGEST_WAIT,  /* off the CPU, from one run to the next */
  LSC_SORT_LONGEST_QUEUE, /* woken, until it ran */
  /* who it is */
  LSC_SORT_NAME,
  LSC_SORT_TID,
  LSC_SORT_FIRST_RUN,
  /* LSC_SORT_REASON + reason: most time asleep for that LscReason */
  LSC_SORT_REASON,
} LscRowSort;

/* The number of one lane, as it is being worked out. */
typedef struct
{
  uint64_t from_ns, to_ns; /* within the trace; from_ns moves on */
  uint64_t off_ns;         /* since when it has not run */
  uint64_t number;         /* the result */
  LscRowSort sort;
  LscAbi abi;
  bool kernel_thread;
} LscRowMeasure;

/* Begins with a thread's lane, or a CPU's (`thread` is NULL). */
void lsc_row_measure_init (LscRowMeasure *self,
                           const LscTrace *trace,
                           const LscThread *thread,
                           LscRowSort sort,
                           uint64_t from_ns,
                           uint64_t to_ns);
/* Goes on for a few thousand spans at most; the trace may have grown in between. Returns whether
 * it is done: then self->number says how much, how often or how long, 0 for LSC_SORT_NAME and
 * LSC_SORT_TID, and for LSC_SORT_FIRST_RUN how much earlier than the end of time. */
bool lsc_row_measure_step (LscRowMeasure *self, const LscLane *lane);
/* Whether a process has the greatest number of its threads, not the sum. */
bool lsc_row_measure_is_maximum (LscRowSort sort);
