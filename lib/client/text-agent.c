/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/text-agent.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#define NOTIFY_FD 3

struct _LscTextAgent
{
  GSubprocess *process;
  GSource *notify;
  int notify_fd;
  void (*ready) (gpointer user_data);
  gpointer user_data;
};

gboolean
lsc_text_agent_is_possible (void)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

  if (fd < 0)
    return FALSE;
  close (fd);
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

static void
drop_notify (LscTextAgent *self)
{
  if (self->notify == NULL)
    return;
  g_source_destroy (self->notify);
  g_clear_pointer (&self->notify, g_source_unref);
  close (self->notify_fd);
}

/* pkttyagent closes its end when it is registered, and so does its end. */
static gboolean
notify_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LscTextAgent *self = user_data;

  drop_notify (self);
  self->ready (self->user_data);
  return G_SOURCE_REMOVE;
}

static GSubprocess *
start (int fd)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_INHERIT);
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  /* polkit 122 finds a fallback agent only for a process that belongs to a login session. */
  gboolean desktop = g_getenv ("DISPLAY") != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL;

  g_subprocess_launcher_take_fd (launcher, fd, NOTIFY_FD);
  return g_subprocess_launcher_spawn (launcher, NULL, "pkttyagent", "--process", pid, "--notify-fd",
                                      G_STRINGIFY (NOTIFY_FD), desktop ? "--fallback" : NULL, NULL);
}

LscTextAgent *
lsc_text_agent_new (void (*ready) (gpointer user_data), gpointer user_data)
{
  LscTextAgent *self;
  GSubprocess *process;
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC) != 0)
    return NULL;
  process = start (fds[1]);
  if (process == NULL)
    {
      close (fds[0]);
      return NULL;
    }
  self = g_new0 (LscTextAgent, 1);
  self->process = process;
  self->notify_fd = fds[0];
  self->ready = ready;
  self->user_data = user_data;
  self->notify = g_unix_fd_source_new (fds[0], G_IO_IN | G_IO_HUP);
  g_source_set_callback (self->notify, G_SOURCE_FUNC (notify_cb), self, NULL);
  g_source_attach (self->notify, g_main_context_get_thread_default ());
  return self;
}

void
lsc_text_agent_free (LscTextAgent *self)
{
  if (self == NULL)
    return;
  drop_notify (self);
  /* It puts the terminal in order itself. */
  g_subprocess_send_signal (self->process, SIGTERM);
  g_object_unref (self->process);
  g_free (self);
}
