/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/read-ahead.h"

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

LscReadResult
lsc_read_ahead_take (LscReadAhead *self, unsigned ms, LscReadBlock *out_block, GError **error)
{
  return lsc_read_thread_take (self->thread, ms, out_block, error);
}
