/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-load.h"

#include "lsc-config.h"

#include "lib/files/read-ahead.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  LscCaptureProgressFunc progress;
  void *data;
  GCancellable *cancellable;
} Watch;

static gboolean
feed_all (LscReadAhead *ahead, LscAssembler *assembler, const Watch *watch, GError **error)
{
  const void *records;
  size_t n_bytes;
  double done;

  for (;;)
    {
      if (g_cancellable_set_error_if_cancelled (watch->cancellable, error))
        return FALSE;
      if (!lsc_read_ahead_next (ahead, &records, &n_bytes, &done, error))
        return FALSE;
      if (n_bytes == 0)
        return TRUE;
      if (lsc_assembler_feed (assembler, records, n_bytes) != (int64_t) n_bytes)
        {
          g_set_error (
              error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
              _ ("The capture holds records that do not belong together; it cannot be shown."));
          return FALSE;
        }
      if (watch->progress != NULL)
        watch->progress (done, watch->data);
    }
}

static LscTrace *
load (LscEventReader *reader, const Watch *watch, GError **error)
{
  g_autoptr (LscReadAhead) ahead = lsc_read_ahead_new (reader);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);

  if (!feed_all (ahead, assembler, watch, error))
    return NULL;
  lsc_assembler_finish (assembler);
  return g_steal_pointer (&trace);
}

LscTrace *
lsc_capture_load (const char *path,
                  LscCaptureProgressFunc progress,
                  void *data,
                  GCancellable *cancellable,
                  LscCaptureCondition *out_condition,
                  GError **error)
{
  g_autoptr (LscEventReader) reader = lsc_event_reader_new (path, cancellable, error);
  Watch watch = { progress, data, cancellable };
  LscTrace *trace;

  if (reader == NULL)
    return NULL;
  trace = load (reader, &watch, error);
  if (trace != NULL && out_condition != NULL)
    *out_condition = *lsc_event_reader_get_condition (reader);
  return trace;
}
