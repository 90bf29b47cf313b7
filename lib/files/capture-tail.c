/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-tail.h"

#include "lib/files/regular-file.h"

#include <stdbool.h>
#include <unistd.h>

#define LOOK_MS 50      /* between two looks at a file whose end was reached */
#define NOTE_MS 100     /* somebody who writes a note is done by then */
#define NOTE_ATTEMPTS 3 /* then it is no note */

struct _LscCaptureTail
{
  LscCaptureReader *reader;
  LscReadThread *thread;
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

static void
follow (LscReadThread *thread, gpointer data, GError **error)
{
  const LscCaptureTail *self = data;
  LscReadBlock block = { 0 };
  bool growing = true;

  for (;;)
    {
      /* Asked before: what its writer wrote last is there then. */
      bool held = lsc_capture_reader_is_held (self->reader);

      if (!lsc_capture_reader_next (self->reader, &block.bytes, &block.n_bytes, error))
        return;
      if (block.n_bytes > 0)
        {
          if (!lsc_read_thread_hand_over (thread, &block))
            return;
        }
      else if (!growing)
        return;
      else if (lsc_capture_reader_has_ended (self->reader) || !held)
        {
          growing = false;
          lsc_capture_reader_set_growing (self->reader, FALSE);
        }
      else if (!lsc_read_thread_pause (thread, LOOK_MS))
        return;
    }
}

LscCaptureTail *
lsc_capture_tail_new (const char *path, GError **error)
{
  LscCaptureReader *reader = lsc_capture_reader_new (path, error);
  LscCaptureTail *self;

  if (reader == NULL)
    return NULL;
  self = g_new0 (LscCaptureTail, 1);
  self->reader = reader;
  lsc_capture_reader_set_growing (reader, TRUE);
  self->thread = lsc_read_thread_new (follow, self);
  return self;
}

void
lsc_capture_tail_free (LscCaptureTail *self)
{
  if (self == NULL)
    return;
  lsc_read_thread_free (self->thread);
  lsc_capture_reader_free (self->reader);
  g_free (self);
}

LscReadResult
lsc_capture_tail_take (LscCaptureTail *self,
                       const void **out_records,
                       size_t *out_n_bytes,
                       GError **error)
{
  LscReadBlock block;
  LscReadResult result = lsc_read_thread_take (self->thread, 0, &block, error);

  *out_records = block.bytes;
  *out_n_bytes = block.n_bytes;
  return result;
}

const LscCaptureCondition *
lsc_capture_tail_get_condition (const LscCaptureTail *self)
{
  return lsc_capture_reader_get_condition (self->reader);
}
