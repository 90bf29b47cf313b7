/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session-command.h"

#include "lib/client/held-child.h"
#include "lib/client/source.h"

#include <glib-unix.h>

struct _LscSessionCommand
{
  const LscTarget *target;
  GMainContext *context;
  const LscSessionCommandEvents *events;
  gpointer user_data;
  LscHeldChild child;
  GSource *watch; /* until it has ended */
  GSource *exec;  /* from release until it runs */
  gboolean released;
  gboolean exited;
  int wait_status;
};

static void
watch_cb (GPid pid, int wait_status, gpointer user_data)
{
  LscSessionCommand *self = user_data;

  lsc_source_drop (&self->watch);
  self->exited = TRUE;
  self->wait_status = wait_status;
  if (self->released)
    self->events->exited (self->user_data);
}

static gboolean
exec_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LscSessionCommand *self = user_data;
  GError *error = lsc_held_child_take_failure (&self->child, self->target);

  lsc_source_drop (&self->exec);
  if (error != NULL)
    self->events->failed (self->user_data, error);
  return G_SOURCE_REMOVE;
}

LscSessionCommand *
lsc_session_command_new (const LscTarget *target,
                         GMainContext *context,
                         const LscSessionCommandEvents *events,
                         gpointer user_data,
                         GError **error)
{
  LscSessionCommand *self;
  LscHeldChild child;

  if (!lsc_held_child_init (&child, target, error))
    return NULL;
  self = g_new0 (LscSessionCommand, 1);
  self->target = target;
  self->context = g_main_context_ref (context);
  self->events = events;
  self->user_data = user_data;
  self->child = child;
  self->watch = lsc_source_keep (g_child_watch_source_new (child.pid), context,
                                 G_SOURCE_FUNC (watch_cb), self);
  return self;
}

static void
reap_cb (GPid pid, int wait_status, gpointer user_data)
{
  g_spawn_close_pid (pid);
}

void
lsc_session_command_free (LscSessionCommand *self)
{
  gboolean running;

  if (self == NULL)
    return;
  running = self->watch != NULL;
  lsc_source_drop (&self->exec);
  lsc_source_drop (&self->watch);
  lsc_held_child_clear (&self->child);
  /* Nobody asks for the status any more, but a zombie should not stay. */
  if (running)
    g_source_unref (lsc_source_keep (g_child_watch_source_new (self->child.pid), self->context,
                                     G_SOURCE_FUNC (reap_cb), NULL));
  g_main_context_unref (self->context);
  g_free (self);
}

void
lsc_session_command_release (LscSessionCommand *self)
{
  if (self->released)
    return;
  self->released = TRUE;
  lsc_held_child_release (&self->child);
  self->exec = lsc_source_keep (g_unix_fd_source_new (self->child.failure_fd, G_IO_IN | G_IO_HUP),
                                self->context, G_SOURCE_FUNC (exec_cb), self);
}

GPid
lsc_session_command_get_pid (const LscSessionCommand *self)
{
  return self->child.pid;
}

gboolean
lsc_session_command_get_status (const LscSessionCommand *self, int *out_wait_status)
{
  if (self->exited)
    *out_wait_status = self->wait_status;
  return self->exited;
}
