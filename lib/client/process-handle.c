/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/process-handle.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static gboolean
read_proc (uint32_t pid, const char *file, char *text, size_t size)
{
  char path[64];
  ssize_t n;
  int fd;

  g_snprintf (path, sizeof path, "/proc/%u/%s", pid, file);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  do
    n = read (fd, text, size - 1);
  while (n < 0 && errno == EINTR);
  close (fd);
  text[n > 0 ? n : 0] = '\0';
  return n > 0;
}

/* The values of one line of /proc/PID/status; FALSE where it has no such line. */
static gboolean
find_ids (const char *status, const char *key, uint32_t ids[4], int n_ids)
{
  const char *line = strstr (status, key);
  int n;

  if (line == NULL)
    return FALSE;
  n = sscanf (line + strlen (key), "%u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]);
  return n >= n_ids;
}

static uint64_t
read_start_ticks (uint32_t pid)
{
  char text[1024];
  unsigned long long ticks = 0;
  const char *rest;

  if (!read_proc (pid, "stat", text, sizeof text))
    return 0;
  /* The name, in brackets, may hold anything: count from its last bracket. Field 3 follows it. */
  rest = strrchr (text, ')');
  if (rest == NULL
      || sscanf (rest + 1,
                 " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
                 " %llu",
                 &ticks)
             != 1)
    return 0;
  return ticks;
}

/* What scope own will show: all ids ours, and readable as only the owner of an undisguised process
 * can (the kernel gives the files of a non-dumpable one to root). */
static gboolean
is_own (uint32_t pid, const uint32_t uids[4])
{
  char path[64];

  g_snprintf (path, sizeof path, "/proc/%u/fd", pid);
  return uids[0] == getuid () && uids[1] == getuid () && uids[2] == getuid ()
         && access (path, R_OK) == 0;
}

static gboolean
is_alive (int pidfd)
{
  struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

  return poll (&poll_fd, 1, 0) == 0;
}

static gboolean
look_at (LscProcessHandle *self, uint32_t pid)
{
  uint32_t ids[4] = { 0 };
  char status[4096];

  if (!read_proc (pid, "status", status, sizeof status) || !find_ids (status, "\nTgid:", ids, 1))
    return FALSE;
  self->tgid = ids[0];
  self->pidfd = (int) syscall (SYS_pidfd_open, self->tgid, 0);
  if (self->pidfd < 0)
    return FALSE;
  if (!find_ids (status, "\nUid:", ids, 4))
    return FALSE;
  self->uid = ids[0];
  self->own = is_own (self->tgid, ids);
  self->start_ticks = read_start_ticks (self->tgid);
  /* All of this was about the process behind the pidfd only if that is still there now. */
  return is_alive (self->pidfd);
}

gboolean
lsc_process_handle_init (LscProcessHandle *self, uint32_t pid, GError **error)
{
  LscProcessHandle handle = { .pidfd = -1 };
  char text[16];

  if (pid != 0 && pid <= G_MAXINT32 && look_at (&handle, pid))
    {
      *self = handle;
      return TRUE;
    }
  lsc_process_handle_clear (&handle);
  g_snprintf (text, sizeof text, "%u", pid);
  lsc_trouble_set (error, LSC_CLIENT_ERROR_NO_SUCH_PROCESS, text);
  return FALSE;
}

void
lsc_process_handle_clear (LscProcessHandle *self)
{
  if (self->pidfd >= 0)
    close (self->pidfd);
  self->pidfd = -1;
}
