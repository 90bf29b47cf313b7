/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/recording.h"

#include "cli/usage.h"
#include "lib/client/session.h"
#include "lib/files/capture-writer.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/wait.h>

/* How long a command that was asked to end may take, before it is left alone. */
#define GRACE_MS 3000

typedef struct
{
  GMainLoop *loop;
  LscSession *session;
  LscCaptureWriter *writer;
  uint64_t duration_ns;
  gint64 live_us; /* when events began to arrive, 0: not yet */
  gint64 ended_us;
  guint duration_source;
  bool quiet;
  bool stopping; /* we asked for the end: by the clock or for a signal */
  bool ended;    /* the session is over */
} Recording;

static void
stop (Recording *self)
{
  self->stopping = true;
  lsc_session_stop (self->session);
}

static gboolean
duration_over_cb (gpointer data)
{
  Recording *self = data;

  self->duration_source = 0;
  stop (self);
  return G_SOURCE_REMOVE;
}

static gboolean
signal_cb (gpointer data)
{
  stop (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
give_up_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
state_changed_cb (LscSession *session, gpointer data)
{
  Recording *self = data;

  if (lsc_session_get_state (session) != LSC_SESSION_LIVE || self->live_us != 0)
    return;
  self->live_us = g_get_monotonic_time ();
  if (self->duration_ns > 0)
    self->duration_source = g_timeout_add ((guint) MIN (self->duration_ns / 1000000, G_MAXUINT),
                                           duration_over_cb, self);
}

/* The writer has had them already, on the session's own thread. */
static void
blocks_available_cb (LscSession *session, gpointer data)
{
  LscBlock *block;

  while ((block = lsc_session_take_block (session)) != NULL)
    lsc_block_free (block);
}

static void
child_exited_cb (LscSession *session, gpointer data)
{
  Recording *self = data;

  lsc_session_stop (session);
  if (self->ended)
    g_main_loop_quit (self->loop);
}

static void
ended_cb (LscSession *session, gpointer data)
{
  Recording *self = data;
  GPid child = lsc_session_get_child (session);
  int status;

  self->ended = true;
  self->ended_us = g_get_monotonic_time ();
  if (child > 0 && !lsc_session_get_child_status (session, &status))
    {
      /* It would go on alone, with nobody to wait for it. */
      kill (child, SIGTERM);
      g_timeout_add (GRACE_MS, give_up_cb, self->loop);
      return;
    }
  g_main_loop_quit (self->loop);
}

static void
report_totals (const Recording *self, const char *output)
{
  const LscRecordEnd *end = lsc_session_get_end (self->session);
  double seconds =
      self->live_us > 0 ? (double) (self->ended_us - self->live_us) / G_USEC_PER_SEC : 0.0;

  /* Translators: the last line of a recording; the numbers stand before their words. */
  g_printerr (_ ("%lu events, %lu lost, %.3f seconds, %lu bytes in %s\n"),
              (unsigned long) lsc_capture_writer_get_n_events (self->writer),
              (unsigned long) (end != NULL ? end->lost : 0), seconds,
              (unsigned long) lsc_capture_writer_get_n_bytes (self->writer), output);
}

/* The command's own status; a death by the signal we sent is none of its failures. */
static int
get_command_status (const Recording *self)
{
  int status;

  if (!lsc_session_get_child_status (self->session, &status))
    return LSC_EXIT_WELL;
  if (WIFEXITED (status))
    return WEXITSTATUS (status);
  return self->stopping ? LSC_EXIT_WELL : 128 + WTERMSIG (status);
}

/* By which signal the command was ended, unless that was our doing; a status is passed on. */
static void
report_signal (const Recording *self, const LscTarget *target)
{
  g_autofree char *end = NULL;
  int status;

  if (target->kind != LSC_TARGET_COMMAND || !lsc_session_get_child_status (self->session, &status)
      || self->stopping || !WIFSIGNALED (status))
    return;
  end = lsc_trouble_describe_end (target->argv[0], status);
  g_printerr ("%s\n", end);
}

/* Puts the capture in its place; one without a single event, from a session that failed, is none.
 */
static bool
keep_capture (Recording *self, bool failed, GError **error)
{
  if (failed && !lsc_capture_writer_flush (self->writer, error))
    return false;
  if (!failed || lsc_capture_writer_get_n_events (self->writer) > 0)
    return lsc_capture_writer_finish (self->writer, error);
  lsc_capture_writer_discard (self->writer);
  return true;
}

static int
conclude (Recording *self, const LscTarget *target, const char *output)
{
  const GError *trouble = lsc_session_get_error (self->session);
  g_autoptr (GError) error = NULL;
  bool kept = keep_capture (self, trouble != NULL, &error);

  if (trouble != NULL)
    lsc_usage_failed (trouble);
  else if (!kept)
    lsc_usage_failed (error);
  if (lsc_capture_writer_get_n_events (self->writer) > 0 || trouble == NULL)
    {
      report_signal (self, target);
      if (!self->quiet)
        report_totals (self, output);
    }
  if (trouble != NULL)
    return lsc_trouble_get_exit_status (trouble);
  return kept ? get_command_status (self) : LSC_EXIT_FAILURE;
}

static int
record (Recording *self, const LscTarget *target, const char *output)
{
  g_autoptr (GError) error = NULL;
  guint signals[] = {
    g_unix_signal_add (SIGINT, signal_cb, self),
    g_unix_signal_add (SIGTERM, signal_cb, self),
    g_unix_signal_add (SIGHUP, signal_cb, self),
  };

  lsc_session_set_sink (self->session, lsc_capture_writer_sink, self->writer);
  if (!lsc_session_start (self->session, target, &error))
    {
      lsc_usage_failed (error);
      return lsc_trouble_get_exit_status (error);
    }
  g_main_loop_run (self->loop);
  for (size_t i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  if (self->duration_source != 0)
    g_source_remove (self->duration_source);
  return conclude (self, target, output);
}

int
lsc_recording_run (const LscTarget *target, uint64_t duration_ns, const char *output, bool quiet)
{
  static const LscSessionEvents events = {
    .state_changed = state_changed_cb,
    .blocks_available = blocks_available_cb,
    .child_exited = child_exited_cb,
    .ended = ended_cb,
  };
  Recording self = { .duration_ns = duration_ns, .quiet = quiet };
  g_autoptr (GError) error = NULL;
  int status;

  /* First the file: nobody should type a password for a capture that cannot be kept. */
  if (!lsc_target_check (target, &error))
    {
      lsc_usage_failed (error);
      return lsc_trouble_get_exit_status (error);
    }
  self.writer = lsc_capture_writer_new (output, &error);
  if (self.writer == NULL)
    return lsc_usage_failed (error);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.session = lsc_session_new (&events, &self);
  lsc_session_set_ask_at_terminal (self.session, TRUE);
  status = record (&self, target, output);
  lsc_session_free (self.session);
  lsc_capture_writer_free (self.writer);
  g_main_loop_unref (self.loop);
  return status;
}
