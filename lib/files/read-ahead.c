/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/read-ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define N_SLOTS 4u

/* A copy of one block, or the end: n_bytes is 0. */
typedef struct
{
  uint8_t *bytes;
  size_t capacity;
  size_t n_bytes;
  double progress;
  GError *error;
} Slot;

/* Slots [taken, filled) hold blocks nobody has taken; the numbers only grow, modulo N_SLOTS they
 * are places. The taker keeps the place of the block it looks at: `taken` moves with the next one.
 */
struct _LscReadAhead
{
  LscEventReader *reader;
  pthread_t thread;
  pthread_mutex_t lock; /* of what follows */
  pthread_cond_t changed;
  size_t filled, taken;
  bool holding; /* the taker looks at slot `taken` */
  bool stop;
  Slot slots[N_SLOTS];
};

static void
fill (Slot *slot, LscEventReader *reader)
{
  const void *records;
  size_t n_bytes = 0;

  slot->n_bytes = 0;
  if (lsc_event_reader_next (reader, &records, &n_bytes, &slot->error) && n_bytes > 0)
    {
      if (n_bytes > slot->capacity)
        {
          slot->bytes = g_realloc (slot->bytes, n_bytes);
          slot->capacity = n_bytes;
        }
      memcpy (slot->bytes, records, n_bytes);
      slot->n_bytes = n_bytes;
    }
  slot->progress = lsc_event_reader_get_progress (reader);
}

static void *
read_cb (void *data)
{
  LscReadAhead *self = data;
  bool more = true;

  while (more)
    {
      Slot *slot;

      pthread_mutex_lock (&self->lock);
      while (!self->stop && self->filled - self->taken == N_SLOTS)
        pthread_cond_wait (&self->changed, &self->lock);
      more = !self->stop;
      slot = &self->slots[self->filled % N_SLOTS];
      pthread_mutex_unlock (&self->lock);
      if (!more)
        break;
      fill (slot, self->reader);
      more = slot->n_bytes > 0;
      pthread_mutex_lock (&self->lock);
      self->filled++;
      pthread_cond_signal (&self->changed);
      pthread_mutex_unlock (&self->lock);
    }
  return NULL;
}

LscReadAhead *
lsc_read_ahead_new (LscEventReader *reader)
{
  LscReadAhead *self = g_new0 (LscReadAhead, 1);
  int error;

  self->reader = reader;
  pthread_mutex_init (&self->lock, NULL);
  pthread_cond_init (&self->changed, NULL);
  error = pthread_create (&self->thread, NULL, read_cb, self);
  /* As GLib does when there are no threads left. */
  if (error != 0)
    g_error ("pthread_create: %s", g_strerror (error));
  return self;
}

void
lsc_read_ahead_free (LscReadAhead *self)
{
  if (self == NULL)
    return;
  pthread_mutex_lock (&self->lock);
  self->stop = true;
  pthread_cond_signal (&self->changed);
  pthread_mutex_unlock (&self->lock);
  pthread_join (self->thread, NULL);
  for (size_t i = 0; i < N_SLOTS; i++)
    {
      g_free (self->slots[i].bytes);
      g_clear_error (&self->slots[i].error);
    }
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

/* Gives the block looked at back and waits for the next. */
static Slot *
take (LscReadAhead *self)
{
  Slot *slot;

  pthread_mutex_lock (&self->lock);
  if (self->holding)
    {
      self->taken++;
      pthread_cond_signal (&self->changed);
    }
  self->holding = true;
  while (self->filled == self->taken)
    pthread_cond_wait (&self->changed, &self->lock);
  slot = &self->slots[self->taken % N_SLOTS];
  /* Nothing comes after the end: it stays to be looked at. */
  if (slot->n_bytes == 0)
    self->holding = false;
  pthread_mutex_unlock (&self->lock);
  return slot;
}

gboolean
lsc_read_ahead_next (LscReadAhead *self,
                     const void **out_records,
                     size_t *out_n_bytes,
                     double *out_progress,
                     GError **error)
{
  const Slot *slot = take (self);

  *out_records = slot->bytes;
  *out_n_bytes = slot->n_bytes;
  *out_progress = slot->progress;
  if (slot->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (slot->error);
  return FALSE;
}
