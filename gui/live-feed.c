/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/live-feed.h"

#include "gui/capture-files.h"
#include "lib/client/trouble.h"
#include "lib/files/capture-store.h"
#include "lib/files/capture-writer.h"

#include <glib/gi18n.h>

/* The main loop gives the stream at most PUMP_BUDGET_US of every PUMP_INTERVAL_MS. A timer, not the
 * frame clock: that one rests while the window cannot be seen, and the stream must not. */
#define PUMP_INTERVAL_MS 10
#define PUMP_BUDGET_US 4000
/* The helper sends what it has every 20 ms at the latest: a bar is said to go on only up to a
 * moment of which everything has been heard. */
#define BEHIND_NS (40 * 1000 * 1000ull)

struct _LscLiveFeed
{
  GObject parent_instance;
  LscSession *session;
  LscCaptureWriter *writer; /* the session's reader thread uses it until the end */
  LscCaptureTail *tail;     /* in place of both: another process records */
  LscTrace *trace;
  LscAssembler *assembler;
  GError *error;
  char *path;
  guint pump;
  gboolean begun;   /* of a tail: the header has been read */
  gboolean forgets; /* the oldest events have left the memory */
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (LscLiveFeed, lsc_live_feed, G_TYPE_OBJECT)

enum
{
  STATE_CHANGED,
  LIMIT_REACHED,
  ENDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
sink (const void *bytes, gsize n_bytes, gpointer data, GError **error)
{
  return lsc_capture_writer_write (data, bytes, n_bytes, error);
}

static void
tell_limit (LscLiveFeed *self)
{
  if (self->forgets || !lsc_trace_has_dropped (self->trace))
    return;
  self->forgets = TRUE;
  g_signal_emit (self, signals[LIMIT_REACHED], 0);
}

static gboolean
pump_cb (gpointer data)
{
  LscLiveFeed *self = data;
  gboolean more = lsc_session_pump (self->session, self->assembler, PUMP_BUDGET_US);
  if (!more)
    self->pump = 0;
  tell_limit (self);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Takes in what another process has written, for a while. */
static LscReadResult
pump_tail (LscLiveFeed *self)
{
  gint64 until_us = g_get_monotonic_time () + PUMP_BUDGET_US;
  LscReadResult result = LSC_READ_BLOCK;
  while (result == LSC_READ_BLOCK && g_get_monotonic_time () < until_us)
    {
      const void *records;
      size_t n_bytes;
      result = lsc_capture_tail_take (self->tail, &records, &n_bytes, &self->error);
      if (result != LSC_READ_BLOCK
          || lsc_assembler_feed (self->assembler, records, n_bytes) == (int64_t) n_bytes)
        continue;
      g_set_error_literal (&self->error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
                           _ ("The capture holds records that do not belong together; the rest "
                              "of it is not shown."));
      return LSC_READ_ENDED;
    }
  return result;
}

static gboolean
tail_cb (gpointer data)
{
  LscLiveFeed *self = data;
  uint64_t before = lsc_trace_get_revision (self->trace);
  LscReadResult result = pump_tail (self);
  if (!self->begun && lsc_trace_get_revision (self->trace) != before)
    {
      self->begun = TRUE;
      g_signal_emit (self, signals[STATE_CHANGED], 0);
    }
  tell_limit (self);
  if (result != LSC_READ_ENDED)
    return G_SOURCE_CONTINUE;
  self->pump = 0;
  self->ended = TRUE;
  lsc_assembler_finish (self->assembler);
  g_signal_emit (self, signals[ENDED], 0);
  return G_SOURCE_REMOVE;
}

/* The first lanes are there when it is told that events arrive. */
static void
state_changed_cb (LscSession *session, gpointer data)
{
  LscLiveFeed *self = data;
  if (lsc_session_get_state (session) == LSC_SESSION_LIVE)
    lsc_session_pump (session, self->assembler, PUMP_BUDGET_US);
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
blocks_available_cb (LscSession *session, gpointer data)
{
  LscLiveFeed *self = data;
  if (self->pump == 0)
    self->pump = g_timeout_add (PUMP_INTERVAL_MS, pump_cb, self);
}

static void
finish_writer (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  if (lsc_capture_writer_finish (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  LscLiveFeed *self = LSC_LIVE_FEED (source);
  g_autoptr (GError) error = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), &error) && self->error == NULL)
    self->error = g_steal_pointer (&error);
  g_clear_pointer (&self->writer, lsc_capture_writer_free);
  self->ended = TRUE;
  g_signal_emit (self, signals[ENDED], 0);
}

static void
ended_cb (LscSession *session, gpointer data)
{
  LscLiveFeed *self = data;
  g_clear_handle_id (&self->pump, g_source_remove);
  lsc_assembler_finish (self->assembler);
  if (lsc_session_get_error (session) != NULL)
    self->error = g_error_copy (lsc_session_get_error (session));
  g_autoptr (GTask) task = g_task_new (self, NULL, finished_cb, NULL);
  g_task_set_task_data (task, self->writer, NULL);
  g_task_run_in_thread (task, finish_writer);
}

static const LscSessionEvents events = {
  .state_changed = state_changed_cb,
  .blocks_available = blocks_available_cb,
  .ended = ended_cb,
};

static void
lsc_live_feed_finalize (GObject *object)
{
  LscLiveFeed *self = LSC_LIVE_FEED (object);
  g_clear_handle_id (&self->pump, g_source_remove);
  g_clear_pointer (&self->session, lsc_session_free); /* before what its threads use */
  g_clear_pointer (&self->writer, lsc_capture_writer_free);
  g_clear_pointer (&self->tail, lsc_capture_tail_free);
  g_clear_pointer (&self->assembler, lsc_assembler_free);
  g_clear_pointer (&self->trace, lsc_capture_files_let_go);
  g_clear_error (&self->error);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (lsc_live_feed_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, LSC_TYPE_LIVE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
lsc_live_feed_class_init (LscLiveFeedClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lsc_live_feed_finalize;
  signals[STATE_CHANGED] = add_signal ("state-changed");
  signals[LIMIT_REACHED] = add_signal ("limit-reached");
  signals[ENDED] = add_signal ("ended");
}

static void
lsc_live_feed_init (LscLiveFeed *self)
{
  self->trace = lsc_trace_new ();
  self->assembler = lsc_assembler_new (self->trace);
}

LscLiveFeed *
lsc_live_feed_new (guint64 memory_max)
{
  LscLiveFeed *self = g_object_new (LSC_TYPE_LIVE_FEED, NULL);
  lsc_trace_set_memory_limit (self->trace, memory_max);
  return self;
}

gboolean
lsc_live_feed_start (LscLiveFeed *self, const LscTarget *target, GError **error)
{
  self->path = lsc_capture_store_new_path (error);
  if (self->path == NULL)
    return FALSE;
  self->writer = lsc_capture_writer_new (self->path, error);
  if (self->writer == NULL)
    return FALSE;
  self->session = lsc_session_new (&events, self);
  lsc_session_set_sink (self->session, sink, self->writer);
  return lsc_session_start (self->session, target, error);
}

void
lsc_live_feed_follow (LscLiveFeed *self, LscCaptureTail *tail, const char *path)
{
  self->path = g_strdup (path);
  self->tail = tail;
  self->pump = g_timeout_add (PUMP_INTERVAL_MS, tail_cb, self);
}

gboolean
lsc_live_feed_is_followed (LscLiveFeed *self)
{
  return self->tail != NULL;
}

char *
lsc_live_feed_dup_condition (LscLiveFeed *self)
{
  return self->tail == NULL || !self->ended
             ? NULL
             : lsc_capture_condition_describe (lsc_capture_tail_get_condition (self->tail));
}

void
lsc_live_feed_stop (LscLiveFeed *self)
{
  if (self->session != NULL)
    lsc_session_stop (self->session);
}

LscSessionState
lsc_live_feed_get_state (LscLiveFeed *self)
{
  if (self->tail != NULL)
    return self->ended ? LSC_SESSION_ENDED : LSC_SESSION_LIVE;
  if (self->session == NULL)
    return LSC_SESSION_IDLE;
  return self->ended ? LSC_SESSION_ENDED : lsc_session_get_state (self->session);
}

gboolean
lsc_live_feed_is_running (LscLiveFeed *self)
{
  return (self->session != NULL || self->tail != NULL) && !self->ended;
}

LscTrace *
lsc_live_feed_get_trace (LscLiveFeed *self)
{
  return self->trace;
}

const GError *
lsc_live_feed_get_error (LscLiveFeed *self)
{
  return self->error;
}

char *
lsc_live_feed_dup_child_end (LscLiveFeed *self, const char *name)
{
  int status = 0;
  gboolean has = self->session != NULL && lsc_session_get_child_status (self->session, &status);
  return has ? lsc_trouble_describe_end (name, status) : NULL;
}

guint32
lsc_live_feed_get_child (LscLiveFeed *self)
{
  int status = 0;
  if (self->session == NULL || lsc_session_get_child_status (self->session, &status))
    return 0;
  return (guint32) lsc_session_get_child (self->session);
}

const char *
lsc_live_feed_get_path (LscLiveFeed *self)
{
  return self->path;
}

void
lsc_live_feed_set_path (LscLiveFeed *self, const char *path)
{
  g_free (self->path);
  self->path = g_strdup (path);
}

void
lsc_live_feed_advance (LscLiveFeed *self)
{
  uint64_t now_ns = (uint64_t) g_get_monotonic_time () * 1000;
  /* of what others write it is known up to the last record only */
  if (self->tail == NULL && lsc_live_feed_get_state (self) == LSC_SESSION_LIVE
      && lsc_trace_is_ready (self->trace))
    lsc_trace_advance (self->trace, now_ns - BEHIND_NS);
}
