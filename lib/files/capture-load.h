/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a whole capture, or another tool's trace, into a trace.
 */
#pragma once

#include "lib/files/event-reader.h"
#include "lib/trace/assembler.h"

typedef void (*LscCaptureProgressFunc) (double done, void *data);

/* Reads everything into a new trace, which the caller owns. `progress` (may be NULL) is called
 * after each frame, 0..1; `cancellable` and `out_condition` may be NULL. NULL with a sentence.
 * Blocks: call it off the main thread. */
LscTrace *lsc_capture_load (const char *path,
                            LscCaptureProgressFunc progress,
                            void *data,
                            GCancellable *cancellable,
                            LscCaptureCondition *out_condition,
                            GError **error);
