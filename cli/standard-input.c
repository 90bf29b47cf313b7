/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/standard-input.h"

#include "lib/files/files-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define COPY_SIZE ((size_t) 256 * 1024)

/* A file that is gone when we are. */
static int
open_nameless (GError **error)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "lanescope-XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    lsc_files_error_writing (path, errno, error);
  else
    (void) unlink (path);
  return fd;
}

static gboolean
write_all (int fd, const char *bytes, size_t n_bytes, GError **error)
{
  while (n_bytes > 0)
    {
      ssize_t n = write (fd, bytes, n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return lsc_files_error_writing (g_get_tmp_dir (), errno, error);
      bytes += n;
      n_bytes -= (size_t) n;
    }
  return TRUE;
}

char *
lsc_standard_input_keep (GError **error)
{
  g_autofree char *bytes = g_malloc (COPY_SIZE);
  int fd;

  if (isatty (STDIN_FILENO) == 1)
    {
      g_set_error_literal (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_FILE,
                           _ ("A capture cannot be typed. Send one through a pipe, as in: cat "
                              "FILE | lanescope-cli info -"));
      return NULL;
    }
  fd = open_nameless (error);
  while (fd >= 0)
    {
      ssize_t n = read (STDIN_FILENO, bytes, COPY_SIZE);

      if (n == 0)
        return g_strdup_printf ("/proc/self/fd/%d", fd);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        lsc_files_error_reading ("-", errno, error);
      if (n < 0 || !write_all (fd, bytes, (size_t) n, error))
        {
          (void) close (fd);
          return NULL;
        }
    }
  return NULL;
}
