/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-tail.h"

#include "lib/files/regular-file.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define N_SLOTS 4u
#define LOOK_MS 50      /* between two looks at a file whose end was reached */
#define NOTE_MS 100     /* somebody who writes a note is done by then */
#define NOTE_ATTEMPTS 3 /* then it is no note */

typedef struct
{
  uint8_t *bytes;
  size_t capacity;
  size_t n_bytes;
} Slot;

/* Slots [taken, filled) hold blocks nobody has taken; the numbers only grow, modulo N_SLOTS they
 * are places. The taker keeps the place of the block it looks at. */
struct _LscCaptureTail
{
  LscCaptureReader *reader;
  pthread_t thread;
  pthread_mutex_t lock; /* of what follows */
  pthread_cond_t changed;
  size_t filled, taken;
  bool holding; /* the taker looks at slot `taken` */
  bool stop;
  bool ended;
  GError *error;
  Slot slots[N_SLOTS];
};

gboolean
lsc_capture_tail_is_growing (const char *path)
{
  uint64_t n_bytes;
  int fd = lsc_regular_file_open (path, &n_bytes, NULL);
  gboolean held = FALSE;

  if (fd < 0)
    return FALSE;
  for (int i = 0; i < NOTE_ATTEMPTS; i++)
    {
      if (i > 0)
        g_usleep (NOTE_MS * 1000);
      held = lsc_regular_file_is_held (fd);
      if (!held)
        break;
    }
  (void) close (fd);
  return held;
}

/* Waits for the owner, or for LOOK_MS when `look`. False: it is to stop. */
static bool
wait (LscCaptureTail *self, bool look)
{
  struct timespec until;
  bool go_on;

  clock_gettime (CLOCK_REALTIME, &until);
  until.tv_nsec += LOOK_MS * 1000000l;
  until.tv_sec += until.tv_nsec / 1000000000l;
  until.tv_nsec %= 1000000000l;
  pthread_mutex_lock (&self->lock);
  if (look)
    {
      while (!self->stop
             && pthread_cond_timedwait (&self->changed, &self->lock, &until) != ETIMEDOUT)
        ;
    }
  else
    while (!self->stop && self->filled - self->taken == N_SLOTS)
      pthread_cond_wait (&self->changed, &self->lock);
  go_on = !self->stop;
  pthread_mutex_unlock (&self->lock);
  return go_on;
}

static void
hand_over (LscCaptureTail *self, const void *records, size_t n_bytes)
{
  Slot *slot = &self->slots[self->filled % N_SLOTS];

  if (n_bytes > slot->capacity)
    {
      slot->bytes = g_realloc (slot->bytes, n_bytes);
      slot->capacity = n_bytes;
    }
  memcpy (slot->bytes, records, n_bytes);
  slot->n_bytes = n_bytes;
  pthread_mutex_lock (&self->lock);
  self->filled++;
  pthread_mutex_unlock (&self->lock);
}

static void
follow (LscCaptureTail *self, GError **error)
{
  const void *records;
  size_t n_bytes;
  bool growing = true;

  while (wait (self, false))
    {
      /* Asked before: what its writer wrote last is there then. */
      bool held = lsc_capture_reader_is_held (self->reader);

      if (!lsc_capture_reader_next (self->reader, &records, &n_bytes, error))
        return;
      if (n_bytes > 0)
        hand_over (self, records, n_bytes);
      else if (!growing)
        return;
      else if (lsc_capture_reader_has_ended (self->reader) || !held)
        {
          growing = false;
          lsc_capture_reader_set_growing (self->reader, FALSE);
        }
      else if (!wait (self, true))
        return;
    }
}

static void *
follow_cb (void *data)
{
  LscCaptureTail *self = data;
  GError *error = NULL;

  follow (self, &error);
  pthread_mutex_lock (&self->lock);
  self->error = error;
  self->ended = true;
  pthread_mutex_unlock (&self->lock);
  return NULL;
}

LscCaptureTail *
lsc_capture_tail_new (const char *path, GError **error)
{
  LscCaptureReader *reader = lsc_capture_reader_new (path, error);
  LscCaptureTail *self;
  int status;

  if (reader == NULL)
    return NULL;
  self = g_new0 (LscCaptureTail, 1);
  self->reader = reader;
  lsc_capture_reader_set_growing (reader, TRUE);
  pthread_mutex_init (&self->lock, NULL);
  pthread_cond_init (&self->changed, NULL);
  status = pthread_create (&self->thread, NULL, follow_cb, self);
  /* As GLib does when there are no threads left. */
  if (status != 0)
    g_error ("pthread_create: %s", g_strerror (status));
  return self;
}

void
lsc_capture_tail_free (LscCaptureTail *self)
{
  if (self == NULL)
    return;
  pthread_mutex_lock (&self->lock);
  self->stop = true;
  pthread_cond_signal (&self->changed);
  pthread_mutex_unlock (&self->lock);
  pthread_join (self->thread, NULL);
  for (size_t i = 0; i < N_SLOTS; i++)
    g_free (self->slots[i].bytes);
  g_clear_error (&self->error);
  lsc_capture_reader_free (self->reader);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

LscTailResult
lsc_capture_tail_take (LscCaptureTail *self,
                       const void **out_records,
                       size_t *out_n_bytes,
                       GError **error)
{
  LscTailResult result;

  *out_n_bytes = 0;
  pthread_mutex_lock (&self->lock);
  if (self->holding)
    {
      self->taken++;
      self->holding = false;
      pthread_cond_signal (&self->changed);
    }
  if (self->filled > self->taken)
    {
      const Slot *slot = &self->slots[self->taken % N_SLOTS];

      self->holding = true;
      *out_records = slot->bytes;
      *out_n_bytes = slot->n_bytes;
      result = LSC_TAIL_BLOCK;
    }
  else
    result = self->ended ? LSC_TAIL_ENDED : LSC_TAIL_EMPTY;
  if (result == LSC_TAIL_ENDED && self->error != NULL && error != NULL)
    *error = g_error_copy (self->error);
  pthread_mutex_unlock (&self->lock);
  return result;
}

const LscCaptureCondition *
lsc_capture_tail_get_condition (const LscCaptureTail *self)
{
  return lsc_capture_reader_get_condition (self->reader);
}
