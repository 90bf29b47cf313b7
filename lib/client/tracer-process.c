/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/tracer-process.h"

#include "lib/wire/exit-code.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

struct _LscTracerProcess
{
  GSubprocess *subprocess;
  GCancellable *cancellable;
  gboolean pkexec;
  gboolean has_ended;
  char *said;
  guint idle; /* source that calls `ended` of a process that is over already */
  GMainContext *context;
  void (*ended) (LscTracerProcess *self, gpointer user_data);
  gpointer user_data;
};

static void
communicate_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LscTracerProcess *self = user_data;
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, NULL, &said, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* freed */
  self->said = g_steal_pointer (&said);
  self->has_ended = TRUE;
  if (self->ended != NULL)
    self->ended (self, self->user_data);
}

static GSubprocess *
start (const char *program, gboolean pkexec, LscScope scope, int fd, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *uid = g_strdup_printf ("--uid=%u", getuid ());
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;

  if (pkexec)
    /* pkexec's own text agent does not work in polkit 122, security of it aside. */
    g_strv_builder_add_many (builder, "pkexec", "--disable-internal-agent", NULL);
  g_strv_builder_add_many (builder, program, "--stdio",
                           scope == LSC_SCOPE_OWN ? "--scope=own" : "--scope=any", uid, NULL);
  argv = g_strv_builder_end (builder);
  /* pkexec's messages are told apart below. */
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  g_subprocess_launcher_take_stdin_fd (launcher, fd);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, error);
}

LscTracerProcess *
lsc_tracer_process_new (
    const char *program, gboolean pkexec, LscScope scope, int *out_fd, GError **error)
{
  g_autoptr (GError) reason = NULL;
  LscTracerProcess *self;
  GSubprocess *subprocess;
  int fds[2];

  if (access (program, X_OK) != 0)
    {
      lsc_trouble_set (error, LSC_CLIENT_ERROR_NO_TRACER, program);
      return NULL;
    }
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      lsc_trouble_set (error, LSC_CLIENT_ERROR_RUN_FAILED, g_strerror (errno));
      return NULL;
    }
  subprocess = start (program, pkexec, scope, fds[1], &reason);
  if (subprocess == NULL)
    {
      close (fds[0]);
      lsc_trouble_set (error, LSC_CLIENT_ERROR_RUN_FAILED, reason->message);
      return NULL;
    }
  self = g_new0 (LscTracerProcess, 1);
  self->subprocess = subprocess;
  self->pkexec = pkexec;
  self->cancellable = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  g_subprocess_communicate_utf8_async (subprocess, NULL, self->cancellable, communicate_cb, self);
  *out_fd = fds[0];
  return self;
}

void
lsc_tracer_process_free (LscTracerProcess *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  if (self->idle != 0)
    g_source_destroy (g_main_context_find_source_by_id (self->context, self->idle));
  g_object_unref (self->cancellable);
  g_object_unref (self->subprocess);
  g_main_context_unref (self->context);
  g_free (self->said);
  g_free (self);
}

static gboolean
ended_idle_cb (gpointer user_data)
{
  LscTracerProcess *self = user_data;

  self->idle = 0;
  self->ended (self, self->user_data);
  return G_SOURCE_REMOVE;
}

void
lsc_tracer_process_wait (LscTracerProcess *self,
                         void (*ended) (LscTracerProcess *self, gpointer user_data),
                         gpointer user_data)
{
  self->ended = ended;
  self->user_data = user_data;
  if (self->has_ended && self->idle == 0)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, ended_idle_cb, self, NULL);
      self->idle = g_source_attach (source, self->context);
    }
}

GError *
lsc_tracer_process_explain_exit (int status, const char *said)
{
  struct utsname system = { 0 };

  switch (status)
    {
    case LSC_TRACER_EXIT_OK:
      return NULL;
    case LSC_TRACER_EXIT_NO_BTF:
      return lsc_trouble_new (LSC_CLIENT_ERROR_NO_BTF, NULL);
    case LSC_TRACER_EXIT_OLD_KERNEL:
      uname (&system);
      return lsc_trouble_new (LSC_CLIENT_ERROR_OLD_KERNEL, system.release);
    case LSC_TRACER_EXIT_LOCKDOWN:
      return lsc_trouble_new (LSC_CLIENT_ERROR_LOCKDOWN, NULL);
    case LSC_TRACER_EXIT_CONTAINER:
      return lsc_trouble_new (LSC_CLIENT_ERROR_CONTAINER, NULL);
    case LSC_TRACER_EXIT_NO_CAPABILITY:
      return lsc_trouble_new (LSC_CLIENT_ERROR_NO_CAPABILITY, NULL);
    case LSC_TRACER_EXIT_NO_MEMORY:
    case LSC_TRACER_EXIT_LIMIT:
      return lsc_trouble_new (LSC_CLIENT_ERROR_NO_MEMORY, NULL);
    case LSC_TRACER_EXIT_LOAD:
      return lsc_trouble_new (LSC_CLIENT_ERROR_KERNEL_REFUSED, said);
    case LSC_TRACER_EXIT_USAGE:
      return lsc_trouble_new (LSC_CLIENT_ERROR_PROTOCOL, NULL);
    default:
      {
        g_autofree char *number = g_strdup_printf ("exit status %d", status);
        gboolean silent = said == NULL || *said == '\0';

        return lsc_trouble_new (LSC_CLIENT_ERROR_HELPER_FAILED, silent ? number : said);
      }
    }
}

GError *
lsc_tracer_process_explain_pkexec (int status, const char *said)
{
  /* pkexec(1): 126 the dialog was dismissed; 127 not authorised, or an error. */
  if (status == 126)
    return lsc_trouble_new (LSC_CLIENT_ERROR_DISMISSED, NULL);
  if (said == NULL)
    return lsc_trouble_new (LSC_CLIENT_ERROR_DENIED, NULL);
  if (strstr (said, "o authentication agent") != NULL)
    return lsc_trouble_new (LSC_CLIENT_ERROR_NO_AGENT, NULL);
  if (strstr (said, "dismissed") != NULL)
    return lsc_trouble_new (LSC_CLIENT_ERROR_DISMISSED, NULL);
  if (strstr (said, "Error getting authority") != NULL
      || strstr (said, "org.freedesktop.PolicyKit1") != NULL)
    return lsc_trouble_new (LSC_CLIENT_ERROR_NO_POLKIT, NULL);
  return lsc_trouble_new (LSC_CLIENT_ERROR_DENIED, NULL);
}

GError *
lsc_tracer_process_explain (const LscTracerProcess *self)
{
  int status;

  if (!g_subprocess_get_if_exited (self->subprocess))
    return lsc_trouble_new (LSC_CLIENT_ERROR_HELPER_LOST, NULL);
  status = g_subprocess_get_exit_status (self->subprocess);
  if (self->pkexec && (status == 126 || status == 127))
    return lsc_tracer_process_explain_pkexec (status, self->said);
  return lsc_tracer_process_explain_exit (status, self->said);
}
