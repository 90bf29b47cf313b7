/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session-private.h"

LscBlock *
lsc_session_take_block (LscSession *self)
{
  LscBlock *block = self->queue != NULL ? lsc_block_queue_pop (self->queue) : NULL;

  if (block == NULL)
    self->owner_told = FALSE;
  if (self->finished)
    lsc_session_schedule_end (self);
  return block;
}

gboolean
lsc_session_pump (LscSession *self, LscAssembler *assembler, gint64 budget_us)
{
  gint64 end_us = g_get_monotonic_time () + budget_us;

  do
    {
      LscBlock *block = lsc_session_take_block (self);

      if (block == NULL)
        return FALSE;
      /* Its records are checked; a header it cannot read was refused before. */
      lsc_assembler_feed (assembler, block->bytes, block->n_bytes);
      lsc_block_free (block);
    }
  while (g_get_monotonic_time () < end_us);
  return TRUE;
}

LscSessionState
lsc_session_get_state (const LscSession *self)
{
  return self->state;
}

LscDoor
lsc_session_get_door (const LscSession *self)
{
  return self->door;
}

LscScope
lsc_session_get_scope (const LscSession *self)
{
  const LscRecordHeader *header = lsc_session_get_header (self);

  return header != NULL ? (LscScope) header->scope : self->request.scope;
}

const LscRecordHeader *
lsc_session_get_header (const LscSession *self)
{
  return self->reader != NULL ? lsc_stream_reader_get_header (self->reader) : NULL;
}

const LscRecordEnd *
lsc_session_get_end (const LscSession *self)
{
  return self->reader != NULL ? lsc_stream_reader_get_end (self->reader) : NULL;
}

const GError *
lsc_session_get_error (const LscSession *self)
{
  return self->error;
}

GPid
lsc_session_get_child (const LscSession *self)
{
  return self->command != NULL ? lsc_session_command_get_pid (self->command) : 0;
}

gboolean
lsc_session_get_child_status (const LscSession *self, int *out_wait_status)
{
  return self->command != NULL && lsc_session_command_get_status (self->command, out_wait_status);
}

guint64
lsc_session_get_n_bytes (const LscSession *self)
{
  return self->reader != NULL ? lsc_stream_reader_get_n_bytes (self->reader) : 0;
}

guint64
lsc_session_get_n_records (const LscSession *self)
{
  return self->reader != NULL ? lsc_stream_reader_get_n_records (self->reader) : 0;
}
