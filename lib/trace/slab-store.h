/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory in slabs of one size, for pools of pieces (see LscPiecePool): what one pool no longer
 * needs another can take, so that a trace holds what it needs now, not the most that it has ever
 * needed of each kind. The slabs lie in large pages, so that growing does not stop for each 4 KiB
 * of them, and outside the heap, where small things that live longer would keep what was freed from
 * being given back.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct _LscSlab LscSlab;
typedef struct _LscSlabChunk LscSlabChunk;

/* The store does not look at it: it is its owner's from lsc_slab_store_take() on. */
struct _LscSlab
{
  LscSlab *previous;
  LscSlab *next;
  void *free;      /* the first free piece; the next one stands in its first bytes */
  char *untouched; /* the pieces from here on were never taken */
  uint32_t n_used; /* pieces */
  uint32_t n_max;
};

/* To be touched by lsc_slab_store_*() only. */
typedef struct
{
  LscSlabChunk **chunks; /* NULL: a place for one */
  uint32_t n_places;
  uint32_t first;   /* no chunk before this place has a free slab */
  uint32_t n_empty; /* chunks of which no slab is in use: one is kept for the next */
} LscSlabStore;

/* Begins as zeros. Frees all slabs, in use or not. */
void lsc_slab_store_clear (LscSlabStore *self);
/* A slab with nothing in it. */
LscSlab *lsc_slab_store_take (LscSlabStore *self);
/* The slab goes back; with the last of a large page, that goes back to the system. */
void lsc_slab_store_give (LscSlabStore *self, LscSlab *slab);

/* The slab that an address lies in. */
LscSlab *lsc_slab_of (void *address);
/* What a slab has room for, from a multiple of LSC_SLAB_ALIGN on. */
#define LSC_SLAB_ALIGN 2048u
void *lsc_slab_get_room (LscSlab *self, size_t *out_n_bytes);
