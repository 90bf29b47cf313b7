/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/entry-pool.h"

#include <glib.h>
#include <sys/mman.h>

#define LARGE_PAGE ((size_t) 2 << 20)
#define FIRST_CHUNK ((size_t) 64 << 10)

static size_t
chunk_size (size_t chunk)
{
  return chunk < 5 ? FIRST_CHUNK << chunk : LARGE_PAGE;
}

static void
add_chunk (LscEntryPool *self)
{
  size_t size = chunk_size (self->n_chunks);
  void *chunk = g_aligned_alloc (1, size, size);

  if (size == LARGE_PAGE)
    madvise (chunk, size, MADV_HUGEPAGE); /* where the kernel cannot, small ones do */
  self->chunks = g_renew (void *, self->chunks, self->n_chunks + 1);
  self->chunks[self->n_chunks++] = chunk;
  self->n_fresh = size / LSC_ENTRY_POOL_BYTES;
}

static void
clear (LscEntryPool *self)
{
  for (size_t i = 0; i < self->n_chunks; i++)
    g_aligned_free (self->chunks[i]);
  g_free (self->chunks);
  *self = (LscEntryPool){ 0 };
}

void *
lsc_entry_pool_take (LscEntryPool *self)
{
  void *piece = self->free;

  self->n_used++;
  if (piece != NULL)
    {
      self->free = *(void **) piece;
      return piece;
    }
  if (self->n_fresh == 0)
    add_chunk (self);
  piece = (char *) self->chunks[self->n_chunks - 1] + chunk_size (self->n_chunks - 1)
          - self->n_fresh-- * LSC_ENTRY_POOL_BYTES;
  return piece;
}

void
lsc_entry_pool_give (LscEntryPool *self, void *piece)
{
  *(void **) piece = self->free;
  self->free = piece;
  if (--self->n_used == 0)
    clear (self);
}
