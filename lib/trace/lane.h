/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A lane: everything one thread (or one CPU) did, in order, without holes.
 *
 * Invariants. Spans touch: each ends where the next starts, so the times of all states add up to
 * end - start to the nanosecond. Starts never go back. A span may be 0 ns long (a thread that was
 * woken while it went to sleep). The last span is open until lsc_lane_close(): its end is the
 * trace's end, which the lane reads through the pointer it was made with. Span numbers only grow
 * and stay valid; the oldest may be dropped.
 */
#pragma once

#include "lib/trace/cause-table.h"
#include "lib/trace/piece-pool.h"
#include "lib/trace/span.h"

#include <stddef.h>

typedef struct _LscLane LscLane;

/* The first moment the lane knows about, and the last (the trace's end while it is open), ns. */
uint64_t lsc_lane_get_start_ns (const LscLane *self);
uint64_t lsc_lane_get_end_ns (const LscLane *self);
bool lsc_lane_is_open (const LscLane *self);

/* Spans are numbered [first, end). Equal for an empty lane. */
uint64_t lsc_lane_get_first (const LscLane *self);
uint64_t lsc_lane_get_end (const LscLane *self);

/* The span of that number. `number` is in [first, end). O(log n). */
void lsc_lane_get (const LscLane *self, uint64_t number, LscSpan *out_span);

/* The number of the last span that starts at or before `time_ns`; the first one for an earlier
 * time. The lane is not empty. O(log n). */
uint64_t lsc_lane_find (const LscLane *self, uint64_t time_ns);

/* The span at `time_ns`; false (and an ABSENT span is written) outside the lane's life. */
bool lsc_lane_span_at (const LscLane *self, uint64_t time_ns, LscSpan *out_span);

/* A span without its facts, which are a look into another table. */
typedef struct
{
  uint64_t start_ns;
  uint64_t end_ns;
  LscCause cause; /* its state is lsc_cause_get_state() */
} LscStretch;

/* The facts of a cause in this lane; `cpu` is LSC_CPU_NONE for a span off the CPU. */
const LscFacts *lsc_lane_get_facts (const LscLane *self, LscCause cause);

/* The reasons of a cause in this lane, as of the trace's machine. */
LscCauseBrief lsc_lane_get_brief (const LscLane *self, LscCause cause);

/* One span as a lane keeps it. The start may be a minute after its block's, so that slow threads
 * fill their blocks too. */
#define LSC_LANE_START_BITS (64u - LSC_CAUSE_BITS)

typedef struct
{
  uint64_t start : LSC_LANE_START_BITS; /* ns after its block's */
  uint64_t cause : LSC_CAUSE_BITS;      /* LscCause */
} LscLaneEntry;

_Static_assert(sizeof (LscLaneEntry) == 8, "what most memory is taken by");

/* Walks spans in order, without the log of lsc_lane_get(). Valid until the lane is next changed. */
typedef struct
{
  const LscLane *lane;
  size_t block;
  const LscLaneEntry *entries; /* of the block */
  uint64_t block_start_ns;
  uint32_t n_entries;
  uint32_t entry;
} LscLaneIter;

/* Starts at the span at `time_ns` (as lsc_lane_find()). */
void lsc_lane_iter_init (LscLaneIter *self, const LscLane *lane, uint64_t time_ns);
/* Starts at the span of that number, or at the first one that is left. */
void lsc_lane_iter_init_at (LscLaneIter *self, const LscLane *lane, uint64_t number);
/* Goes on from the span at `time_ns`: faster than a new start when it is not far ahead. */
void lsc_lane_iter_seek (LscLaneIter *self, uint64_t time_ns);
/* The number of the span that comes next. */
uint64_t lsc_lane_iter_get_number (const LscLaneIter *self);
/* The next span, or false after the last. */
bool lsc_lane_iter_next (LscLaneIter *self, LscSpan *out_span);

/* The next span, or false after the last; for the last one of a block. */
bool lsc_lane_iter_cross (LscLaneIter *self, LscStretch *out_stretch);

/* The same as lsc_lane_iter_next(), many times faster. */
static inline bool
lsc_lane_iter_step (LscLaneIter *self, LscStretch *out_stretch)
{
  const LscLaneEntry *entry;

  if (self->entry + 1 >= self->n_entries)
    return lsc_lane_iter_cross (self, out_stretch);
  entry = &self->entries[self->entry];
  out_stretch->start_ns = self->block_start_ns + entry[0].start;
  out_stretch->end_ns = self->block_start_ns + entry[1].start;
  out_stretch->cause = entry[0].cause;
  self->entry++;
  return true;
}

