/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one place of lib/view that walks lanes: cuts a stretch of one into pieces of a level, and
 * adds up buckets. Where few spans meet a bucket it looks at each, else it asks lsc_lane_sum().
 */
#pragma once

#include "lib/view/pieces.h"

/* A span so many buckets long stands alone: a bar of fewer pixels would be nearly all edge, and
 * there may be tens of thousands of them in a picture. At level 0 each one does. */
#define LSC_ALONE_BUCKETS 4u

/* Whose lane it is, and what it takes to tell reasons. */
typedef struct
{
  const LscLane *lane;
  LscAbi abi;
  bool kernel_thread;
  bool is_cpu;
} LscScanLane;

/* The lane of a thread or CPU; its `lane` is NULL when it has none, or an empty one. */
LscScanLane lsc_lane_scan_lane (const LscTrace *trace, LscRowKind kind, uint32_t index);

/* Appends to `pieces` what [from_ns, to_ns) holds at `level`: see lane-shapes.h.
 * Both ends are bucket boundaries. A span that stands alone is given whole, even where it reaches
 * beyond the range. */
void lsc_lane_scan_pieces (
    const LscScanLane *self, unsigned level, uint64_t from_ns, uint64_t to_ns, LscPieces *pieces);

/* Adds, for each of the `n` buckets of 2^level ns from bucket `first` on (aligned to multiples of
 * their length), the time in each state to ns[bucket]: exact, or to 1/255 of the bucket where the
 * lane has a summary. Nothing is added for time outside the lane's life. */
void lsc_lane_scan_buckets (
    const LscLane *lane, unsigned level, uint64_t first, uint32_t n, uint64_t (*ns)[LSC_N_STATES]);
