/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The pyramid: how much of each state there is in time buckets of doubling width, so that a picture
 * of any stretch of a lane costs what the picture is wide, not what the lane is long. It is for
 * drawing: shares are kept to 1/255, and a state that was there at all is never rounded to nothing.
 * Exact times come from lsc_lane_sum().
 *
 * Level 0 has the narrowest buckets; its width is a power of two and doubles as the lane grows, so
 * that there is about one bucket to LSC_PYRAMID_SPANS spans. A bucket is 8 bytes, a byte a state.
 */
#pragma once

#include "lib/trace/span.h"

#include <stddef.h>

#define LSC_PYRAMID_SPANS 18u

#define LSC_PYRAMID_BUSY_LEVELS 4u /* a block of a lane completes buckets of so many levels */
#define LSC_PYRAMID_LEVELS 54u     /* up to all of 64-bit time */

typedef struct
{
  uint64_t *buckets; /* shares of the states, a byte each */
  uint64_t first;    /* the first bucket begins at first << shift of this level */
  uint32_t n_buckets;
  uint32_t capacity;
} LscPyramidLevel;

/* To be touched by lsc_pyramid_*() only. */
typedef struct
{
  uint64_t n_spans;
  uint64_t open;  /* number of level 0's bucket that is being filled */
  unsigned shift; /* log2 of the width of level 0's buckets */
  bool begun;
  uint64_t open_ns[LSC_N_STATES]; /* what the open bucket holds so far */
  size_t *memory;                 /* where the bytes it holds are counted */
  unsigned n_levels;
  LscPyramidLevel *levels;
} LscPyramid;

/* Keeps `memory` up to date: the bytes it holds are added there. */
LscPyramid *lsc_pyramid_new (size_t *memory);
void lsc_pyramid_free (LscPyramid *self);

/* Spans between these times come first: begins with buckets as wide as they will have to be, before
 * the first span. */
void lsc_pyramid_expect (LscPyramid *self, uint64_t from_ns, uint64_t to_ns);

/* A span that may end in another bucket than the open one, `to_ns` after `from_ns`; whoever calls
 * it counts n_spans. */
void lsc_pyramid_add_long (LscPyramid *self, LscState state, uint64_t from_ns, uint64_t to_ns);

/* Where the open bucket ends: of spans that end before, only the times in open_ns and n_spans need
 * to grow, and a caller with many may see to that himself. 0: no bucket is open yet. */
static inline uint64_t
lsc_pyramid_get_edge (const LscPyramid *self)
{
  return self->begun ? (self->open + 1) << self->shift : 0;
}

/* The next span, which starts where the one before it ended. O(1) amortised. */
static inline void
lsc_pyramid_add (LscPyramid *self, LscState state, uint64_t from_ns, uint64_t to_ns)
{
  self->n_spans++;
  if (to_ns < lsc_pyramid_get_edge (self))
    self->open_ns[state] += to_ns - from_ns;
  else if (to_ns > from_ns)
    lsc_pyramid_add_long (self, state, from_ns, to_ns);
}

/* A block's worth of spans will be added soon: asks for the memory that takes. */
static inline void
lsc_pyramid_fetch (const LscPyramid *self)
{
  for (unsigned i = 0; i < self->n_levels && i < LSC_PYRAMID_BUSY_LEVELS; i++)
    __builtin_prefetch (&self->levels[i].buckets[self->levels[i].n_buckets], 1);
}

/* Gives back what it keeps for later: no more spans are expected. */
void lsc_pyramid_trim (LscPyramid *self);

/* Writes how much of [from_ns, to_ns) each state takes, 0..1, as far as spans were added. False
 * when the range is narrower than the narrowest bucket: then the spans themselves are few enough to
 * be walked. O(log n). */
bool lsc_pyramid_get_shares (const LscPyramid *self,
                             uint64_t from_ns,
                             uint64_t to_ns,
                             float out_shares[LSC_N_STATES]);

/* Copies the buckets [first, first + n) of 2^level ns each, aligned to multiples of that: a byte a
 * state (that of state s in the bits from 8 * s on), 255 for all of the bucket. Buckets that are
 * not complete, or lie before the first span, are 0. False when there are none so narrow. O(n). */
bool lsc_pyramid_read (
    const LscPyramid *self, unsigned level, uint64_t first, uint32_t n, uint64_t *out_buckets);

/* Forgets buckets that end at or before `time_ns`. */
void lsc_pyramid_drop_before (LscPyramid *self, uint64_t time_ns);
