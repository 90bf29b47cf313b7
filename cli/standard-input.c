/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/standard-input.h"

#include "lib/files/event-reader.h"
#include "lib/files/files-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define STDIN_PATH "/proc/self/fd/0"
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
write_all (int fd, const uint8_t *bytes, size_t n_bytes, GError **error)
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

/* Fills `bytes`, as far as there is something. FALSE with a sentence. */
static gboolean
read_all (uint8_t *bytes, size_t *inout_n, GError **error)
{
  size_t done = 0;

  while (done < *inout_n)
    {
      ssize_t n = read (STDIN_FILENO, bytes + done, *inout_n - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return lsc_files_error_reading (STDIN_PATH, errno, error);
      if (n == 0)
        break;
      done += (size_t) n;
    }
  *inout_n = done;
  return TRUE;
}

/* What cannot be a trace may be endless, and is refused before it fills the disk. */
static gboolean
copy (int fd, GError **error)
{
  g_autofree uint8_t *bytes = g_malloc (COPY_SIZE);
  size_t n = LSC_EVENT_HEAD_SIZE;

  if (!read_all (bytes, &n, error) || !lsc_event_reader_check_head (STDIN_PATH, bytes, n, error))
    return FALSE;
  while (n > 0)
    {
      if (!write_all (fd, bytes, n, error))
        return FALSE;
      n = COPY_SIZE;
      if (!read_all (bytes, &n, error))
        return FALSE;
    }
  return TRUE;
}

char *
lsc_standard_input_keep (GError **error)
{
  int fd;

  if (isatty (STDIN_FILENO) == 1)
    {
      g_set_error_literal (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_FILE,
                           _ ("A capture cannot be typed. Send one through a pipe, as in: cat "
                              "FILE | lanescope-cli info -"));
      return NULL;
    }
  fd = open_nameless (error);
  if (fd >= 0 && copy (fd, error))
    return g_strdup_printf ("/proc/self/fd/%d", fd);
  if (fd >= 0)
    (void) close (fd);
  return NULL;
}
