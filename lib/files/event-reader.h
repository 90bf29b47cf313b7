/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads any trace that Lanescope can read as blocks of records, whatever tool wrote it.
 *
 * The kind of file is recognised by its content. A format is one LscEventFormat, in a file of its
 * own; the table in event-reader.c is the list of what there is. Memory is bounded whatever the
 * file says.
 */
#pragma once

#include "lib/files/capture-reader.h"

typedef struct _LscEventReader LscEventReader;

/* What a format's own reader is given; the descriptor stays the reader's. */
typedef struct
{
  const char *path;
  int fd;
  uint64_t n_bytes;
  GCancellable *cancellable;      /* may be NULL */
  LscCaptureCondition *condition; /* to be filled in while reading */
} LscEventFile;

typedef struct
{
  const char *id;   /* for programs: "lanes", "trace-cmd" ... */
  const char *name; /* translatable: "a trace of trace-cmd" */
  /* Whether a file that begins so is of this format. */
  gboolean (*recognise) (const uint8_t *head, size_t n_head);
  /* A reader of the file, or NULL with a sentence. */
  gpointer (*open) (const LscEventFile *file, GError **error);
  void (*close) (gpointer self);
  /* As lsc_event_reader_next(). */
  gboolean (*next) (gpointer self, const void **out_records, size_t *out_n_bytes, GError **error);
  /* 0..1 */
  double (*get_progress) (gpointer self);
} LscEventFormat;

/* What tells formats apart is in the first bytes, so many at most. */
#define LSC_EVENT_HEAD_SIZE 4096

/* Whether a file that begins so may be a trace. FALSE with a sentence about `path`. */
gboolean
lsc_event_reader_check_head (const char *path, const uint8_t *head, size_t n_head, GError **error);

/* Opens `path`. NULL with a sentence. `cancellable` may be NULL. */
LscEventReader *lsc_event_reader_new (const char *path, GCancellable *cancellable, GError **error);
void lsc_event_reader_free (LscEventReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscEventReader, lsc_event_reader_free)

/* Whether the file is one of Lanescope's own. */
gboolean lsc_event_reader_is_own (const LscEventReader *self);

/* As lsc_capture_reader_set_annotations(); other tools' traces have none. */
void lsc_event_reader_set_annotations (LscEventReader *self, LscAnnotations *annotations);

/* The next block of whole records, a header record first of all; valid until the next call. At the
 * end `*out_n_bytes` is 0. FALSE with a sentence when the file cannot be read on. Any thread, one
 * at a time. */
gboolean lsc_event_reader_next (LscEventReader *self,
                                const void **out_records,
                                size_t *out_n_bytes,
                                GError **error);

/* 0..1, how much of the file has been read. */
double lsc_event_reader_get_progress (const LscEventReader *self);

/* Final when _next() has come to the end. */
const LscCaptureCondition *lsc_event_reader_get_condition (const LscEventReader *self);

/* For the formats: says that a file holds nothing of the scheduler. Returns FALSE. */
gboolean lsc_event_reader_complain_empty (const char *path, GError **error);

/* The formats themselves, for the table: */
extern const LscEventFormat lsc_import_trace_dat;
extern const LscEventFormat lsc_import_text;
extern const LscEventFormat lsc_import_perf_data;
extern const LscEventFormat lsc_import_perfetto;
