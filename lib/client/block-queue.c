/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/block-queue.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _LscBlockQueue
{
  size_t mask;
  int space_fd; /* eventfd: there may be room again */
  /* Numbers of blocks ever pushed and popped; each written by one side only. Apart, so that the
   * two sides do not share a cache line. */
  _Alignas(64) _Atomic size_t pushed;
  _Alignas(64) _Atomic size_t popped;
  _Alignas(64) atomic_bool armed;
  LscBlock **slots;
};

LscBlock *
lsc_block_new (size_t n_bytes)
{
  LscBlock *self = malloc (sizeof *self + n_bytes);

  if (self != NULL)
    self->n_bytes = n_bytes;
  return self;
}

void
lsc_block_free (LscBlock *self)
{
  free (self);
}

LscBlockQueue *
lsc_block_queue_new (size_t capacity)
{
  LscBlockQueue *self = aligned_alloc (64, sizeof *self);

  if (self == NULL)
    return NULL;
  self->mask = capacity - 1;
  self->slots = calloc (capacity, sizeof (LscBlock *));
  self->space_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  atomic_init (&self->pushed, 0);
  atomic_init (&self->popped, 0);
  atomic_init (&self->armed, false);
  if (self->slots != NULL && self->space_fd >= 0)
    return self;
  if (self->space_fd >= 0)
    close (self->space_fd);
  free (self->slots);
  free (self);
  return NULL;
}

void
lsc_block_queue_free (LscBlockQueue *self)
{
  LscBlock *block;

  if (self == NULL)
    return;
  while ((block = lsc_block_queue_pop (self)) != NULL)
    lsc_block_free (block);
  close (self->space_fd);
  free (self->slots);
  free (self);
}

bool
lsc_block_queue_push (LscBlockQueue *self, LscBlock *block, bool *out_was_empty)
{
  size_t pushed = atomic_load_explicit (&self->pushed, memory_order_relaxed);
  size_t popped = atomic_load_explicit (&self->popped, memory_order_acquire);

  if (pushed - popped > self->mask)
    return false;
  self->slots[pushed & self->mask] = block;
  /* Sequentially consistent, both here and in pop: the consumer that found nothing and the producer
   * that asks whether it had must not both miss the other. */
  atomic_store (&self->pushed, pushed + 1);
  *out_was_empty = atomic_load (&self->popped) == pushed;
  return true;
}

int
lsc_block_queue_get_fd (LscBlockQueue *self)
{
  return self->space_fd;
}

bool
lsc_block_queue_arm (LscBlockQueue *self)
{
  atomic_store (&self->armed, true);
  return lsc_block_queue_get_length (self) > self->mask;
}

void
lsc_block_queue_disarm (LscBlockQueue *self)
{
  uint64_t count;

  atomic_store (&self->armed, false);
  /* Empties the eventfd; there may be nothing in it. */
  if (read (self->space_fd, &count, sizeof count) < 0)
    return;
}

LscBlock *
lsc_block_queue_pop (LscBlockQueue *self)
{
  size_t popped = atomic_load_explicit (&self->popped, memory_order_relaxed);
  const uint64_t one = 1;
  LscBlock *block;

  if (atomic_load (&self->pushed) == popped)
    return NULL;
  block = self->slots[popped & self->mask];
  atomic_store (&self->popped, popped + 1);
  /* The write only fails when the eventfd is readable already. */
  if (atomic_exchange (&self->armed, false) && write (self->space_fd, &one, sizeof one) < 0)
    return block;
  return block;
}

size_t
lsc_block_queue_get_length (LscBlockQueue *self)
{
  size_t popped = atomic_load (&self->popped);

  return atomic_load (&self->pushed) - popped;
}
