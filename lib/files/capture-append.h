/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Adds records to a capture that is whole on disk, without writing its events again.
 */
#pragma once

#include "lib/files/files-error.h"
#include "lib/wire/record.h"

/* Appends whole records to the capture at `path` as frames of their own, and syncs it. `header` is
 * that of the capture they are about: another one that has taken its place is refused (NULL: any
 * will do), and so is one that is still being recorded. Everything up to byte `n_whole`
 * (LscCaptureCondition) is known to be whole frames; a frame behind it that was cut off, as by a
 * crash, goes. When it fails, FALSE with a sentence, the file is as it was. Blocks: call it off the
 * main thread. */
gboolean lsc_capture_append (const char *path,
                             const LscRecordHeader *header,
                             uint64_t n_whole,
                             GBytes *records,
                             GError **error);
