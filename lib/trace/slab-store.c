/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/slab-store.h"

#include <glib.h>
#include <sys/mman.h>

#define CHUNK ((size_t) 2 << 20) /* bytes, and what it lies on a multiple of: a large page */
#define SLAB ((size_t) 64 << 10)
#define N_SLABS (CHUNK / SLAB)

/* The slabs follow; the first one has that much less room. */
struct _LscSlabChunk
{
  LscSlab slabs[N_SLABS];
  uint32_t free; /* a bit a slab */
  uint32_t place;
} __attribute__ ((aligned (LSC_SLAB_ALIGN)));

_Static_assert(N_SLABS == 32, "a chunk has a bit for each");

static LscSlabChunk *
map_chunk (void)
{
  char *start = mmap (NULL, 2 * CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  size_t before = -(uintptr_t) start % CHUNK;

  if (start == MAP_FAILED)
    g_error ("There is no memory for %zu bytes", CHUNK);
  if (before > 0)
    munmap (start, before);
  munmap (start + before + CHUNK, CHUNK - before);
  return (LscSlabChunk *) (void *) (start + before);
}

static LscSlabChunk *
chunk_of (void *address)
{
  return (LscSlabChunk *) (void *) ((char *) address - (uintptr_t) address % CHUNK);
}

static uint32_t
find_free_place (LscSlabStore *self)
{
  uint32_t place = 0;

  while (place < self->n_places && self->chunks[place] != NULL)
    place++;
  if (place == self->n_places)
    self->chunks = g_renew (LscSlabChunk *, self->chunks, ++self->n_places);
  return place;
}

static void
add_chunk (LscSlabStore *self)
{
  LscSlabChunk *chunk = map_chunk ();
  uint32_t place = find_free_place (self);

  /* Small traces need a few pages of it. Where the kernel has no large ones, small ones do. */
  madvise (chunk, CHUNK, place == 0 ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
  chunk->place = place;
  chunk->free = UINT32_MAX;
  self->chunks[place] = chunk;
  self->first = place;
  self->n_empty++;
}

void
lsc_slab_store_clear (LscSlabStore *self)
{
  for (uint32_t i = 0; i < self->n_places; i++)
    if (self->chunks[i] != NULL)
      munmap (self->chunks[i], CHUNK);
  g_free (self->chunks);
  *self = (LscSlabStore){ 0 };
}

LscSlab *
lsc_slab_store_take (LscSlabStore *self)
{
  LscSlabChunk *chunk;
  LscSlab *slab;

  while (self->first < self->n_places
         && (self->chunks[self->first] == NULL || self->chunks[self->first]->free == 0))
    self->first++;
  if (self->first == self->n_places)
    add_chunk (self);
  chunk = self->chunks[self->first];
  self->n_empty -= chunk->free == UINT32_MAX;
  slab = &chunk->slabs[__builtin_ctz (chunk->free)];
  chunk->free &= chunk->free - 1;
  *slab = (LscSlab){ 0 };
  return slab;
}

void
lsc_slab_store_give (LscSlabStore *self, LscSlab *slab)
{
  LscSlabChunk *chunk = chunk_of (slab);

  chunk->free |= UINT32_C (1) << (slab - chunk->slabs);
  self->first = MIN (self->first, chunk->place);
  if (chunk->free != UINT32_MAX || self->n_empty++ == 0)
    return;
  self->chunks[chunk->place] = NULL;
  self->n_empty--;
  munmap (chunk, CHUNK);
}

LscSlab *
lsc_slab_of (void *address)
{
  return &chunk_of (address)->slabs[(uintptr_t) address % CHUNK / SLAB];
}

void *
lsc_slab_get_room (LscSlab *self, size_t *out_n_bytes)
{
  LscSlabChunk *chunk = chunk_of (self);
  size_t begin = (size_t) (self - chunk->slabs) * SLAB;
  size_t head = begin == 0 ? sizeof *chunk : 0;

  *out_n_bytes = SLAB - head;
  return (char *) chunk + begin + head;
}
