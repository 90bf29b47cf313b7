/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/regular-file.h"

#include "lsc-config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int
lsc_regular_file_open (const char *path, uint64_t *out_n_bytes, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  g_autofree char *name = NULL;
  struct stat st = { 0 };

  if (fd < 0)
    {
      lsc_files_error_reading (path, errno, error);
      return -1;
    }
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode))
    {
      *out_n_bytes = (uint64_t) st.st_size;
      return fd;
    }
  (void) close (fd);
  name = lsc_files_error_name (path);
  if (S_ISDIR (st.st_mode))
    lsc_files_error_reading (path, EISDIR, error);
  else
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_FILE,
                 _ ("\342\200\234%s\342\200\235 is a device or a pipe, not a file. Choose a file "
                    "that Lanescope has saved."),
                 name);
  return -1;
}

gboolean
lsc_regular_file_is_held (int fd)
{
  if (flock (fd, LOCK_SH | LOCK_NB) != 0)
    return errno == EWOULDBLOCK;
  (void) flock (fd, LOCK_UN);
  return FALSE;
}

gboolean
lsc_regular_file_read (
    int fd, const char *path, uint64_t at, void *bytes, size_t *inout_n_bytes, GError **error)
{
  size_t done = 0;

  while (done < *inout_n_bytes)
    {
      ssize_t n = pread (fd, (char *) bytes + done, *inout_n_bytes - done, (off_t) (at + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return lsc_files_error_reading (path, errno, error);
      if (n == 0)
        break;
      done += (size_t) n;
    }
  *inout_n_bytes = done;
  return TRUE;
}
