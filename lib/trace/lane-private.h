/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inside of a lane, for lib/trace alone.
 *
 * A lane's spans lie in blocks of up to 256: 8 bytes a span (start relative to the block, cause)
 * and, a block, the time spent in each state before it, so that any range is summed from two
 * blocks' insides.
 */
#pragma once

#include "lib/trace/lane.h"
#include "lib/trace/pyramid.h"

#include <glib.h>

#define LSC_BLOCK_ENTRIES 256u

typedef struct
{
  uint64_t start_ns;
  uint64_t first;                   /* number of its first span */
  uint64_t before_ns[LSC_N_STATES]; /* time in each state from the lane's start to start_ns */
  LscLaneCounts before;             /* what happened up to its first span, without that */
  LscCause last_run;                /* of the last time RUNNING before it; 0: none */
  uint16_t n_entries;
  uint16_t capacity;
  LscLaneEntry *entries;
} LscLaneBlock;

struct _LscLane
{
  LscLaneShared *shared;
  LscLaneBlock *blocks;
  size_t n_blocks;
  size_t capacity;
  LscLaneBlock *tail;              /* the last block, or NULL */
  uint64_t total_ns[LSC_N_STATES]; /* up to the start of the last span */
  LscPyramid *pyramid;             /* of all spans but the last; NULL while there are few */
  uint64_t n_spans;
  uint64_t last_start_ns;
  LscCause last_cause;
  uint64_t closed_ns;
  bool closed;
  bool open_start;
  bool uncounted;
};

/* The block that holds `time_ns`, at least the first. The lane is not empty. */
size_t lsc_lane_find_block (const LscLane *self, uint64_t time_ns);
/* The last entry of `block` that starts at or before `time_ns`, at least the first. */
uint32_t lsc_lane_find_entry (const LscLaneBlock *block, uint64_t time_ns);

/* Adds what happened in the first `n` spans of block `b` to `counts`, and brings `last_run` up to
 * date. */
void lsc_lane_count_block (
    const LscLane *self, size_t b, uint32_t n, LscLaneCounts *counts, LscCause *last_run);

/* The last span ends at `time_ns`. */
static inline void
lsc_lane_finish_span (LscLane *self, uint64_t time_ns)
{
  LscState state = lsc_cause_get_state (self->last_cause);

  self->total_ns[state] += time_ns - self->last_start_ns;
  if (self->pyramid != NULL)
    lsc_pyramid_add (self->pyramid, state, self->last_start_ns, time_ns);
}

/* lsc_lane_append(), with what nearly all spans need in place. */
static inline void
lsc_lane_append_inline (LscLane *self, uint64_t time_ns, LscCause cause)
{
  LscLaneBlock *block = self->tail;

  time_ns = MAX (time_ns, self->last_start_ns);
  if (self->closed || block == NULL || block->n_entries == block->capacity
      || time_ns - block->start_ns > UINT32_MAX)
    {
      lsc_lane_append (self, time_ns, cause);
      return;
    }
  lsc_lane_finish_span (self, time_ns);
  block->entries[block->n_entries++] =
      (LscLaneEntry){ (uint32_t) (time_ns - block->start_ns), cause };
  self->n_spans++;
  self->last_start_ns = time_ns;
  self->last_cause = cause;
}
