/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory for things that are all of one size (full blocks of lanes, lanes, threads), so that what
 * one lane forgets another can use, for ever, and from large pages, so that growing does not stop
 * for each 4 KiB of it. Nothing of it lies between the pieces of others, where it would keep memory
 * that was freed from being given back.
 */
#pragma once

#include <stddef.h>

/* To be touched by lsc_piece_pool_*() only. Nothing is held while no piece is in use. */
typedef struct
{
  size_t size; /* bytes of a piece */
  void *free;  /* the next one stands in its first bytes */
  void **chunks;
  size_t n_chunks;
  size_t n_fresh; /* pieces of the last chunk that were never taken */
  size_t n_used;
} LscPiecePool;

/* Pieces are of `size` bytes, up to 64 KiB, and lie on multiples of its largest power of two. */
void lsc_piece_pool_init (LscPiecePool *self, size_t size);
/* A piece with anything in it. O(1). */
void *lsc_piece_pool_take (LscPiecePool *self);
/* `piece` came from lsc_piece_pool_take(). O(1). */
void lsc_piece_pool_give (LscPiecePool *self, void *piece);
/* Frees all of them, in use or not. */
void lsc_piece_pool_clear (LscPiecePool *self);
