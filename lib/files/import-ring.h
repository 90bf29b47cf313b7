/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pages of ftrace's ring buffer, event by event (kernel/trace/ring_buffer.c): a header with the
 * time of the first event and the bytes used, then events with the time since the one before.
 */
#pragma once

#include "lib/files/import-format.h"

/* Where things stand in a page: from the trace's header_page. */
typedef struct
{
  LscImportField time, commit, data;
  bool swap;
} LscImportRing;

typedef struct
{
  const uint8_t *bytes;
  size_t n_bytes; /* used */
  size_t at;
  uint64_t time_ns;  /* of the event taken last; first that of the page */
  bool missed;       /* events are missing before this page */
  uint64_t n_missed; /* how many, where that is known */
} LscImportPage;

/* Reads header_page. False when it describes no page that could be read. */
bool lsc_import_ring_init (LscImportRing *self, const char *header_page, bool swap);

/* Begins a page of `n_bytes`. False when it is none. */
bool lsc_import_ring_begin (const LscImportRing *self,
                            LscImportPage *page,
                            const uint8_t *bytes,
                            size_t n_bytes);

/* The next event: sets the time and the bytes of `out_raw`. False at the end of the page. */
bool lsc_import_ring_next (const LscImportRing *self, LscImportPage *page, LscImportRaw *out_raw);
