/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/piece-pool.h"

#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>

#define LARGE_PAGE ((size_t) 2 << 20)
#define FIRST_CHUNK ((size_t) 64 << 10)

static size_t
chunk_size (size_t chunk)
{
  return chunk < 5 ? FIRST_CHUNK << chunk : LARGE_PAGE;
}

/* Not from the heap: what is freed there between two chunks could not be given back, and chunks on
 * multiples of their size leave holes that other sizes fill. */
static void *
map_chunk (size_t size)
{
  char *start = mmap (NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  size_t before = -(uintptr_t) start % size;

  if (start == MAP_FAILED)
    g_error ("There is no memory for %zu bytes", size);
  if (before > 0)
    munmap (start, before);
  munmap (start + before + size, size - before);
  return start + before;
}

static void
add_chunk (LscPiecePool *self)
{
  size_t size = chunk_size (self->n_chunks);
  void *chunk = map_chunk (size);

  if (size == LARGE_PAGE)
    madvise (chunk, size, MADV_HUGEPAGE); /* where the kernel cannot, small ones do */
  self->chunks = g_renew (void *, self->chunks, self->n_chunks + 1);
  self->chunks[self->n_chunks++] = chunk;
  self->n_fresh = size / self->size;
}

void
lsc_piece_pool_init (LscPiecePool *self, size_t size)
{
  *self = (LscPiecePool){ .size = size };
}

void
lsc_piece_pool_clear (LscPiecePool *self)
{
  for (size_t i = 0; i < self->n_chunks; i++)
    munmap (self->chunks[i], chunk_size (i));
  g_free (self->chunks);
  lsc_piece_pool_init (self, self->size);
}

void *
lsc_piece_pool_take (LscPiecePool *self)
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
  piece = (char *) self->chunks[self->n_chunks - 1]
          + (chunk_size (self->n_chunks - 1) / self->size - self->n_fresh--) * self->size;
  return piece;
}

void
lsc_piece_pool_give (LscPiecePool *self, void *piece)
{
  *(void **) piece = self->free;
  self->free = piece;
  if (--self->n_used == 0)
    lsc_piece_pool_clear (self);
}
