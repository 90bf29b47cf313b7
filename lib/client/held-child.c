/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/held-child.h"

#include "lsc-config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

/* Everything the child needs, made before the fork: after it only async-signal-safe calls are
 * allowed, because other threads may have held locks. */
typedef struct
{
  char *const *argv;
  char *const *envp;
  const char *folder;
  GStrv candidates; /* paths to try */
  int go_fd;
  int failure_fd;
} Plan;

static G_NORETURN void
fail_in_child (const Plan *plan, int step)
{
  LscHeldFailure failure = { .error = errno, .step = step };

  /* Nobody to tell when this fails: the exit status says the same. */
  if (write (plan->failure_fd, &failure, sizeof failure) < 0)
    _exit (125);
  _exit (failure.step == 1 && failure.error == ENOENT ? 127 : 126);
}

static void
reset_signals (void)
{
  sigset_t none;

  sigemptyset (&none);
  signal (SIGPIPE, SIG_DFL);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

static G_NORETURN void
run_child (const Plan *plan)
{
  int error = ENOENT;
  char byte;
  ssize_t n;

  do
    n = read (plan->go_fd, &byte, 1);
  while (n < 0 && errno == EINTR);
  if (n != 1)
    _exit (0);
  reset_signals ();
  if (plan->folder != NULL && chdir (plan->folder) != 0)
    fail_in_child (plan, 0);
  for (char **path = plan->candidates; *path != NULL; path++)
    {
      execve (*path, plan->argv, plan->envp);
      /* As execvp(): remember that one was there but not allowed, go on looking. */
      if (errno != ENOENT && errno != ENOTDIR)
        error = errno;
      if (errno == ENOEXEC || errno == E2BIG || errno == ENOMEM)
        break;
    }
  errno = error;
  fail_in_child (plan, 1);
}

static GStrv
list_candidates (const LscTarget *target)
{
  const char *program = target->argv[0];
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) folders = NULL;
  const char *path;

  if (strchr (program, '/') != NULL)
    {
      g_strv_builder_add (builder, program);
      return g_strv_builder_end (builder);
    }
  path = target->envp != NULL ? g_environ_getenv (target->envp, "PATH") : g_getenv ("PATH");
  folders = g_strsplit (path != NULL ? path : "/usr/local/bin:/usr/bin:/bin", ":", -1);
  for (char **folder = folders; *folder != NULL; folder++)
    {
      g_autofree char *file = g_build_filename (**folder ? *folder : ".", program, NULL);

      g_strv_builder_add (builder, file);
    }
  return g_strv_builder_end (builder);
}

static gboolean
make_pipe (int fds[2], GError **error)
{
  if (pipe2 (fds, O_CLOEXEC) == 0)
    return TRUE;
  lsc_trouble_set (error, LSC_CLIENT_ERROR_RUN_FAILED, g_strerror (errno));
  return FALSE;
}

static gboolean
fork_child (LscHeldChild *self, Plan *plan, GError **error)
{
  int go[2];
  int failure[2];
  int error_number;

  if (!make_pipe (go, error))
    return FALSE;
  if (!make_pipe (failure, error))
    {
      close (go[0]);
      close (go[1]);
      return FALSE;
    }
  plan->go_fd = go[0];
  plan->failure_fd = failure[1];
  self->pid = fork ();
  error_number = errno;
  if (self->pid == 0)
    {
      close (go[1]); /* or it would never see the end of this pipe */
      run_child (plan);
    }
  close (go[0]);
  close (failure[1]);
  self->go_fd = go[1];
  self->failure_fd = failure[0];
  if (self->pid > 0)
    return TRUE;
  self->pid = 0;
  lsc_held_child_clear (self);
  lsc_trouble_set (error, LSC_CLIENT_ERROR_RUN_FAILED, g_strerror (error_number));
  return FALSE;
}

gboolean
lsc_held_child_init (LscHeldChild *self, const LscTarget *target, GError **error)
{
  g_auto (GStrv) candidates = list_candidates (target);
  Plan plan = { .argv = target->argv,
                .envp = target->envp != NULL ? target->envp : environ,
                .folder = target->folder,
                .candidates = candidates };

  *self = (LscHeldChild){ .go_fd = -1, .failure_fd = -1 };
  return fork_child (self, &plan, error);
}

void
lsc_held_child_release (LscHeldChild *self)
{
  ssize_t n;

  if (self->go_fd < 0)
    return;
  /* A child that was killed meanwhile makes this fail; its end is seen elsewhere. */
  do
    n = write (self->go_fd, "g", 1);
  while (n < 0 && errno == EINTR);
  close (self->go_fd);
  self->go_fd = -1;
}

GError *
lsc_held_child_take_failure (LscHeldChild *self, const LscTarget *target)
{
  LscHeldFailure failure;
  ssize_t n;

  do
    n = read (self->failure_fd, &failure, sizeof failure);
  while (n < 0 && errno == EINTR);
  close (self->failure_fd);
  self->failure_fd = -1;
  if (n != sizeof failure)
    return NULL;
  if (failure.step == 0)
    return lsc_trouble_new (LSC_CLIENT_ERROR_NO_FOLDER, target->folder);
  if (failure.error == ENOENT && g_path_is_absolute (target->argv[0])
      && access (target->argv[0], F_OK) == 0)
    return lsc_trouble_new (LSC_CLIENT_ERROR_RUN_FAILED,
                            _ ("the interpreter that its first line names is not there"));
  if (failure.error == ENOENT || failure.error == ENOTDIR)
    return lsc_trouble_new (LSC_CLIENT_ERROR_NO_PROGRAM, target->argv[0]);
  if (failure.error == EACCES || failure.error == ENOEXEC || failure.error == EPERM)
    return lsc_trouble_new (LSC_CLIENT_ERROR_NOT_EXECUTABLE, target->argv[0]);
  return lsc_trouble_new (LSC_CLIENT_ERROR_RUN_FAILED, g_strerror (failure.error));
}

void
lsc_held_child_clear (LscHeldChild *self)
{
  if (self->go_fd >= 0)
    close (self->go_fd);
  if (self->failure_fd >= 0)
    close (self->failure_fd);
  self->go_fd = self->failure_fd = -1;
}
