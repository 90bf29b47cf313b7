/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opening and saving captures on another thread, with progress.
 */
#pragma once

#include "gui/job-progress.h"
#include "lib/files/capture-load.h"
#include "lib/files/capture-tail.h"

/* The beginning of a file that takes its time, on the main thread; the receiver's. */
typedef void (*LscCaptureFilesFirst) (LscTrace *trace, gpointer user_data);

/* What came of opening a file. */
typedef struct
{
  LscTrace *trace;               /* NULL: another process is still writing it */
  LscCaptureTail *tail;          /* then; else NULL */
  LscAnnotations *annotations;   /* what is written on it */
  LscCaptureCondition condition; /* what is to be said about it */
} LscOpened;

/* Reads `file` into a new trace. `callback` may call lsc_capture_files_open_finish(). After
 * cancelling, neither progress nor first lanes are told. */
void lsc_capture_files_open_async (GFile *file,
                                   GCancellable *cancellable,
                                   LscJobProgressFunc progress,
                                   LscCaptureFilesFirst first,
                                   gpointer user_data,
                                   GAsyncReadyCallback callback);
/* All in it is the caller's. FALSE with a sentence. */
gboolean
lsc_capture_files_open_finish (GAsyncResult *result, LscOpened *out_opened, GError **error);

typedef enum
{
  LSC_SAVING_MOVES,  /* the recording leaves the cache */
  LSC_SAVING_COPIES, /* a trace of another tool becomes a capture */
  LSC_SAVING_SO_FAR, /* a recording that goes on: what there is by now, as a whole capture */
} LscSaving;

typedef struct
{
  const char *recording;
  const char *target;
  LscSaving how;
  GBytes *notes; /* to be put behind it: records, or NULL */
} LscSaveOrder;

/* `order` is copied, `notes` referenced. Cancelled, everything stays as it was; once it is saved,
 * cancelling comes too late. */
void lsc_capture_files_save_async (const LscSaveOrder *order,
                                   GCancellable *cancellable,
                                   LscJobProgressFunc progress,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* FALSE with a sentence, or G_IO_ERROR_CANCELLED. */
gboolean lsc_capture_files_save_finish (GAsyncResult *result, GError **error);

/* Frees a trace elsewhere: of millions of events that takes longer than the window may wait. */
void lsc_capture_files_let_go (LscTrace *trace);

/* Whether the file is a recording in the cache that was never saved. */
gboolean lsc_capture_files_is_recording (GFile *file);
