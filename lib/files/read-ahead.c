/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/read-ahead.h"

#include "lib/files/read-thread.h"

struct _LscReadAhead
{
  LscEventReader *reader;
  LscReadThread *thread;
};

static void
read_on (LscReadThread *thread, gpointer data, GError **error)
{
  const LscReadAhead *self = data;
  LscReadBlock block;

  while (lsc_event_reader_next (self->reader, &block.bytes, &block.n_bytes, error)
         && block.n_bytes > 0)
    {
      block.progress = lsc_event_reader_get_progress (self->reader);
      if (!lsc_read_thread_hand_over (thread, &block))
        return;
    }
}

LscReadAhead *
lsc_read_ahead_new (LscEventReader *reader)
{
  LscReadAhead *self = g_new0 (LscReadAhead, 1);

  self->reader = reader;
  self->thread = lsc_read_thread_new (read_on, self);
  return self;
}

void
lsc_read_ahead_free (LscReadAhead *self)
{
  if (self == NULL)
    return;
  lsc_read_thread_free (self->thread);
  g_free (self);
}

gboolean
lsc_read_ahead_next (LscReadAhead *self,
                     const void **out_records,
                     size_t *out_n_bytes,
                     double *out_progress,
                     GError **error)
{
  LscReadBlock block;
  GError *trouble = NULL;

  lsc_read_thread_take (self->thread, true, &block, &trouble);
  *out_records = block.bytes;
  *out_n_bytes = block.n_bytes;
  *out_progress = block.progress;
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}
