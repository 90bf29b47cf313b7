/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Exports: a trace for other programs and for other eyes. A format is one function in a file of its
 * own; the table in export.c is the list of what there is.
 */
#pragma once

#include "lib/files/annotations.h"
#include "lib/files/export-out.h"
#include "lib/trace/trace.h"

/* What is to be exported: what lies at least partly in [from_ns, to_ns). */
typedef struct
{
  const LscTrace *trace;
  uint64_t from_ns;
  uint64_t to_ns;
  const bool *threads;               /* which, by their index in the trace; NULL: all */
  const LscAnnotations *annotations; /* what is written on it; NULL: nothing is told of that */
} LscExport;

/* Whether the thread's life is to be exported. */
bool lsc_export_has_thread (const LscExport *self, const LscThread *thread);

typedef struct
{
  const char *id;      /* as in `export --format` */
  const char *name;    /* translatable, a few words */
  const char *suffix;  /* of file names */
  const char *summary; /* translatable, one line */
  /* NULL: the records themselves, which lsc_capture_convert() writes. */
  void (*write) (const LscExport *what, LscExportOut *out);
} LscExportFormat;

/* The formats, ended by one whose id is NULL. */
const LscExportFormat *lsc_export_get_formats (void);
const LscExportFormat *lsc_export_find_format (const char *id);

/* Writes the file; "-" is standard output. FALSE with a sentence; what was at `path` then stays as
 * it was. `watch` may be NULL. Blocks. */
gboolean lsc_export_write (const LscExport *self,
                           const LscExportFormat *format,
                           const char *path,
                           const LscExportWatch *watch,
                           GError **error);

/* Says that nothing lies in the part that was asked for. Returns FALSE. */
gboolean lsc_export_complain_nothing (GError **error);

/* The formats themselves, for the table: */
void lsc_export_csv (const LscExport *what, LscExportOut *out);
void lsc_export_json (const LscExport *what, LscExportOut *out);
void lsc_export_chrome (const LscExport *what, LscExportOut *out);
void lsc_export_perfetto (const LscExport *what, LscExportOut *out);
void lsc_export_statistics (const LscExport *what, LscExportOut *out);
void lsc_export_text (const LscExport *what, LscExportOut *out);
void lsc_export_timehist (const LscExport *what, LscExportOut *out);

/* For them: walks the spans of every traced thread that reach into the range, a thread at a time.
 * `thread_begins` (may be NULL) comes before a thread's first span. Stops early when `out` gives
 * up. */
typedef struct
{
  void (*thread_begins) (const LscThread *thread, void *data);
  void (*span) (const LscThread *thread, uint64_t number, const LscSpan *span, void *data);
} LscExportWalker;

void lsc_export_walk (const LscExport *self,
                      LscExportOut *out,
                      const LscExportWalker *walker,
                      void *data);

/* The name of a state in exports: "running", "runnable", "preempted", "sleeping" ... */
const char *lsc_export_state_name (uint8_t state);
