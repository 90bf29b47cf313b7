/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Things that are all of one size (entries of lanes, lanes, threads), in slabs of a store that
 * pools share: what one lane forgets another can use. The slab that has had room for longest is
 * filled first; one of which no piece is used any more goes back to the store at once, where pieces
 * of another size may need it. Traces forget what is oldest, which lies together.
 */
#pragma once

#include "lib/trace/slab-store.h"

/* To be touched by lsc_piece_pool_*() only. */
typedef struct
{
  LscSlabStore *store;
  size_t size;    /* bytes of a piece */
  LscSlab *roomy; /* a ring of those where pieces can be taken, from this one on */
} LscPiecePool;

/* Pieces are of `size` bytes, a multiple of 8 and a small part of a slab. They lie on multiples of
 * the largest power of two that divides the size, up to LSC_SLAB_ALIGN. The store frees them. */
void lsc_piece_pool_init (LscPiecePool *self, LscSlabStore *store, size_t size);
/* A piece with anything in it. O(1). */
void *lsc_piece_pool_take (LscPiecePool *self);
/* `piece` came from lsc_piece_pool_take(). O(1). */
void lsc_piece_pool_give (LscPiecePool *self, void *piece);
