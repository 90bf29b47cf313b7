/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pieces: a stretch of a lane at one level, before it has an x: exact times, and nothing clipped.
 * Spans that stand alone are a piece each; the columns between two of them are one piece together,
 * because there may be 100 000 columns in a picture.
 */
#pragma once

#include "lib/view/lane-shapes.h"

typedef struct
{
  uint64_t start_ns, end_ns;
  uint8_t kind;   /* LscShapeKind */
  uint8_t state;  /* the rest is of spans only */
  uint8_t reason; /* */
  uint8_t flags;  /* LSC_SHAPE_OPEN_* */
  uint32_t thread;
  uint32_t cpu;
  uint32_t n_columns; /* one for each bucket that [start_ns, end_ns) touches */
  union
  {
    uint64_t number;
    uint64_t first_column;
  };
} LscPiece;

typedef struct
{
  GArray *pieces;  /* LscPiece; each begins where the one before it ends */
  GArray *columns; /* LscColumn, of all of them in turn */
} LscPieces;

void lsc_pieces_init (LscPieces *self);
void lsc_pieces_clear (LscPieces *self);
/* Takes everything out. */
void lsc_pieces_empty (LscPieces *self);

void lsc_pieces_add_span (LscPieces *self, const LscPiece *span);
/* Appends `n` columns of one bucket (of 2^level ns) each, which together are [from_ns, to_ns), and
 * returns them for the caller to write. Valid until the next one is added. */
LscColumn *lsc_pieces_add_columns (
    LscPieces *self, unsigned level, uint64_t from_ns, uint64_t to_ns, uint32_t n);
/* Keeps only what ends at or before `time_ns`, and of that not the last column if a span that
 * stands alone cut it short: the span may turn out to be short. */
void lsc_pieces_cut (LscPieces *self, unsigned level, uint64_t time_ns);
