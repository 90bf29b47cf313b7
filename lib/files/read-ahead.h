/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a capture ahead on a thread of its own, so that unpacking one frame goes on while another
 * is looked at. Bounded: a few frames wait at most.
 */
#pragma once

#include "lib/files/event-reader.h"
#include "lib/files/read-thread.h"

typedef struct _LscReadAhead LscReadAhead;

/* Takes the reader over until it is freed. */
LscReadAhead *lsc_read_ahead_new (LscEventReader *reader);
/* Stops reading, wherever it is. The reader is the caller's again. */
void lsc_read_ahead_free (LscReadAhead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscReadAhead, lsc_read_ahead_free)

/* The next records, as lsc_read_thread_take(): waits so long for them. */
LscReadResult
lsc_read_ahead_take (LscReadAhead *self, unsigned ms, LscReadBlock *out_block, GError **error);
