/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A digest: all there is to say about the spans inside a chapter of a thread's lane (some two
 * thousand), so that the statistics of any range look at single spans only where it begins and
 * ends.
 *
 * Its first two spans and its last one are left out, for whoever walks: they may be cut by the
 * range, or belong together with what is outside.
 */
#pragma once

#include "lib/trace/lane.h"
#include "lib/trace/reason.h"

/* Latencies are kept as 16-bit codes of growing steps: exact below 4096 ns, to 1/4096 up to an
 * hour; what is longer has the last code. Codes are ordered as what they stand for. */
#define LSC_LATENCY_CODE_BITS 11

static inline uint16_t
lsc_latency_to_code (uint64_t ns)
{
  /* 0 up to 4095 ns, without a branch that nobody could foresee. */
  unsigned shift = 63u - LSC_LATENCY_CODE_BITS
                   - (unsigned) __builtin_clzll (ns | UINT64_C (1) << LSC_LATENCY_CODE_BITS);

  return shift >= 31 ? UINT16_MAX
                     : (uint16_t) ((shift << LSC_LATENCY_CODE_BITS) + (uint32_t) (ns >> shift));
}

/* The middle of what the code stands for. */
static inline uint64_t
lsc_latency_of_code (uint16_t code)
{
  uint32_t step = code >> LSC_LATENCY_CODE_BITS;
  unsigned shift = step > 1 ? step - 1 : 0;
  uint64_t low = (uint64_t) (code - (shift << LSC_LATENCY_CODE_BITS)) << shift;

  return low + (shift > 0 ? UINT64_C (1) << (shift - 1) : 0);
}

typedef struct
{
  uint64_t ns;
  uint32_t count;
  uint32_t reason; /* LscReason */
} LscDigestReason;

typedef struct
{
  /* Stretches off the CPU. When `inherits`, the one that had begun before ends at `on_ns`, or goes
   * on for all of the digest (UINT64_MAX). `off_ns` is where the one that goes on after it began,
   * unless that is inherited; or UINT64_MAX. The longest is of those in between. */
  uint64_t on_ns;
  uint64_t off_ns;
  uint64_t max_off_ns;
  uint64_t max_off_at_ns;
  /* From being woken to running, of the runs that begin in it, or with the last span. */
  uint64_t max_latency_ns;
  uint64_t max_latency_at_ns;
  uint32_t n_latencies;
  uint16_t n_reasons; /* those that occur */
  bool inherits;
  bool kernel_thread; /* the reasons hold for one */
  LscAbi abi;         /* the reasons hold for that */
  LscDigestReason reasons[];
  /* then n_latencies codes in order: lsc_lane_digest_get_codes() */
} LscLaneDigest;

static inline const uint16_t *
lsc_lane_digest_get_codes (const LscLaneDigest *self)
{
  return (const uint16_t *) (const void *) &self->reasons[self->n_reasons];
}

/* To be called when the iterator has just stepped over the second span of a block, iter->entry ==
 * 2. When there is a digest of what follows, and that ends before `limit_ns`, goes on to its last
 * span and returns it; else NULL. */
const LscLaneDigest *lsc_lane_digest_skip (LscLaneIter *iter, uint64_t limit_ns);

/* For lib/trace itself: */

/* The lane's last block is full and ends at `end_ns`: what there is to say about it is added to the
 * open chapter's digest. When it is the chapter's last one, returns that; or NULL, when something
 * of the chapter is missing in it. */
LscLaneDigest *lsc_lane_digest_add_block (LscLane *lane, uint64_t end_ns, bool is_last);
/* lsc_lane_digest_add_block() will be called soon: asks for the memory that takes. */
void lsc_lane_digest_fetch (const LscLane *lane);
/* The open chapter shall have no digest. */
void lsc_lane_digest_stop (LscLane *lane);
void lsc_lane_digest_free (LscLaneDigest *self);
/* Bytes. */
size_t lsc_lane_digest_get_memory (const LscLaneDigest *self);

/* Sorts codes; `space` has room for as many. O(n). */
void lsc_lane_digest_sort_codes (uint16_t *codes, uint16_t *space, size_t n);
