/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/door-worker.h"

#include "lib/wire/command.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STREAM_FD 3
#define PIDFDS_FD 4
#define KILL_AFTER_MS 500

struct _LscDoorWorker
{
  pid_t pid;
  int pidfd;
  guint watch;
  guint kill_timer;
  void (*ended) (int wait_status, gpointer user_data);
  gpointer user_data;
};

/* Everything the child needs; between fork and exec only async-signal-safe calls are allowed. */
typedef struct
{
  const char *program;
  char *argv[4];
  int null_fd;
  int stream_fd;
  const int *pidfds;
  guint n_pidfds;
} Plan;

/* Moves `fd` above every number that is going to be used, then to `to`. */
static int
lift (int fd)
{
  return fcntl (fd, F_DUPFD_CLOEXEC, PIDFDS_FD + (int) LSC_COMMAND_TARGETS_MAX);
}

static gboolean
place_descriptors (const Plan *plan)
{
  int lifted[LSC_COMMAND_TARGETS_MAX];
  int null_fd = lift (plan->null_fd);
  int stream_fd = lift (plan->stream_fd);
  int log_fd = lift (STDERR_FILENO);

  for (guint i = 0; i < plan->n_pidfds; i++)
    if ((lifted[i] = lift (plan->pidfds[i])) < 0)
      return FALSE;
  if (dup2 (null_fd, STDIN_FILENO) < 0 || dup2 (log_fd, STDOUT_FILENO) < 0
      || dup2 (log_fd, STDERR_FILENO) < 0 || dup2 (stream_fd, STREAM_FD) < 0)
    return FALSE;
  for (guint i = 0; i < plan->n_pidfds; i++)
    if (dup2 (lifted[i], PIDFDS_FD + (int) i) < 0)
      return FALSE;
  return syscall (SYS_close_range, PIDFDS_FD + plan->n_pidfds, ~0U, 0) == 0;
}

static G_NORETURN void
run_child (const Plan *plan)
{
  static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  static char *environment[] = { path, NULL };
  sigset_t none;

  for (int sign = 1; sign < NSIG; sign++)
    signal (sign, SIG_DFL);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  if (place_descriptors (plan))
    execve (plan->program, plan->argv, environment);
  _exit (127);
}

static gboolean
kill_cb (gpointer user_data)
{
  LscDoorWorker *self = user_data;

  self->kill_timer = 0;
  syscall (SYS_pidfd_send_signal, self->pidfd, SIGKILL, NULL, 0);
  return G_SOURCE_REMOVE;
}

void
lsc_door_worker_stop (LscDoorWorker *self)
{
  if (self->kill_timer != 0)
    return;
  syscall (SYS_pidfd_send_signal, self->pidfd, SIGTERM, NULL, 0);
  self->kill_timer = g_timeout_add (KILL_AFTER_MS, kill_cb, self);
}

static gboolean
ended_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LscDoorWorker *self = user_data;
  int status = 0;

  if (waitpid (self->pid, &status, WNOHANG) == 0)
    return G_SOURCE_CONTINUE;
  g_clear_handle_id (&self->kill_timer, g_source_remove);
  close (self->pidfd);
  self->ended (status, self->user_data);
  g_free (self);
  return G_SOURCE_REMOVE;
}

static pid_t
start (const LscDoorWorkerOptions *options, int stream_fd)
{
  g_autofree char *scope = g_strdup_printf ("--scope=%s", options->scope);
  g_autofree char *uid = g_strdup_printf ("--uid=%u", options->uid);
  static char name[] = "lanescope-tracer";
  Plan plan = { .program = options->program,
                .argv = { name, scope, uid, NULL },
                .stream_fd = stream_fd,
                .pidfds = options->pidfds,
                .n_pidfds = options->n_pidfds };
  pid_t pid;

  plan.null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  if (plan.null_fd < 0)
    return -1;
  pid = fork ();
  if (pid == 0)
    run_child (&plan);
  close (plan.null_fd);
  return pid;
}

static LscDoorWorker *
watch (pid_t pid, void (*ended) (int, gpointer), gpointer user_data)
{
  /* Nobody else reaps it, so the number is still its. */
  int pidfd = (int) syscall (SYS_pidfd_open, pid, 0);
  LscDoorWorker *self;

  if (pidfd < 0)
    {
      kill (pid, SIGKILL);
      waitpid (pid, NULL, 0);
      return NULL;
    }
  self = g_new0 (LscDoorWorker, 1);
  self->pid = pid;
  self->pidfd = pidfd;
  self->ended = ended;
  self->user_data = user_data;
  self->watch = g_unix_fd_add (pidfd, G_IO_IN, ended_cb, self);
  return self;
}

LscDoorWorker *
lsc_door_worker_new (const LscDoorWorkerOptions *options,
                     void (*ended) (int wait_status, gpointer user_data),
                     gpointer user_data,
                     int *out_fd,
                     GError **error)
{
  LscDoorWorker *self = NULL;
  int fds[2];
  pid_t pid;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0)
    {
      pid = start (options, fds[1]);
      if (pid > 0)
        self = watch (pid, ended, user_data);
      close (fds[1]);
      if (self != NULL)
        {
          *out_fd = fds[0];
          return self;
        }
      close (fds[0]);
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
  return NULL;
}
