/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
is_device (const char *path)
{
  struct stat st;

  /* /dev/shm is an ordinary place for files. */
  if (g_str_has_prefix (path, "/proc/")
      || (g_str_has_prefix (path, "/dev/") && !g_str_has_prefix (path, "/dev/shm/")))
    return TRUE;
  return stat (path, &st) == 0
         && (S_ISCHR (st.st_mode) || S_ISBLK (st.st_mode) || S_ISFIFO (st.st_mode));
}

/* Each of these returns a descriptor, or -1 with errno. */

static int
open_device (const char *path)
{
  /* Not to wait for a reader of a FIFO, nor to make a file in /dev. */
  int fd = open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  int flags = fd >= 0 ? fcntl (fd, F_GETFL) : -1;

  if (flags >= 0)
    (void) fcntl (fd, F_SETFL, flags & ~O_NONBLOCK);
  return fd;
}

static int
open_in_place (const char *path)
{
  return open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static int
open_beside (LscSafeFile *self)
{
  struct stat st;

  if (lstat (self->path, &st) == 0 && S_ISDIR (st.st_mode))
    {
      errno = EISDIR;
      return -1;
    }
  self->beside = g_strdup_printf ("%s.part-XXXXXX", self->path);
  return mkostemp (self->beside, O_CLOEXEC);
}

gboolean
lsc_safe_file_open (LscSafeFile *self, const char *path, LscSafeFileMode mode, GError **error)
{
  gboolean out = g_str_equal (path, "-");

  *self = (LscSafeFile){ .fd = -1, .path = g_strdup (path), .device = out || is_device (path) };
  if (out)
    self->fd = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  else if (self->device)
    self->fd = open_device (path);
  else if (mode == LSC_SAFE_FILE_IN_PLACE)
    self->fd = open_in_place (path);
  if (self->fd < 0 && !self->device && (mode == LSC_SAFE_FILE_BESIDE || errno == EEXIST))
    self->fd = open_beside (self);
  if (self->fd >= 0)
    return TRUE;
  lsc_files_error_writing (path, errno, error);
  g_clear_pointer (&self->beside, g_free); /* it was not made */
  lsc_safe_file_clear (self);
  return FALSE;
}

/* write(), but a file size limit is an error to report (EFBIG), not a reason to die: the signal
 * that comes with it goes to the thread that writes, and is taken here. */
static ssize_t
write_some (int fd, const void *bytes, size_t n_bytes)
{
  static const struct timespec at_once = { 0 };
  sigset_t limit, before;
  int error;
  ssize_t n;

  sigemptyset (&limit);
  sigaddset (&limit, SIGXFSZ);
  pthread_sigmask (SIG_BLOCK, &limit, &before);
  n = write (fd, bytes, n_bytes);
  error = errno;
  if (n < 0 && error == EFBIG)
    (void) sigtimedwait (&limit, NULL, &at_once);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = error;
  return n;
}

gboolean
lsc_safe_file_write (LscSafeFile *self, const void *bytes, size_t n_bytes, GError **error)
{
  const char *p = bytes;
  size_t left = n_bytes;

  while (left > 0)
    {
      ssize_t n = write_some (self->fd, p, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          lsc_files_error_writing (self->path, errno, error);
          if (!self->device && ftruncate (self->fd, (off_t) self->whole) == 0)
            (void) lseek (self->fd, (off_t) self->whole, SEEK_SET);
          return FALSE;
        }
      p += n;
      left -= (size_t) n;
    }
  self->whole += n_bytes;
  return TRUE;
}

/* So that the new name survives a power cut. Best effort: not every file system can. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  (void) fsync (fd);
  (void) close (fd);
}

gboolean
lsc_safe_file_commit (LscSafeFile *self, GError **error)
{
  int fd = self->fd;

  self->fd = -1;
  if (!self->device && fsync (fd) != 0)
    {
      lsc_files_error_writing (self->path, errno, error);
      (void) close (fd);
      return FALSE;
    }
  if (close (fd) != 0)
    return lsc_files_error_writing (self->path, errno, error);
  if (self->beside != NULL)
    {
      if (rename (self->beside, self->path) != 0)
        return lsc_files_error_writing (self->path, errno, error);
      g_clear_pointer (&self->beside, g_free);
    }
  if (!self->device)
    sync_folder (self->path);
  return TRUE;
}

void
lsc_safe_file_clear (LscSafeFile *self)
{
  if (self->fd >= 0)
    (void) close (self->fd);
  self->fd = -1;
  if (self->beside != NULL)
    (void) unlink (self->beside);
  g_clear_pointer (&self->beside, g_free);
  g_clear_pointer (&self->path, g_free);
}

const char *
lsc_safe_file_get_path (const LscSafeFile *self)
{
  return self->beside != NULL ? self->beside : self->path;
}
