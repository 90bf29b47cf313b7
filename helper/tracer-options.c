/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/tracer-options.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_NEEDED 48u
#define FILES_ALLOWED 64u

static bool
parse_uid (const char *text, uint32_t *out_uid)
{
  unsigned long value;
  char *end;

  if (text[0] < '0' || text[0] > '9')
    return false;
  errno = 0;
  value = strtoul (text, &end, 10);
  if (errno != 0 || *end != 0 || value >= UINT32_MAX)
    return false;
  *out_uid = (uint32_t) value;
  return true;
}

/* pkexec runs us for the user it names; nobody else may be claimed then. */
static bool
check_pkexec (const LscTracerOptions *self, bool has_uid)
{
  const char *text = getenv ("PKEXEC_UID");
  uint32_t uid;

  if (!text)
    return true;
  return geteuid () == 0 && parse_uid (text, &uid) && (!has_uid || uid == self->uid);
}

LscTracerTrouble
lsc_tracer_options_parse (LscTracerOptions *self, int argc, char **argv)
{
  const LscTracerTrouble wrong = { LSC_TRACER_EXIT_USAGE, 0, NULL };
  bool has_scope = false, has_uid = false;
  const char *text;

  *self = (LscTracerOptions){ .scope_own = false, .stdio = false, .uid = getuid () };
  for (int i = 1; i < argc; i++)
    {
      if (strcmp (argv[i], "--stdio") == 0 && !self->stdio)
        self->stdio = true;
      else if (strcmp (argv[i], "--scope=own") == 0 && !has_scope)
        self->scope_own = has_scope = true;
      else if (strcmp (argv[i], "--scope=any") == 0 && !has_scope)
        has_scope = true;
      else if (strncmp (argv[i], "--uid=", 6) == 0 && !has_uid
               && parse_uid (argv[i] + 6, &self->uid))
        has_uid = true;
      else
        return wrong;
    }
  if (!check_pkexec (self, has_uid) || (!self->stdio && (!has_scope || !has_uid)))
    return wrong;
  text = getenv ("PKEXEC_UID");
  if (text && !has_uid)
    parse_uid (text, &self->uid);
  return LSC_TRACER_NO_TROUBLE;
}

/* The client's terminal sends these to all its processes; the client decides, we see its word. */
static void
reset_signals (void)
{
  static const int ignored[] = { SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ, SIGTSTP };
  sigset_t none;

  for (int sign = 1; sign < NSIG; sign++)
    signal (sign, SIG_DFL);
  for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
    signal (ignored[i], SIG_IGN);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

static bool
limit_files (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return false;
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > FILES_ALLOWED)
    limit.rlim_max = FILES_ALLOWED;
  limit.rlim_cur = limit.rlim_max;
  return limit.rlim_max >= FILES_NEEDED && setrlimit (RLIMIT_NOFILE, &limit) == 0;
}

LscTracerTrouble
lsc_tracer_options_prepare (void)
{
  reset_signals ();
  umask (077);
  if (clearenv () != 0 || chdir ("/") != 0)
    return (LscTracerTrouble){ LSC_TRACER_EXIT_INTERNAL, errno, "preparing" };
  if (!limit_files ())
    return (LscTracerTrouble){ LSC_TRACER_EXIT_LIMIT, 0, NULL };
  return LSC_TRACER_NO_TROUBLE;
}

void
lsc_tracer_options_hold_signal (int sign, void (*handler) (int))
{
  struct sigaction action = { .sa_handler = handler };
  sigset_t held;

  sigemptyset (&held);
  sigaddset (&held, sign);
  sigprocmask (SIG_BLOCK, &held, NULL);
  sigaction (sign, &action, NULL);
}

bool
lsc_tracer_options_is_stream (int fd)
{
  int value = 0;
  socklen_t size = sizeof value;

  if (getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &value, &size) != 0 || value != AF_UNIX)
    return false;
  size = sizeof value;
  return getsockopt (fd, SOL_SOCKET, SO_TYPE, &value, &size) == 0 && value == SOCK_STREAM;
}

/* The start time of a process, in clock ticks: field 22 of its stat file. 0 when it is gone. */
static uint64_t
read_start_ticks (uint32_t tgid)
{
  char path[64], text[1024];
  const char *field;
  FILE *file;
  size_t n;

  snprintf (path, sizeof path, "/proc/%u/stat", tgid);
  file = fopen (path, "re");
  if (!file)
    return 0;
  n = fread (text, 1, sizeof text - 1, file);
  fclose (file);
  text[n] = 0;
  /* The name, field 2, may hold anything; it ends at the last parenthesis. */
  field = strrchr (text, ')');
  for (int i = 2; field && i < 22; i++)
    {
      field = strchr (field, ' ');
      if (field)
        field++;
    }
  return field ? strtoull (field, NULL, 10) : 0;
}

/* The process a descriptor stands for: its id, -1 when it has ended, 0 when it is none. */
static long
read_pid (int fd)
{
  char path[64], line[256];
  long pid = 0;
  FILE *file;

  snprintf (path, sizeof path, "/proc/self/fdinfo/%d", fd);
  file = fopen (path, "re");
  while (file && fgets (line, sizeof line, file))
    if (sscanf (line, "Pid: %ld", &pid) == 1)
      break;
  if (file)
    fclose (file);
  return pid;
}

LscTracerTrouble
lsc_tracer_options_read_pidfds (int first,
                                LscCommandTarget *targets,
                                size_t *out_n_targets,
                                size_t *out_n_given)
{
  size_t n_targets = 0, n_given = 0;

  for (int fd = first; fcntl (fd, F_GETFD) >= 0; fd++)
    {
      long pid = read_pid (fd);
      uint64_t start_ticks = pid > 0 ? read_start_ticks ((uint32_t) pid) : 0;

      if (pid == 0 || pid > INT_MAX || n_given++ == LSC_COMMAND_TARGETS_MAX)
        return (LscTracerTrouble){ LSC_TRACER_EXIT_USAGE, 0, "a descriptor is of no process" };
      /* Asked again: the start time belongs to it only if it lives still. */
      if (pid < 0 || start_ticks == 0 || read_pid (fd) != pid)
        continue;
      targets[n_targets++] = (LscCommandTarget){ (uint32_t) pid, 0, start_ticks };
    }
  *out_n_targets = n_targets;
  *out_n_given = n_given;
  return LSC_TRACER_NO_TROUBLE;
}
