/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a capture (`.lanes`) while it is made.
 *
 * Invariants. The file is zstd frames one after another, each at most LSC_CAPTURE_FRAME_MAX bytes
 * of whole records with a content checksum; the first frame holds the header record. It only ever
 * grows by whole frames, at least one a second while records come, so that killed at any byte
 * everything before the last frame opens. The file is 0600. What it replaces stays untouched until
 * lsc_capture_writer_finish() has everything on disk; a symbolic link at the path is replaced, not
 * followed.
 *
 * One thread at a time: the reader thread of a session while it runs, then the owner.
 */
#pragma once

#include "lib/files/files-error.h"

#include <stddef.h>
#include <stdint.h>

#define LSC_CAPTURE_FRAME_MAX (1u << 20) /* bytes of records in one frame */

typedef struct _LscCaptureWriter LscCaptureWriter;

/* Begins a capture that will be at `path`. Where nothing is there yet it grows at `path` itself;
 * where a file is, it grows beside it and takes its place at the end. NULL with a sentence. */
LscCaptureWriter *lsc_capture_writer_new (const char *path, GError **error);

/* Ends without finishing: what was written stays, as after a crash (cut short); a file that was to
 * be replaced stays as it was, and what was written beside it goes. A file that nothing was written
 * to goes too, finished or not. NULL is fine. */
void lsc_capture_writer_free (LscCaptureWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscCaptureWriter, lsc_capture_writer_free)

/* Takes whole records, the header record first. After an error the same error is given again and
 * nothing more is written. */
gboolean lsc_capture_writer_write (LscCaptureWriter *self,
                                   const void *records,
                                   size_t n_bytes,
                                   GError **error);

/* The same in the shape of a session's sink (LscSessionSink), the writer as its user data. */
gboolean
lsc_capture_writer_sink (const void *records, gsize n_bytes, gpointer self, GError **error);

/* Writes what is still held as a frame, now. */
gboolean lsc_capture_writer_flush (LscCaptureWriter *self, GError **error);

/* Writes the rest, makes sure it is on disk and in its place. FALSE with the first error there
 * was. */
gboolean lsc_capture_writer_finish (LscCaptureWriter *self, GError **error);

/* Throws away what was written, in place of finishing: for a capture that holds nothing. */
void lsc_capture_writer_discard (LscCaptureWriter *self);

/* Compressed bytes written so far. Any thread. */
uint64_t lsc_capture_writer_get_n_bytes (const LscCaptureWriter *self);
/* Switches, wakeups, forks, execs, renames and exits written so far: what lsc_trace_get_n_events()
 * of the file will be. Any thread. */
uint64_t lsc_capture_writer_get_n_events (const LscCaptureWriter *self);
/* Whether an error has ended the writing. Any thread. */
gboolean lsc_capture_writer_has_failed (const LscCaptureWriter *self);
