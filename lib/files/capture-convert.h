/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any trace that Lanescope can read, or a part of it, kept as a capture of its own.
 */
#pragma once

#include "lib/files/capture-cut.h"
#include "lib/files/export-watch.h"

/* Writes what is at `path` to `target` as `.lanes`. `part` NULL: all of it, a capture byte by byte;
 * with a part an end is added where there is none because the recording goes on, so that it is not
 * cut short. What was at `target` stays whole until the new file is, also when it is cancelled.
 * `watch` may be NULL. FALSE with a sentence. Blocks: call it off the main thread. */
gboolean lsc_capture_convert (const char *path,
                              const char *target,
                              const LscCapturePart *part,
                              const LscExportWatch *watch,
                              GError **error);
