/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a whole capture, or another tool's trace, into a trace.
 */
#pragma once

#include "lib/files/event-reader.h"
#include "lib/trace/assembler.h"

typedef void (*LscCaptureProgressFunc) (double done, void *data);

/* Who watches a long loading. The functions may be NULL; they are called on the loading thread. */
typedef struct
{
  LscCaptureProgressFunc progress;
  /* A file that takes its time: a trace of its beginning, to be looked at meanwhile. Once at most;
   * the trace is the watcher's. */
  void (*first_lanes) (LscTrace *trace, void *data);
  void *data;
  LscAnnotations *annotations; /* where what is written on it goes, or NULL */
} LscCaptureWatch;

/* Reads everything into a new trace, which the caller owns. `progress` (may be NULL) is called
 * after each frame, 0..1; `cancellable` and `out_condition` may be NULL. NULL with a sentence.
 * Blocks: call it off the main thread. */
LscTrace *lsc_capture_load (const char *path,
                            LscCaptureProgressFunc progress,
                            void *data,
                            GCancellable *cancellable,
                            LscCaptureCondition *out_condition,
                            GError **error);

/* The same, watched. */
LscTrace *lsc_capture_load_watched (const char *path,
                                    const LscCaptureWatch *watch,
                                    GCancellable *cancellable,
                                    LscCaptureCondition *out_condition,
                                    GError **error);
