/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session-private.h"

#include "lib/client/session-verdict.h"
#include "lib/client/source.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

/* Blocks of at most 64 KiB: 64 MiB, a good second of a very busy machine. */
#define QUEUE_LENGTH 1024u

/* --- life ------------------------------------------------------------------------------------ */

LscSession *
lsc_session_new (const LscSessionEvents *events, gpointer user_data)
{
  LscSession *self = g_new0 (LscSession, 1);

  self->n_refs = 1;
  self->events = events;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->doors = LSC_DOOR_ALL;
  self->exclude_self = TRUE;
  self->request.scope = LSC_SCOPE_ANY;
  self->fd = -1;
  self->cancellable = g_cancellable_new ();
  return self;
}

static void
session_ref (LscSession *self)
{
  self->n_refs++;
}

static void
session_unref (LscSession *self)
{
  if (--self->n_refs > 0)
    return;
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_clear_error (&self->error);
  lsc_session_request_clear (&self->request);
  lsc_target_free (self->target);
  g_free (self);
}

static void
close_stream (LscSession *self)
{
  lsc_source_drop (&self->news_source);
  lsc_stream_reader_free (g_steal_pointer (&self->reader));
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  lsc_doorway_free (g_steal_pointer (&self->doorway));
}

void
lsc_session_free (LscSession *self)
{
  if (self == NULL)
    return;
  self->disposed = TRUE;
  g_cancellable_cancel (self->cancellable);
  lsc_source_drop (&self->end_source);
  close_stream (self);
  lsc_session_command_free (g_steal_pointer (&self->command));
  lsc_block_queue_free (g_steal_pointer (&self->queue));
  session_unref (self);
}

void
lsc_session_set_sink (LscSession *self, LscSessionSink sink, gpointer user_data)
{
  self->sink = sink;
  self->sink_data = user_data;
}

void
lsc_session_set_doors (LscSession *self, guint doors)
{
  self->doors = doors;
}

void
lsc_session_set_ask_at_terminal (LscSession *self, gboolean ask)
{
  self->ask_at_terminal = ask;
}

void
lsc_session_set_exclude_self (LscSession *self, gboolean exclude)
{
  self->exclude_self = exclude;
}

/* --- telling the owner ------------------------------------------------------------------------ */

static void
set_state (LscSession *self, LscSessionState state)
{
  if (self->disposed || self->state >= state)
    return;
  self->state = state;
  if (state != LSC_SESSION_ENDED && self->events->state_changed != NULL)
    self->events->state_changed (self, self->user_data);
}

/* The command's end ended the capture, and its status is about to come. */
static gboolean
is_command_ending (const LscSession *self)
{
  const LscRecordEnd *end = lsc_session_get_end (self);
  int status;

  return self->command != NULL && self->error == NULL && end != NULL
         && end->reason == LSC_END_TARGET_EXIT
         && !lsc_session_command_get_status (self->command, &status);
}

/* Everything was said and taken. */
static gboolean
is_ready_to_end (const LscSession *self)
{
  return self->finished && !self->ended && !is_command_ending (self)
         && (self->queue == NULL || lsc_block_queue_get_length (self->queue) == 0);
}

static gboolean
end_cb (gpointer user_data)
{
  LscSession *self = user_data;

  lsc_source_drop (&self->end_source);
  if (!is_ready_to_end (self))
    return G_SOURCE_REMOVE;
  self->ended = TRUE;
  session_ref (self);
  set_state (self, LSC_SESSION_ENDED);
  if (self->events->ended != NULL)
    self->events->ended (self, self->user_data);
  session_unref (self);
  return G_SOURCE_REMOVE;
}

void
lsc_session_schedule_end (LscSession *self)
{
  if (self->end_source == NULL && is_ready_to_end (self))
    self->end_source = lsc_source_keep (g_idle_source_new (), self->context, end_cb, self);
}

/* The first verdict counts. Takes `error`, which may be NULL. */
static void
finish (LscSession *self, GError *error)
{
  if (self->finished)
    {
      g_clear_error (&error);
      return;
    }
  self->finished = TRUE;
  if (self->error == NULL)
    self->error = error;
  else
    g_clear_error (&error);
  if (self->state < LSC_SESSION_LIVE) /* never run, so there is nothing to tell about it */
    lsc_session_command_free (g_steal_pointer (&self->command));
  lsc_session_schedule_end (self);
}

