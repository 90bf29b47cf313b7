/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/piece-pool.h"

#include <glib.h>
#include <sys/mman.h>

#define CHUNK ((size_t) 2 << 20) /* bytes, and what it lies on a multiple of: a large page */

/* Its pieces follow. */
struct _LscPieceChunk
{
  void *free; /* the next one stands in its first bytes */
  uint32_t n_used;
  uint32_t n_touched; /* pieces that were ever taken: the first ones */
  uint32_t place;
} __attribute__ ((aligned (LSC_PIECE_ALIGN)));

_Static_assert(sizeof (LscPieceChunk) == LSC_PIECE_ALIGN, "pieces are aligned");

static LscPieceChunk *
map_chunk (void)
{
  char *start = mmap (NULL, 2 * CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  size_t before = -(uintptr_t) start % CHUNK;

  if (start == MAP_FAILED)
    g_error ("There is no memory for %zu bytes", CHUNK);
  if (before > 0)
    munmap (start, before);
  munmap (start + before + CHUNK, CHUNK - before);
  return (LscPieceChunk *) (void *) (start + before);
}

static uint32_t
find_free_place (LscPiecePool *self)
{
  uint32_t place = 0;

  while (place < self->n_places && self->chunks[place] != NULL)
    place++;
  if (place == self->n_places)
    {
      self->n_places++;
      self->chunks = g_renew (LscPieceChunk *, self->chunks, self->n_places);
      self->rooms = g_renew (uint32_t, self->rooms, self->n_places);
    }
  return place;
}

static void
add_chunk (LscPiecePool *self)
{
  LscPieceChunk *chunk = map_chunk ();
  uint32_t place = find_free_place (self);

  /* Small traces need a few pages of it. Where the kernel has no large ones, small ones do. */
  madvise (chunk, CHUNK, place == 0 ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
  chunk->place = place;
  self->chunks[place] = chunk;
  self->rooms[place] = (uint32_t) ((CHUNK - sizeof *chunk) / self->size);
  self->first = place;
  self->n_empty++;
}

static void
drop_chunk (LscPiecePool *self, LscPieceChunk *chunk)
{
  self->chunks[chunk->place] = NULL;
  self->rooms[chunk->place] = 0;
  self->n_empty--;
  munmap (chunk, CHUNK);
}

void
lsc_piece_pool_init (LscPiecePool *self, size_t size)
{
  *self = (LscPiecePool){ .size = size };
}

void
lsc_piece_pool_clear (LscPiecePool *self)
{
  for (uint32_t i = 0; i < self->n_places; i++)
    if (self->chunks[i] != NULL)
      munmap (self->chunks[i], CHUNK);
  g_free (self->chunks);
  g_free (self->rooms);
  lsc_piece_pool_init (self, self->size);
}

void *
lsc_piece_pool_take (LscPiecePool *self)
{
  LscPieceChunk *chunk;
  void *piece;

  while (self->first < self->n_places && self->rooms[self->first] == 0)
    self->first++;
  if (self->first == self->n_places)
    add_chunk (self);
  chunk = self->chunks[self->first];
  self->rooms[self->first]--;
  self->n_empty -= chunk->n_used++ == 0;
  piece = chunk->free;
  if (piece != NULL)
    chunk->free = *(void **) piece;
  else
    piece = (char *) (chunk + 1) + chunk->n_touched++ * self->size;
  return piece;
}

void
lsc_piece_pool_give (LscPiecePool *self, void *piece)
{
  LscPieceChunk *chunk = (LscPieceChunk *) (void *) ((char *) piece - (uintptr_t) piece % CHUNK);

  *(void **) piece = chunk->free;
  chunk->free = piece;
  self->rooms[chunk->place]++;
  self->first = MIN (self->first, chunk->place);
  if (--chunk->n_used == 0 && self->n_empty++ > 0)
    drop_chunk (self, chunk);
}
