/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs one session as a program would and prints what became of it, one JSON object a line: for
 * tests of the real helper.
 *
 *     session-runner [--doors BITS] [--stop-after MS] [--mine | --all | --pid PID ... | -- COMMAND]
 *
 * Without --stop-after it runs until the capture ends or a line comes on stdin.
 */
#include "lib/client/capability.h"
#include "lib/client/session.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  GMainLoop *loop;
  LscSession *session;
  LscTrace *trace;
  LscAssembler *assembler;
  int stop_after_ms;
  gint64 began_us;
} Runner;

static void
say (const char *key, const char *value)
{
  char above_ascii[129] = { 0 }; /* JSON has UTF-8 as it is, and knows no octal numbers */
  g_autofree char *escaped = NULL;

  for (int i = 0; i < 128; i++)
    above_ascii[i] = (char) (128 + i);
  escaped = g_strescape (value, above_ascii);

  printf ("{\"%s\": \"%s\"}\n", key, escaped);
  fflush (stdout);
}

static void
say_number (const char *key, double value)
{
  printf ("{\"%s\": %.0f}\n", key, value);
  fflush (stdout);
}

static void
say_error (const GError *error)
{
  say ("message", error->message);
  say ("domain", g_quark_to_string (error->domain));
  say_number ("code", error->code);
  say_number ("exit_status", lsc_trouble_get_exit_status (error));
}

static gboolean
stop_cb (gpointer user_data)
{
  lsc_session_stop (((Runner *) user_data)->session);
  return G_SOURCE_REMOVE;
}

static gboolean
stdin_cb (int fd, GIOCondition condition, gpointer user_data)
{
  lsc_session_stop (((Runner *) user_data)->session);
  return G_SOURCE_REMOVE;
}

static void
state_changed_cb (LscSession *session, gpointer user_data)
{
  static const char *const names[] = { "idle",      "connecting", "authorising",
                                       "preparing", "live",       "ended" };
  Runner *self = user_data;
  LscSessionState state = lsc_session_get_state (session);

  say ("state", names[state]);
  if (state != LSC_SESSION_LIVE)
    return;
  say_number ("ready_ms", (double) (g_get_monotonic_time () - self->began_us) / 1000);
  if (self->stop_after_ms >= 0)
    g_timeout_add ((guint) self->stop_after_ms, stop_cb, self);
}

static void
blocks_available_cb (LscSession *session, gpointer user_data)
{
  Runner *self = user_data;

  while (lsc_session_pump (session, self->assembler, 100000))
    continue;
}

static void
ended_cb (LscSession *session, gpointer user_data)
{
  g_main_loop_quit (((Runner *) user_data)->loop);
}

static void
report (const Runner *self)
{
  const GError *error = lsc_session_get_error (self->session);
  const LscRecordEnd *end = lsc_session_get_end (self->session);
  int status;

  say_number ("door", lsc_session_get_door (self->session));
  say_number ("scope", lsc_session_get_scope (self->session));
  say_number ("events", (double) lsc_trace_get_n_events (self->trace));
  say_number ("threads", lsc_trace_get_n_threads (self->trace));
  if (end != NULL)
    {
      say_number ("end_reason", end->reason);
      say_number ("seen", (double) end->seen);
      say_number ("delivered", (double) end->delivered);
      say_number ("lost", (double) end->lost);
    }
  if (lsc_session_get_child_status (self->session, &status) && WIFEXITED (status))
    say_number ("child_status", WEXITSTATUS (status));
  if (error != NULL)
    say_error (error);
}

static LscTarget *
parse_target (int argc, char **argv, Runner *self, guint *doors)
{
  g_autoptr (GArray) pids = g_array_new (FALSE, FALSE, sizeof (uint32_t));

  for (int i = 1; i < argc; i++)
    {
      const char *next = i + 1 < argc ? argv[i + 1] : NULL;
      g_autoptr (GError) error = NULL;
      uint32_t pid;

      if (strcmp (argv[i], "--all") == 0)
        return lsc_target_new_everything (LSC_TARGET_WHOLE_MACHINE);
      if (strcmp (argv[i], "--mine") == 0)
        return lsc_target_new_everything (LSC_TARGET_MINE);
      if (strcmp (argv[i], "--") == 0 && next != NULL)
        return lsc_target_new_command ((const char *const *) argv + i + 1, NULL, NULL);
      if (next == NULL)
        return NULL;
      i++;
      if (strcmp (argv[i - 1], "--doors") == 0)
        *doors = (guint) atoi (next);
      else if (strcmp (argv[i - 1], "--stop-after") == 0)
        self->stop_after_ms = atoi (next);
      else if (strcmp (argv[i - 1], "--pid") != 0)
        return NULL;
      else if (lsc_target_parse_pid (next, &pid, &error))
        g_array_append_val (pids, pid);
      else
        {
          say_error (error);
          return NULL;
        }
    }
  return lsc_target_new_processes ((const uint32_t *) (const void *) pids->data, pids->len, TRUE);
}

static void
capability_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (lsc_capability_check_finish (result, &error))
    say ("capability", "yes");
  else
    say_error (error);
  g_main_loop_quit (user_data);
}

static int
check_capability (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  lsc_capability_check_async (NULL, capability_cb, loop);
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  static const LscSessionEvents events = { .state_changed = state_changed_cb,
                                           .blocks_available = blocks_available_cb,
                                           .ended = ended_cb };
  g_autoptr (LscTarget) target = NULL;
  g_autoptr (GError) error = NULL;
  Runner self = { .stop_after_ms = -1, .began_us = g_get_monotonic_time () };
  guint doors = LSC_DOOR_ALL;

  if (argc == 2 && strcmp (argv[1], "--capability") == 0)
    return check_capability ();
  target = parse_target (argc, argv, &self, &doors);
  if (target == NULL)
    return 2;
  self.loop = g_main_loop_new (NULL, FALSE);
  self.trace = lsc_trace_new ();
  self.assembler = lsc_assembler_new (self.trace);
  self.session = lsc_session_new (&events, &self);
  lsc_session_set_doors (self.session, doors);
  lsc_session_set_ask_at_terminal (self.session, TRUE);
  if (self.stop_after_ms < 0)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, stdin_cb, &self);
  if (lsc_session_start (self.session, target, &error))
    {
      g_main_loop_run (self.loop);
      report (&self);
    }
  else
    say_error (error);
  lsc_session_free (self.session);
  lsc_assembler_free (self.assembler);
  lsc_trace_free (self.trace);
  g_main_loop_unref (self.loop);
  return 0;
}
