/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a capture ahead on a thread of its own, so that unpacking one frame goes on while another
 * is looked at. Bounded: a few frames wait at most.
 */
#pragma once

#include "lib/files/event-reader.h"

typedef struct _LscReadAhead LscReadAhead;

/* Takes the reader over until it is freed. */
LscReadAhead *lsc_read_ahead_new (LscEventReader *reader);
/* Stops reading, wherever it is. The reader is the caller's again. */
void lsc_read_ahead_free (LscReadAhead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscReadAhead, lsc_read_ahead_free)

/* As lsc_event_reader_next(), and how far it had been read then (0..1). */
gboolean lsc_read_ahead_next (LscReadAhead *self,
                              const void **out_records,
                              size_t *out_n_bytes,
                              double *out_progress,
                              GError **error);
