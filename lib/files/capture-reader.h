/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a capture (`.lanes`), frame by frame, trusting nothing in it.
 *
 * Memory is bounded whatever the file says: one frame of at most LSC_CAPTURE_FRAME_MAX bytes. The
 * kind of file is recognised by its content. A file that was cut short opens up to its last whole
 * frame; a frame whose checksum does not fit is left out, and a gap record stands in its place.
 */
#pragma once

#include "lib/files/annotations.h"
#include "lib/files/files-error.h"
#include "lib/wire/record.h"

#include <stddef.h>

typedef struct _LscCaptureReader LscCaptureReader;

/* What is to be said about a file that opened. */
typedef struct
{
  uint64_t n_frames;
  uint64_t n_bytes;        /* size of the file */
  uint64_t n_record_bytes; /* of the records in it */
  uint64_t n_whole;        /* the last whole frame ends here; 0 for another tool's */
  uint64_t n_damaged;      /* frames left out */
  uint64_t first_damaged;  /* byte where the first one begins */
  gboolean cut_short;      /* it ends inside a frame, or without its end record */
  gboolean growing;        /* the same, because it is still being recorded */
  const char *format;      /* of another tool: its id (LscEventFormat); NULL for our own */
  char clock[16];          /* the clock of another tool's times, as that calls it; may be empty */
  uint64_t n_unread;       /* lines or packets of another tool's that were not understood */
} LscCaptureCondition;

/* Opens `path` and reads the first frame. NULL with a sentence. */
LscCaptureReader *lsc_capture_reader_new (const char *path, GError **error);
void lsc_capture_reader_free (LscCaptureReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscCaptureReader, lsc_capture_reader_free)

/* What is written on the capture goes there while it is read; NULL, as at first: nowhere. It stays
 * the caller's and outlives the reader's last _next(). */
void lsc_capture_reader_set_annotations (LscCaptureReader *self, LscAnnotations *annotations);

/* A file that grows: where it ends for now, _next() gives nothing, and goes on when it is called
 * again. Off at first. */
void lsc_capture_reader_set_growing (LscCaptureReader *self, gboolean growing);
/* Whether the end record has been read, and whether a living process holds the file as its writer.
 */
gboolean lsc_capture_reader_has_ended (const LscCaptureReader *self);
gboolean lsc_capture_reader_is_held (const LscCaptureReader *self);

/* The header of the capture. */
const LscRecordHeader *lsc_capture_reader_get_header (const LscCaptureReader *self);

/* The next block of whole records, the header record's first; valid until the next call. At the end
 * `*out_n_bytes` is 0. FALSE with a sentence when the file cannot be read on. Any thread, one at a
 * time. */
gboolean lsc_capture_reader_next (LscCaptureReader *self,
                                  const void **out_records,
                                  size_t *out_n_bytes,
                                  GError **error);

/* 0..1, how much of the file has been read. */
double lsc_capture_reader_get_progress (const LscCaptureReader *self);

/* Final when _next() has come to the end. */
const LscCaptureCondition *lsc_capture_reader_get_condition (const LscCaptureReader *self);

/* What a person should know about the file before trusting it ("The capture was cut short: ..."),
 * or NULL when it is whole. Owned by the caller. */
char *lsc_capture_condition_describe (const LscCaptureCondition *self);
