/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inside of a lane, for lib/trace alone.
 *
 * A lane's spans lie in blocks of up to 256: 8 bytes a span (start relative to the block, cause)
 * and, a block, the time spent in each state before it, so that any range is summed from two
 * blocks' insides. All that is derived from spans (sums, counts, the pyramid) is worked out when a
 * block is full, in one go over 2 KiB: an event itself writes one entry and one line of the lane.
 */
#pragma once

#include "lib/trace/lane-digest.h"
#include "lib/trace/lane.h"
#include "lib/trace/pyramid.h"

#include <glib.h>

#define LSC_BLOCK_ENTRIES 256u
#define LSC_CHAPTER_SPANS 2048u
#define LSC_BLOCK_NS (UINT64_C (1) << LSC_LANE_START_BITS) /* its spans start before */

typedef struct
{
  uint64_t start_ns;
  uint64_t first; /* number of its first span */
  LscLaneEntry *entries;
  uint64_t before_ns[LSC_N_STATES]; /* time in each state from the lane's start to start_ns */
} LscLaneBlock;

/* What happened up to the start of a block. */
typedef struct
{
  uint64_t block;       /* the block's number, counted from the lane's first ever */
  LscLaneCounts before; /* up to its first span, without that */
  LscCause last_run;    /* of the last time RUNNING before it; 0: none */
  LscCause cause;       /* of the span before its first */
} LscLaneMark;

/* A stretch of full blocks: up to the next chapter's, of the last one up to the open one's. */
typedef struct
{
  LscLaneMark mark;
  LscLaneDigest *digest; /* or NULL */
} LscLaneChapter;

typedef struct _LscDigestSum LscDigestSum;

struct _LscLane
{
  /* What every event touches: one cache line. A closed lane has no capacity left. */
  LscLaneEntry *entries; /* of the last block */
  uint64_t block_start_ns;
  uint64_t block_first;
  uint64_t last_start_ns;
  LscCause last_cause;
  uint16_t n_entries;
  uint16_t capacity;
  LscLaneShared *shared;
  LscLaneBlock *blocks;
  uint32_t n_blocks;
  uint32_t blocks_capacity;
  /* The rest. */
  uint64_t first_block;     /* number of blocks[0]: so many were dropped */
  LscLaneChapter *chapters; /* none while there are few spans, and on a CPU's lane */
  uint32_t n_chapters;
  uint64_t chapter_first; /* number of the first span that is in no chapter yet */
  LscLaneMark first;      /* at blocks[0] */
  LscLaneMark open;       /* where the next chapter begins */
  LscLaneMark last;       /* at the last block */
  LscDigestSum *sum;      /* of the open chapter; NULL: it will have no digest */
  LscPyramid *pyramid;    /* of all blocks but the last; NULL while there are few */
  uint64_t closed_ns;
  bool closed;
  bool open_start;
  bool uncounted;
  bool kernel_thread;
} __attribute__ ((aligned (LSC_CACHE_LINE)));

static inline uint64_t
lsc_lane_get_n_spans (const LscLane *self)
{
  return self->block_first + self->n_entries;
}

/* How many spans block `b` has. */
static inline uint32_t
lsc_lane_get_block_size (const LscLane *self, size_t b)
{
  return b + 1 < self->n_blocks ? (uint32_t) (self->blocks[b + 1].first - self->blocks[b].first)
                                : self->n_entries;
}

/* The block that holds `time_ns`, at least the first. The lane is not empty. */
size_t lsc_lane_find_block (const LscLane *self, uint64_t time_ns);
/* The last entry of block `b` that starts at or before `time_ns`, at least the first. */
uint32_t lsc_lane_find_entry (const LscLane *self, size_t b, uint64_t time_ns);

/* Goes to the last span of block `b`. */
void lsc_lane_iter_enter_last (LscLaneIter *self, size_t b);

/* The next block begins at `time_ns`: what happened in the last one is added to the mark. */
void lsc_lane_count_on (LscLane *self, uint64_t time_ns);
/* Forgets the first `n` chapters. */
void lsc_lane_drop_chapters (LscLane *self, uint32_t n);
/* The first `n` blocks are about to go. */
void lsc_lane_cut_chapters (LscLane *self, uint32_t n);

static inline LscLaneEntry
lsc_lane_make_entry (uint64_t start, LscCause cause)
{
  return (LscLaneEntry){ start & (LSC_BLOCK_NS - 1), cause & ((1u << LSC_CAUSE_BITS) - 1) };
}

/* lsc_lane_append(), with what nearly all spans need in place. */
static inline void
lsc_lane_append_inline (LscLane *self, uint64_t time_ns, LscCause cause)
{
  uint64_t offset = time_ns - self->block_start_ns;
  LscLaneEntry *entry;

  if (time_ns < self->last_start_ns || self->n_entries == self->capacity || offset >= LSC_BLOCK_NS)
    {
      lsc_lane_append (self, time_ns, cause);
      return;
    }
  entry = &self->entries[self->n_entries];
  *entry = lsc_lane_make_entry (offset, cause);
  /* Blocks are memory nobody has touched for long, and too many grow at a time for the processor to
   * see what comes next. */
  __builtin_prefetch (entry + LSC_CACHE_LINE / sizeof *entry, 1);
  self->n_entries++;
  self->last_start_ns = time_ns;
  self->last_cause = cause;
}
