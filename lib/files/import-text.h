/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text about events, line by line, from a file or from a program that writes it.
 */
#pragma once

#include "lib/files/event-reader.h"

typedef struct _LscImportText LscImportText;

/* Reads `stream`, of which a reference is taken, or when it is NULL the file itself. `file` says
 * what is being read. */
LscImportText *lsc_import_text_new (const LscEventFile *file, GInputStream *stream);
void lsc_import_text_free (LscImportText *self);

/* As lsc_event_reader_next(). */
gboolean lsc_import_text_next (LscImportText *self,
                               const void **out_records,
                               size_t *out_n_bytes,
                               GError **error);
/* Events written, and bytes of text read, so far. */
uint64_t lsc_import_text_get_n_events (const LscImportText *self);
uint64_t lsc_import_text_get_n_bytes (const LscImportText *self);
