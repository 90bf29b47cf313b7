/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any trace that Lanescope can read, kept as a capture of its own.
 */
#pragma once

#include "lib/files/event-reader.h"

/* Writes what is at `path` to `target` as `.lanes`: a capture byte by byte, another tool's trace
 * record by record. What was at `target` stays whole until the new file is. FALSE with a sentence.
 * Blocks: call it off the main thread. */
gboolean lsc_capture_convert (const char *path,
                              const char *target,
                              GCancellable *cancellable,
                              GError **error);
