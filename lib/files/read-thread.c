/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/read-thread.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#define N_SLOTS 4u

typedef struct
{
  void *bytes; /* of the slot, as `block` */
  size_t capacity;
  LscReadBlock block;
} Slot;

/* Slots are used in turn; `room` counts those that the thread may fill, `filled` those that may be
 * taken. A slot is one side's until it posts the other's semaphore. The last one is the end: it has
 * no bytes. */
struct _LscReadThread
{
  LscReadFunc func;
  gpointer data;
  pthread_t thread;
  sem_t room;
  sem_t filled;
  sem_t stopped; /* posted once, with `stop` */
  atomic_bool stop;
  Slot slots[N_SLOTS];
  size_t n_filled; /* the thread's */
  GError *error;   /* the thread's, and after the end the owner's */
  size_t n_taken;  /* the owner's: without the slot it looks at */
  bool holding;    /* it looks at one */
};

static void
wait_for (sem_t *semaphore)
{
  while (sem_wait (semaphore) != 0 && errno == EINTR)
    ;
}

/* False: the time is over. */
static bool
wait_at_most (sem_t *semaphore, unsigned ms)
{
  struct timespec until;

  clock_gettime (CLOCK_REALTIME, &until);
  until.tv_sec += ms / 1000;
  until.tv_nsec += (long) (ms % 1000) * 1000000l;
  until.tv_sec += until.tv_nsec / 1000000000l;
  until.tv_nsec %= 1000000000l;
  while (sem_timedwait (semaphore, &until) != 0)
    if (errno == ETIMEDOUT)
      return false;
  return true;
}

static bool
fill_next (LscReadThread *self, const LscReadBlock *block)
{
  Slot *slot = &self->slots[self->n_filled % N_SLOTS];

  wait_for (&self->room);
  /* It may not be room that was posted; and it was posted once, for all who ask. */
  if (atomic_load (&self->stop))
    {
      sem_post (&self->room);
      return false;
    }
  if (block->n_bytes > slot->capacity)
    {
      slot->bytes = g_realloc (slot->bytes, block->n_bytes);
      slot->capacity = block->n_bytes;
    }
  if (block->n_bytes > 0)
    memcpy (slot->bytes, block->bytes, block->n_bytes);
  slot->block = (LscReadBlock){ slot->bytes, block->n_bytes, block->progress };
  self->n_filled++;
  sem_post (&self->filled);
  return true;
}

static void *
run_cb (void *data)
{
  const LscReadBlock end = { 0 };
  LscReadThread *self = data;

  self->func (self, self->data, &self->error);
  (void) fill_next (self, &end);
  return NULL;
}

LscReadThread *
lsc_read_thread_new (LscReadFunc func, gpointer data)
{
  LscReadThread *self = g_new0 (LscReadThread, 1);
  int error;

  self->func = func;
  self->data = data;
  sem_init (&self->room, 0, N_SLOTS);
  sem_init (&self->filled, 0, 0);
  sem_init (&self->stopped, 0, 0);
  error = pthread_create (&self->thread, NULL, run_cb, self);
  /* As GLib does when there are no threads left. */
  if (error != 0)
    g_error ("pthread_create: %s", g_strerror (error));
  return self;
}

void
lsc_read_thread_free (LscReadThread *self)
{
  if (self == NULL)
    return;
  atomic_store (&self->stop, true);
  sem_post (&self->stopped);
  sem_post (&self->room);
  pthread_join (self->thread, NULL);
  for (size_t i = 0; i < N_SLOTS; i++)
    g_free (self->slots[i].bytes);
  g_clear_error (&self->error);
  sem_destroy (&self->room);
  sem_destroy (&self->filled);
  sem_destroy (&self->stopped);
  g_free (self);
}

bool
lsc_read_thread_hand_over (LscReadThread *self, const LscReadBlock *block)
{
  g_assert (block->n_bytes > 0);
  return fill_next (self, block);
}

bool
lsc_read_thread_pause (LscReadThread *self, unsigned ms)
{
  return !atomic_load (&self->stop) && !wait_at_most (&self->stopped, ms);
}

LscReadResult
lsc_read_thread_take (LscReadThread *self, unsigned ms, LscReadBlock *out_block, GError **error)
{
  const Slot *slot;

  *out_block = (LscReadBlock){ 0 };
  if (self->holding)
    {
      self->holding = false;
      self->n_taken++;
      sem_post (&self->room);
    }
  if (!wait_at_most (&self->filled, ms))
    return LSC_READ_EMPTY;
  slot = &self->slots[self->n_taken % N_SLOTS];
  if (slot->block.n_bytes > 0)
    {
      self->holding = true;
      *out_block = slot->block;
      return LSC_READ_BLOCK;
    }
  sem_post (&self->filled); /* the end stays to be met again */
  if (self->error != NULL && error != NULL)
    *error = g_error_copy (self->error);
  return LSC_READ_ENDED;
}
