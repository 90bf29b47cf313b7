/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * T34, T35. After lsc_drop_everything() nothing is left to a hijacked tracer. Each fact is tried in
 * a child, because there is no way back.
 */
#include "helper/drop.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
  DONE = 100, /* the child's exit status when the attempt went through */
};

/* What the child is to try. Returns whether it was possible; errno says why not. */
typedef bool (*Attempt) (void);

static bool
open_shadow (void)
{
  return syscall (SYS_openat, AT_FDCWD, "/etc/shadow", O_RDONLY) >= 0;
}

static bool
open_public (void)
{
  return syscall (SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0;
}

static bool
make_socket (void)
{
  return syscall (SYS_socket, AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
run_program (void)
{
  char *const arguments[] = { "true", NULL };

  return syscall (SYS_execve, "/bin/true", arguments, NULL) == 0;
}

static bool
trace_parent (void)
{
  return syscall (SYS_ptrace, PTRACE_ATTACH, 1, NULL, NULL) == 0;
}

static bool
make_map (void)
{
  union bpf_attr attributes = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4 };

  attributes.max_entries = 1;
  return syscall (SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes) >= 0;
}

static bool
become_root (void)
{
  return syscall (SYS_setuid, 0) == 0;
}

static bool
kill_somebody (void)
{
  return syscall (SYS_kill, 1, 0) == 0;
}

static bool
fork_again (void)
{
  return syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, 0) >= 0;
}

/* The control: what the worker does need is possible. */
static bool
write_on (void)
{
  return syscall (SYS_write, STDERR_FILENO, "", 0) == 0;
}

static int
try_after_drop (Attempt attempt, bool drop)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      LscTracerTrouble why = drop ? lsc_drop_everything (getppid ()) : LSC_TRACER_NO_TROUBLE;

      if (why.exit != LSC_TRACER_EXIT_OK)
        _exit (101);
      _exit (attempt () ? DONE : errno);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_nothing_is_left (void)
{
  const Attempt attempts[] = { open_shadow, open_public, make_socket, run_program,  trace_parent,
                               make_map,    become_root, fork_again,  kill_somebody };

  for (gsize i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_test_message ("attempt %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (try_after_drop (attempts[i], true), ==, EPERM);
    }
  g_assert_cmpint (try_after_drop (write_on, true), ==, DONE);
}

/* The attempts are real ones: before the drop they go through, for whoever may. */
static void
test_attempts_are_real (void)
{
  g_assert_cmpint (try_after_drop (open_public, false), ==, DONE);
  g_assert_cmpint (try_after_drop (fork_again, false), ==, DONE);
  if (geteuid () == 0)
    g_assert_cmpint (try_after_drop (open_shadow, false), ==, DONE);
}

/* Somebody else's child: the parent has gone before the tracer could ask to end with it. */
static void
test_orphan (void)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    _exit ((int) lsc_drop_everything (getppid () + 1).exit);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, LSC_TRACER_EXIT_CLIENT_GONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drop/attempts-are-real", test_attempts_are_real);
  g_test_add_func ("/drop/nothing-is-left", test_nothing_is_left);
  g_test_add_func ("/drop/orphan-ends", test_orphan);
  return g_test_run ();
}
