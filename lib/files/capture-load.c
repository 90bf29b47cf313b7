/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-load.h"

#include "lsc-config.h"

#include "lib/files/read-ahead.h"

#include <glib/gi18n-lib.h>

/* So long a person waits for lanes; a file that is at less than half by then shows its beginning.
 */
#define PATIENCE_US (G_USEC_PER_SEC / 4)

/* A disk may hold a read for as long as it likes: so often we look whether to wait on. */
#define LOOK_MS 50

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
feed (LscAssembler *assembler, const LscReadBlock *block, GError **error)
{
  if (lsc_assembler_feed (assembler, block->bytes, block->n_bytes) == (int64_t) block->n_bytes)
    return TRUE;
  g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
               _ ("The capture holds records that do not belong together; it cannot be shown."));
  return FALSE;
}

/* What made it end: LSC_READ_ENDED, everything is there, or `error` says why not; LSC_READ_EMPTY,
 * the beginning will do. */
static LscReadResult
feed_all (const Loading *self,
          LscReadAhead *ahead,
          LscAssembler *assembler,
          const LscTrace *trace,
          GError **error)
{
  double done = 0;

  while (!is_enough (self, trace, done))
    {
      LscReadBlock block;
      LscReadResult result;

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return LSC_READ_ENDED;
      result = lsc_read_ahead_take (ahead, LOOK_MS, &block, error);
      if (result == LSC_READ_EMPTY)
        continue;
      if (result == LSC_READ_ENDED || !feed (assembler, &block, error))
        return LSC_READ_ENDED;
      done = block.progress;
      if (self->watch->progress != NULL)
        self->watch->progress (done, self->watch->data);
    }
  return LSC_READ_EMPTY;
}

/* Everything; or NULL, with `error`, or without: the watcher has the beginning. */
static LscTrace *
load (const Loading *self, const char *path, LscCaptureCondition *out_condition, GError **error)
{
  g_autoptr (LscEventReader) reader = lsc_event_reader_new (path, self->cancellable, error);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (LscReadAhead) ahead = NULL; /* goes first: it uses what is above */
  g_autoptr (GError) trouble = NULL;
  LscReadResult result;

  if (reader == NULL)
    return NULL;
  lsc_event_reader_set_annotations (reader, self->watch->annotations);
  ahead = lsc_read_ahead_new (reader);
  result = feed_all (self, ahead, assembler, trace, &trouble);
  if (trouble != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return NULL;
    }
  lsc_assembler_finish (assembler);
  if (result == LSC_READ_EMPTY)
    {
      /* At once: the reading thread may end only when the disk lets it. A trace has one owner. */
      self->watch->first_lanes (g_steal_pointer (&trace), self->watch->data);
      return NULL;
    }
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
  const Loading all = { watch, cancellable, 0 };
  const Loading beginning = { watch, cancellable, g_get_monotonic_time () + PATIENCE_US };
  g_autoptr (GError) trouble = NULL;
  LscTrace *trace;

  if (watch->first_lanes == NULL)
    return load (&all, path, out_condition, error);
  trace = load (&beginning, path, out_condition, &trouble);
  if (trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  else if (trace == NULL)
    {
      /* What the watcher has been given is read again for us. */
      if (watch->annotations != NULL)
        lsc_annotations_reset (watch->annotations);
      trace = load (&all, path, out_condition, error);
    }
  return trace;
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
