/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Follows a capture that another process is writing: what is there, then what is added, until its
 * end record or until its writer has gone.
 *
 * Reads on a thread of its own, so that the owner never waits. Bounded: a few frames wait at most.
 */
#pragma once

#include "lib/files/capture-reader.h"
#include "lib/files/read-thread.h"

typedef struct _LscCaptureTail LscCaptureTail;

/* Whether a process that lives holds the file as its writer does. Looks for a moment, for somebody
 * may just be writing a note. Blocks: call it off the main thread. */
gboolean lsc_capture_tail_is_growing (const char *path);

/* NULL with a sentence when it is no capture. */
LscCaptureTail *lsc_capture_tail_new (const char *path, GError **error);
/* Stops wherever it is. */
void lsc_capture_tail_free (LscCaptureTail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscCaptureTail, lsc_capture_tail_free)

/* The next block. Never waits. With LSC_READ_ENDED `*out_n_bytes` is 0, and `error` is set when the
 * file could not be read on. */
LscReadResult lsc_capture_tail_take (LscCaptureTail *self,
                                     const void **out_records,
                                     size_t *out_n_bytes,
                                     GError **error);

/* Final with LSC_READ_ENDED. */
const LscCaptureCondition *lsc_capture_tail_get_condition (const LscCaptureTail *self);
