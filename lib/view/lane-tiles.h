/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pieces of lanes, worked out once and kept: a tile holds LSC_TILE_BUCKETS buckets of one lane at
 * one level. Tiles depend on the level and not on where the viewport stands, so panning, and
 * zooming within a level, finds them again; zooming out makes a tile from two finer ones. A lane
 * that grows is looked at only where it grew.
 */
#pragma once

#include "lib/view/lane-scan.h"

#define LSC_TILE_SHIFT 8u /* 256 buckets */

typedef struct
{
  uint64_t tile; /* its number: the time it begins at, shifted by level + LSC_TILE_SHIFT */
  uint32_t index;
  uint8_t kind; /* LscRowKind */
  uint8_t level;
} LscTileKey;

/* To be read only; from `from_ns` on it is LscLaneTiles' own. */
typedef struct
{
  LscTileKey key;
  uint32_t n_pieces;
  uint32_t n_columns;
  uint64_t seen;       /* LSC_SEEN_STATE(), LSC_SEEN_REASON() of all that is in it */
  LscColumn *columns;  /* of all pieces, behind them */
  uint64_t from_ns;    /* what was known then: the oldest part of a lane may be dropped later */
  uint64_t revision;   /* of the trace it is good for; UINT64_MAX: it changes no more */
  uint64_t settled_ns; /* what ends before that changes no more */
  uint64_t used;       /* when it was last asked for */
  LscPiece pieces[];
} LscTile;

typedef struct _LscLaneTiles LscLaneTiles;

LscLaneTiles *lsc_lane_tiles_new (void);
void lsc_lane_tiles_free (LscLaneTiles *self);
/* Forgets all: another trace. */
void lsc_lane_tiles_reset (LscLaneTiles *self);
uint32_t lsc_lane_tiles_get_n_kept (const LscLaneTiles *self);

/* Before the first tiles of a lane. Tiles that find and make return stay valid until the next call:
 * the oldest may go then, and those not asked for while the trace grew by half a minute. */
void lsc_lane_tiles_begin (LscLaneTiles *self, const LscTrace *trace);

/* The tile of that key, if there is one that still holds, else NULL. `lane` is the key's. */
const LscTile *
lsc_lane_tiles_find (LscLaneTiles *self, const LscScanLane *lane, const LscTileKey *key);
/* Works the tile out, and keeps it. */
const LscTile *
lsc_lane_tiles_make (LscLaneTiles *self, const LscScanLane *lane, const LscTileKey *key);