/* Adds to `ns` the time the lane spent in each state within [from_ns, to_ns). What lies outside the
 * lane's life is added to LSC_STATE_ABSENT, so the sum grows by to_ns - from_ns exactly. O(log n).
 */
void
lsc_lane_sum (const LscLane *self, uint64_t from_ns, uint64_t to_ns, uint64_t ns[LSC_N_STATES]);

/* How often things happened. */
typedef struct
{
  uint32_t voluntary;   /* left a CPU by itself, or for good */
  uint32_t involuntary; /* was pushed off a CPU, or yielded it */
  uint32_t migrations;  /* came back on another CPU than it had left */
  uint32_t wakeups;
} LscLaneCounts;

/* What happened at moments in [from_ns, to_ns), of a thread's lane; at the lane's very end too when
 * to_ns is not before the trace's end. O(log n). */
void
lsc_lane_count (const LscLane *self, uint64_t from_ns, uint64_t to_ns, LscLaneCounts *out_counts);

/* The time spent in each state from the lane's start to `time_ns`; what lies outside its life is
 * not counted. The difference of two such sums is the time between. O(log n). */
void lsc_lane_cumulate (const LscLane *self, uint64_t time_ns, uint64_t out_ns[LSC_N_STATES]);

/* For drawing: how much of [from_ns, to_ns) each state takes, 0..1, summing to 1; to 1/255, but a
 * state that was there at all is not 0. False when the range holds so few spans that a walk over
 * them is as cheap. O(log n). */
bool lsc_lane_get_shares (const LscLane *self,
                          uint64_t from_ns,
                          uint64_t to_ns,
                          float out_shares[LSC_N_STATES]);

/* For drawing many columns at once: copies the summary of the buckets [first, first + n) of 2^level
 * ns each, see lsc_pyramid_read(). Those that reach into the latest spans (256 or fewer) are 0.
 * False when there is none so narrow. O(n). */
bool lsc_lane_read_buckets (
    const LscLane *self, unsigned level, uint64_t first, uint32_t n, uint64_t *out_buckets);

/* For lib/trace itself: */

#define LSC_CACHE_LINE 64u /* what an event touches is kept in as few of them as possible */

/* Entries of a block lie in pieces for 4, 8, 16 ... 256 of them. */
#define LSC_N_CAPACITIES 7u

/* What all lanes of a trace have in common. */
typedef struct
{
  LscCauseTable *causes;
  uint64_t end_ns; /* the trace's end so far */
  size_t memory;   /* bytes that its lanes hold */
  LscSlabStore store;
  LscPiecePool entries[LSC_N_CAPACITIES];
  LscPiecePool single_blocks; /* of lanes that have no more */
  LscPiecePool lanes;
} LscLaneShared;

void lsc_lane_shared_init (LscLaneShared *self);
/* After its lanes were freed. */
void lsc_lane_shared_clear (LscLaneShared *self);

/* `shared` must outlive it. */
LscLane *lsc_lane_new (LscLaneShared *shared);
void lsc_lane_free (LscLane *self);
/* Begins a new span at `time_ns` (raised to the last start where it goes back) for the cause
 * `cause`. */
void lsc_lane_append (LscLane *self, uint64_t time_ns, LscCause cause);
/* Gives the last span another cause: something later has told what it was. The lane is not empty.
 */
void lsc_lane_amend (LscLane *self, LscCause cause);
/* The life ends at `time_ns`; a later append opens it again. The lane is not empty. */
void lsc_lane_close (LscLane *self, uint64_t time_ns);
void lsc_lane_set_open_start (LscLane *self, bool open_start);
/* Whether it is a kernel thread's: its waits have other reasons. */
void lsc_lane_set_kernel_thread (LscLane *self, bool kernel_thread);
/* A CPU's lane: nobody asks for its counts. Before the first span. */
void lsc_lane_set_uncounted (LscLane *self);
/* Forgets spans that ended at or before `time_ns`, as far as whole blocks go; the last span of an
 * open lane stays. Returns how many blocks went. */
size_t lsc_lane_drop_before (LscLane *self, uint64_t time_ns);
