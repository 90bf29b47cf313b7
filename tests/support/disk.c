/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A disk that a test holds or pulls: preloaded (LD_PRELOAD), it looks after the files whose path
 * begins as LSC_DISK says. The file LSC_DISK_STATE says what becomes of them, from the moment it is
 * there: "hold 4 0", four large pieces (of 64 KiB and more) are read and written as usual, and then
 * none for as long as it says so; "fail 4 5", then everything fails with that errno (5: EIO).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LARGE 65536
#define LOOK_NS 10000000l

typedef struct
{
  char word[8]; /* empty: all is well */
  int n_free, error;
} State;

static State
read_state (void)
{
  const char *path = getenv ("LSC_DISK_STATE");
  State state = { .word = "" };
  char text[32] = "";
  long fd = path == NULL ? -1 : syscall (SYS_openat, AT_FDCWD, path, O_RDONLY);

  if (fd < 0)
    return state;
  if (syscall (SYS_read, fd, text, sizeof text - 1) <= 0
      || sscanf (text, "%7s %d %d", state.word, &state.n_free, &state.error) != 3)
    state.word[0] = '\0';
  syscall (SYS_close, fd);
  return state;
}

static bool
is_path_on_disk (const char *path)
{
  const char *disk = getenv ("LSC_DISK");

  return disk != NULL && strncmp (path, disk, strlen (disk)) == 0;
}

static bool
is_on_disk (int fd)
{
  char link[32], path[4096];
  long n;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  n = syscall (SYS_readlink, link, path, sizeof path - 1);
  path[n > 0 ? n : 0] = '\0';
  return is_path_on_disk (path);
}

/* 0, or the errno that it fails with. May take its time. */
static int
ask_disk (size_t n_bytes)
{
  static _Atomic int n_large;
  const struct timespec moment = { .tv_nsec = LOOK_NS };
  State state = read_state ();
  int n = n_bytes >= LARGE ? atomic_fetch_add (&n_large, 1) : atomic_load (&n_large);

  while (strcmp (state.word, "hold") == 0 && n_bytes >= LARGE && n >= state.n_free)
    {
      nanosleep (&moment, NULL);
      state = read_state ();
    }
  return strcmp (state.word, "fail") == 0 && n >= state.n_free ? state.error : 0;
}

static bool
fails (int fd, size_t n_bytes)
{
  int error = is_on_disk (fd) ? ask_disk (n_bytes) : 0;

  if (error != 0)
    errno = error;
  return error != 0;
}

int
open (const char *path, int flags, ...)
{
  int error = is_path_on_disk (path) ? ask_disk (0) : 0;
  va_list rest;
  int mode;

  va_start (rest, flags);
  mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg (rest, int) : 0;
  va_end (rest);
  if (error == 0)
    return (int) syscall (SYS_openat, AT_FDCWD, path, flags, mode);
  errno = error;
  return -1;
}

ssize_t
pread (int fd, void *bytes, size_t n_bytes, off_t at)
{
  return fails (fd, n_bytes) ? -1 : syscall (SYS_pread64, fd, bytes, n_bytes, at);
}

ssize_t
read (int fd, void *bytes, size_t n_bytes)
{
  return fails (fd, n_bytes) ? -1 : syscall (SYS_read, fd, bytes, n_bytes);
}

ssize_t
write (int fd, const void *bytes, size_t n_bytes)
{
  return fails (fd, n_bytes) ? -1 : syscall (SYS_write, fd, bytes, n_bytes);
}

int
fsync (int fd)
{
  return fails (fd, 0) ? -1 : (int) syscall (SYS_fsync, fd);
}
