/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What stands before the events in a trace.dat of trace-cmd, versions 6 and 7 (the manual pages
 * trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5)): event formats, names, and where the events of each
 * CPU are.
 */
#pragma once

#include "lib/files/event-reader.h"
#include "lib/files/import-ring.h"
#include "lib/files/unpack.h"

/* The events of one CPU in the file. */
typedef struct
{
  uint32_t cpu;
  uint64_t at;
  uint64_t n_bytes;
} LscImportRange;

typedef struct
{
  LscImportFormats formats;
  LscImportRing ring;
  LscUnpackMethod packing;
  gboolean packed;    /* so are the events, too */
  uint32_t page_size; /* of the events */
  uint32_t n_cpus;
  GArray *ranges; /* LscImportRange */
  char clock[16];
  LscRecordHeader header; /* who recorded it, as far as that is told */
} LscImportTraceHead;

/* NULL with a sentence. Names are noted in `book`. */
LscImportTraceHead *
lsc_import_trace_head_read (const LscEventFile *file, LscImportBook *book, GError **error);
void lsc_import_trace_head_free (LscImportTraceHead *self);

/* Whether a file that begins so is a trace.dat. */
gboolean lsc_import_trace_head_recognise (const uint8_t *head, size_t n_head);
