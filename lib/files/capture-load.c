/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-load.h"

#include "lsc-config.h"

#include "lib/files/read-ahead.h"

#include <glib/gi18n-lib.h>

/* So long a person waits for lanes; a file that is at less than half by then shows its beginning.
 */
#define PATIENCE_US (G_USEC_PER_SEC / 4)

typedef struct
{
  const LscCaptureWatch *watch;
  GCancellable *cancellable;
  gint64 until_us; /* when what there is will do; 0: everything is wanted */
} Loading;

static gboolean
is_enough (const Loading *self, const LscTrace *trace, double done)
{
  return self->until_us != 0 && done < 0.5 && lsc_trace_get_n_events (trace) > 0
         && g_get_monotonic_time () > self->until_us;
}

static gboolean
feed_all (const Loading *self,
          LscReadAhead *ahead,
          LscAssembler *assembler,
          const LscTrace *trace,
          gboolean *out_all,
          GError **error)
{
  const void *records;
  size_t n_bytes;
  double done = 0;

  *out_all = FALSE;
  while (!is_enough (self, trace, done))
    {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (!lsc_read_ahead_next (ahead, &records, &n_bytes, &done, error))
        return FALSE;
      *out_all = n_bytes == 0;
      if (*out_all)
        return TRUE;
      if (lsc_assembler_feed (assembler, records, n_bytes) != (int64_t) n_bytes)
        {
          g_set_error (
              error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
              _ ("The capture holds records that do not belong together; it cannot be shown."));
          return FALSE;
        }
      if (self->watch->progress != NULL)
        self->watch->progress (done, self->watch->data);
    }
  return TRUE;
}

/* Everything, or the beginning when that has to do: then `*out_all` is FALSE. */
static LscTrace *
load (const Loading *self,
      const char *path,
      LscCaptureCondition *out_condition,
      gboolean *out_all,
      GError **error)
{
  g_autoptr (LscEventReader) reader = lsc_event_reader_new (path, self->cancellable, error);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (LscReadAhead) ahead = NULL; /* goes first: it uses what is above */

  if (reader == NULL)
    return NULL;
  lsc_event_reader_set_annotations (reader, self->watch->annotations);
  ahead = lsc_read_ahead_new (reader);
  if (!feed_all (self, ahead, assembler, trace, out_all, error))
    return NULL;
  lsc_assembler_finish (assembler);
  g_clear_pointer (&ahead, lsc_read_ahead_free);
  if (out_condition != NULL)
    *out_condition = *lsc_event_reader_get_condition (reader);
  return g_steal_pointer (&trace);
}

LscTrace *
lsc_capture_load_watched (const char *path,
                          const LscCaptureWatch *watch,
                          GCancellable *cancellable,
                          LscCaptureCondition *out_condition,
                          GError **error)
{
  Loading loading = { watch, cancellable, 0 };
  LscTrace *trace;
  gboolean all;

  if (watch->first_lanes != NULL)
    loading.until_us = g_get_monotonic_time () + PATIENCE_US;
  trace = load (&loading, path, out_condition, &all, error);
  if (trace == NULL || all)
    return trace;
  /* A trace has one owner: the beginning goes to the watcher, and is read again for us. */
  watch->first_lanes (trace, watch->data);
  loading.until_us = 0;
  if (watch->annotations != NULL)
    lsc_annotations_reset (watch->annotations);
  return load (&loading, path, out_condition, &all, error);
}

LscTrace *
lsc_capture_load (const char *path,
                  LscCaptureProgressFunc progress,
                  void *data,
                  GCancellable *cancellable,
                  LscCaptureCondition *out_condition,
                  GError **error)
{
  const LscCaptureWatch watch = { .progress = progress, .data = data };

  return lsc_capture_load_watched (path, &watch, cancellable, out_condition, error);
}
