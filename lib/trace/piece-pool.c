/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/piece-pool.h"

void
lsc_piece_pool_init (LscPiecePool *self, LscSlabStore *store, size_t size)
{
  *self = (LscPiecePool){ .store = store, .size = size };
}

/* Behind the others: what is being emptied shall not be filled meanwhile. */
static void
add_roomy (LscPiecePool *self, LscSlab *slab)
{
  if (self->roomy == NULL)
    self->roomy = slab->previous = slab;
  slab->next = self->roomy;
  slab->previous = self->roomy->previous;
  slab->previous->next = slab->next->previous = slab;
}

static void
remove_roomy (LscPiecePool *self, LscSlab *slab)
{
  slab->previous->next = slab->next;
  slab->next->previous = slab->previous;
  if (self->roomy == slab)
    self->roomy = slab->next != slab ? slab->next : NULL;
}

static void
add_slab (LscPiecePool *self)
{
  LscSlab *slab = lsc_slab_store_take (self->store);
  size_t n_bytes;

  slab->untouched = lsc_slab_get_room (slab, &n_bytes);
  slab->n_max = (uint32_t) (n_bytes / self->size);
  add_roomy (self, slab);
}

void *
lsc_piece_pool_take (LscPiecePool *self)
{
  LscSlab *slab;
  void *piece;

  if (self->roomy == NULL)
    add_slab (self);
  slab = self->roomy;
  piece = slab->free;
  if (piece != NULL)
    slab->free = *(void **) piece;
  else
    {
      piece = slab->untouched;
      slab->untouched += self->size;
    }
  if (++slab->n_used == slab->n_max)
    remove_roomy (self, slab);
  return piece;
}

void
lsc_piece_pool_give (LscPiecePool *self, void *piece)
{
  LscSlab *slab = lsc_slab_of (piece);

  *(void **) piece = slab->free;
  slab->free = piece;
  if (slab->n_used-- == slab->n_max)
    add_roomy (self, slab);
  if (slab->n_used > 0)
    return;
  remove_roomy (self, slab);
  lsc_slab_store_give (self->store, slab);
}