/* --- the command ------------------------------------------------------------------------------ */

static void
command_exited_cb (gpointer user_data)
{
  LscSession *self = user_data;

  session_ref (self);
  if (self->events->child_exited != NULL)
    self->events->child_exited (self, self->user_data);
  if (!self->disposed)
    lsc_session_schedule_end (self);
  session_unref (self);
}

static void
command_failed_cb (gpointer user_data, GError *error)
{
  LscSession *self = user_data;

  /* Better than "every chosen process has ended", which comes right after it. */
  g_clear_error (&self->error);
  self->error = error;
  lsc_session_stop (self);
}

static const LscSessionCommandEvents command_events = { .exited = command_exited_cb,
                                                        .failed = command_failed_cb };

/* --- the stream ------------------------------------------------------------------------------- */

static GError *
judge (LscSession *self)
{
  const GError *sink_error = lsc_stream_reader_get_sink_error (self->reader);
  LscSessionFacts facts = { .outcome = lsc_stream_reader_get_outcome (self->reader),
                            .end = lsc_stream_reader_get_end (self->reader),
                            .has_header = lsc_stream_reader_get_header (self->reader) != NULL,
                            .stopped = self->stopped };

  return sink_error != NULL ? g_error_copy (sink_error) : lsc_session_verdict (&facts);
}

static void
process_ended_cb (LscTracerProcess *process, gpointer user_data)
{
  LscSession *self = user_data;
  GError *error = lsc_tracer_process_explain (process);

  finish (self, error != NULL ? lsc_session_request_sharpen (&self->request, error)
                              : lsc_trouble_new (LSC_CLIENT_ERROR_HELPER_LOST, NULL));
}

static void
stream_finished (LscSession *self)
{
  gboolean before_header = lsc_stream_reader_get_header (self->reader) == NULL;

  /* A tracer of ours that ended before it said anything: its exit status says why. */
  if (lsc_stream_reader_get_outcome (self->reader) == LSC_OUTCOME_CUT && before_header
      && self->doorway != NULL && self->doorway->process != NULL)
    lsc_tracer_process_wait (self->doorway->process, process_ended_cb, self);
  else
    finish (self, judge (self));
}

static gboolean
news_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LscSession *self = user_data;
  unsigned news = lsc_stream_reader_take_news (self->reader);

  session_ref (self);
  if ((news & LSC_NEWS_HEADER) != 0)
    {
      if (self->doorway != NULL) /* nobody will be asked any more */
        g_clear_pointer (&self->doorway->agent, lsc_text_agent_free);
      set_state (self, LSC_SESSION_PREPARING);
    }
  if ((news & LSC_NEWS_READY) != 0 && !self->disposed && !self->stopped)
    {
      if (self->command != NULL)
        lsc_session_command_release (self->command);
      set_state (self, LSC_SESSION_LIVE);
    }
  if (!self->disposed && !self->owner_told && self->queue != NULL
      && lsc_block_queue_get_length (self->queue) > 0)
    {
      self->owner_told = TRUE;
      self->events->blocks_available (self, self->user_data);
    }
  if ((news & LSC_NEWS_FINISHED) != 0 && self->reader != NULL)
    stream_finished (self);
  session_unref (self);
  return G_SOURCE_CONTINUE;
}

static GError *
start_reader (LscSession *self)
{
  g_autofree char *command = lsc_target_describe (self->target);
  LscStreamReaderOptions options = {
    .fd = self->fd,
    .command = command,
    .header_flags = lsc_session_request_get_header_flags (&self->request),
    .sink = self->sink,
    .sink_data = self->sink_data,
  };

  if (self->events->blocks_available != NULL)
    self->queue = lsc_block_queue_new (QUEUE_LENGTH);
  options.queue = self->queue;
  if (self->events->blocks_available == NULL || self->queue != NULL)
    self->reader = lsc_stream_reader_new (&options);
  if (self->reader == NULL)
    return lsc_trouble_new (LSC_CLIENT_ERROR_NO_MEMORY, NULL);
  self->news_source =
      lsc_source_keep (g_unix_fd_source_new (lsc_stream_reader_get_fd (self->reader), G_IO_IN),
                       self->context, G_SOURCE_FUNC (news_cb), self);
  return NULL;
}

/* A few bytes into a socket that nobody else writes to: there is room. When the helper is gone the
 * reader sees it. */
