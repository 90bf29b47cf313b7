/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory for things that are all of one size (entries of lanes, lanes, threads), so that what one
 * lane forgets another can use, and from large pages, so that growing does not stop for each 4 KiB
 * of it. It lies outside the heap, where small things that live longer would keep what was freed
 * from being given back: the pieces are taken from the fullest end, and a chunk of which none is
 * used any more goes back to the system, so that what a trace of one kind of work needed most is
 * not kept while it holds another kind.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct _LscPieceChunk LscPieceChunk;

/* To be touched by lsc_piece_pool_*() only. */
typedef struct
{
  size_t size;            /* bytes of a piece */
  LscPieceChunk **chunks; /* NULL: a place for one */
  uint32_t *rooms;        /* how many pieces of each chunk can be taken; 0 where there is none */
  uint32_t n_places;
  uint32_t first;   /* no chunk before this place has room */
  uint32_t n_empty; /* chunks of which no piece is in use: one is kept for the next */
} LscPiecePool;

/* Pieces are of `size` bytes, a multiple of 8 and a small part of a large page. They lie on
 * multiples of the largest power of two that divides the size, up to LSC_PIECE_ALIGN. */
#define LSC_PIECE_ALIGN 64u
void lsc_piece_pool_init (LscPiecePool *self, size_t size);
/* A piece with anything in it. Amortised O(1). */
void *lsc_piece_pool_take (LscPiecePool *self);
/* `piece` came from lsc_piece_pool_take(). O(1). */
void lsc_piece_pool_give (LscPiecePool *self, void *piece);
/* Frees all of them, in use or not. */
void lsc_piece_pool_clear (LscPiecePool *self);
