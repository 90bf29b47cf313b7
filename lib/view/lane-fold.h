/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The pieces of a level from those of the next finer one, without asking the lane again: what
 * zooming out needs.
 */
#pragma once

#include "lib/view/lane-scan.h"

typedef struct
{
  unsigned level; /* of what is made */
  uint64_t from_ns, to_ns;
} LscFoldRange;

/* One of the two tiles of the finer level. */
typedef struct
{
  const LscPiece *pieces;
  uint32_t n_pieces;
  const LscColumn *columns; /* all of the pieces' */
} LscFoldHalf;

/* Appends to `pieces` what lsc_lane_scan_pieces() would for that range, to the rounding of shares,
 * given the two halves' pieces at level - 1. */
void lsc_lane_fold (const LscFoldRange *range, const LscFoldHalf halves[2], LscPieces *pieces);