static void
send_command (LscSession *self, const void *command, gsize size)
{
  ssize_t n;

  do
    n = send (self->fd, command, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
}

static void
begin_stream (LscSession *self)
{
  GError *error = start_reader (self);

  if (error != NULL)
    finish (self, error);
  else
    send_command (self, &self->request.start, sizeof self->request.start);
}

/* --- starting --------------------------------------------------------------------------------- */

static void
found_cb (guint door, gpointer user_data)
{
  LscSession *self = user_data;

  self->door = (LscDoor) door;
  if (!self->disposed)
    set_state (self, door == LSC_DOOR_DIRECT ? LSC_SESSION_PREPARING : LSC_SESSION_AUTHORISING);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LscSession *self = user_data;
  GError *error = NULL;
  LscDoorway *doorway = lsc_doors_open_finish (result, &error);

  if (self->disposed || self->finished)
    {
      lsc_doorway_free (doorway);
      g_clear_error (&error);
    }
  else if (doorway == NULL)
    finish (self, lsc_session_request_sharpen (&self->request, error));
  else
    {
      self->doorway = doorway;
      self->fd = doorway->fd;
      doorway->fd = -1;
      begin_stream (self);
      /* Behind pkexec the password is still being asked for. */
      if (doorway->door != LSC_DOOR_PKEXEC)
        set_state (self, LSC_SESSION_PREPARING);
    }
  session_unref (self);
}

static gboolean
prepare (LscSession *self, const LscTarget *target, GError **error)
{
  GPid child = 0;

  g_return_val_if_fail (self->state == LSC_SESSION_IDLE, FALSE);
  if (!lsc_target_check (target, error))
    return FALSE;
  self->target = lsc_target_copy (target);
  if (target->kind == LSC_TARGET_COMMAND)
    {
      self->command =
          lsc_session_command_new (self->target, self->context, &command_events, self, error);
      child = self->command != NULL ? lsc_session_command_get_pid (self->command) : 0;
    }
  if ((target->kind != LSC_TARGET_COMMAND || child != 0)
      && lsc_session_request_init (&self->request, target, child, self->exclude_self, error))
    return TRUE;
  /* A start that failed leaves the session as it was. */
  lsc_session_command_free (g_steal_pointer (&self->command));
  lsc_target_free (g_steal_pointer (&self->target));
  return FALSE;
}

gboolean
lsc_session_start (LscSession *self, const LscTarget *target, GError **error)
{
  LscDoorsRequest request;

  if (!prepare (self, target, error))
    return FALSE;
  request = (LscDoorsRequest){ .doors = self->doors,
                               .scope = self->request.scope,
                               .only_mine = target->kind == LSC_TARGET_MINE,
                               .ask_at_terminal = self->ask_at_terminal,
                               .pidfds = self->request.pidfds };
  self->state = LSC_SESSION_CONNECTING;
  session_ref (self);
  lsc_doors_open_async (&request, found_cb, self->cancellable, opened_cb, self);
  return TRUE;
}

gboolean
lsc_session_start_from_fd (LscSession *self, int fd, const LscTarget *target, GError **error)
{
  if (!prepare (self, target, error))
    return FALSE;
  self->fd = fd;
  self->state = LSC_SESSION_PREPARING;
  begin_stream (self);
  return TRUE;
}

/* What came before there was a capture, and of which the owner may not have been told: it would
 * wait for ever to be taken. */
static void
discard_blocks (LscSession *self)
{
  LscBlock *block;

  while (self->queue != NULL && (block = lsc_block_queue_pop (self->queue)) != NULL)
    lsc_block_free (block);
}

void
lsc_session_stop (LscSession *self)
{
  static const LscCommandHead stop = { .size = sizeof stop,
                                       .kind = LSC_COMMAND_STOP,
                                       .version = LSC_COMMAND_VERSION };

  if (self->stopped || self->finished || self->state == LSC_SESSION_IDLE)
    return;
  self->stopped = TRUE;
  if (self->state == LSC_SESSION_LIVE)
    {
      send_command (self, &stop, sizeof stop);
      lsc_stream_reader_expect_end (self->reader);
      return;
    }
  g_cancellable_cancel (self->cancellable);
  close_stream (self);
  discard_blocks (self);
  finish (self, lsc_trouble_new (LSC_CLIENT_ERROR_CANCELLED, NULL));
}
