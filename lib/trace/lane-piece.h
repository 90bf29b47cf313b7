/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A piece: spans of one block of a thread's lane that follow each other, and what they amount to:
 * how much of each reason there is, and the *places* where something came about. Finding these
 * needs no branch, which could not be foreseen; what they mean is worked out for these few.
 */
#pragma once

#include "lib/trace/lane.h"
#include "lib/trace/reason.h"

#define LSC_PIECE_SPANS 256u /* as many as a block has */

typedef struct
{
  const LscLaneEntry *entries; /* of the block */
  uint64_t block_start_ns;
  uint32_t from, to; /* the piece is [from, to) of them */
  uint32_t n_runs;
  uint32_t n_turns;
  uint8_t marks;                   /* LSC_MARK_*: of the last span so far */
  uint16_t runs[LSC_PIECE_SPANS];  /* it runs, right after it was woken */
  uint16_t turns[LSC_PIECE_SPANS]; /* it has left the CPUs, or come back */
  uint64_t sums[LSC_N_REASONS];    /* lsc_lane_piece_get_ns(), lsc_lane_piece_get_count() */
} LscLanePiece;

/* A sum holds how many spans have the reason, above the bits that the times in a block have. */
#define LSC_PIECE_COUNT_SHIFT 40u

_Static_assert(LSC_LANE_START_BITS < LSC_PIECE_COUNT_SHIFT, "times of a block stay below");

static inline uint64_t
lsc_lane_piece_get_ns (const LscLanePiece *self, unsigned reason)
{
  return self->sums[reason] & ((UINT64_C (1) << LSC_PIECE_COUNT_SHIFT) - 1);
}

static inline uint64_t
lsc_lane_piece_get_count (const LscLanePiece *self, unsigned reason)
{
  return self->sums[reason] >> LSC_PIECE_COUNT_SHIFT;
}

/* When the `e`-th span of the block began. */
static inline uint64_t
lsc_lane_piece_get_start_ns (const LscLanePiece *self, uint32_t e)
{
  return self->block_start_ns + self->entries[e].start;
}

/* Steps over the spans that come next in the iterator's block and end before `limit_ns`, but not
 * over the block's last one. `marks` are those of the span before. False, and nothing is written,
 * when there is none. O(n). */
bool lsc_lane_iter_take_piece (LscLaneIter *iter,
                               uint64_t limit_ns,
                               uint8_t marks,
                               LscLanePiece *out_piece);

/* For lib/trace itself: */

/* Looks at [from, to) of the block, each of which ends where the next entry begins. The rest of
 * `self` but the sums and places is set. */
void lsc_lane_piece_look (LscLanePiece *self, const LscLane *lane);
/* The span that follows the piece has these marks: it may be a place too. */
void lsc_lane_piece_note_next (LscLanePiece *self, uint8_t marks);
