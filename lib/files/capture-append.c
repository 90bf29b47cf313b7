/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-append.h"

#include "lsc-config.h"

#include "lib/files/capture-reader.h"
#include "lib/files/frame.h"
#include "lib/files/regular-file.h"
#include "lib/files/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (const char *path, const char *format, GError **error)
{
  g_autofree char *name = lsc_files_error_name (path);
  GString *text = g_string_new (format);

  g_string_replace (text, "%s", name, 1);
  g_set_error_literal (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE, text->str);
  g_string_free (text, TRUE);
  return FALSE;
}

static gboolean
check_is (const char *path, const LscRecordHeader *header, GError **error)
{
  g_autoptr (LscCaptureReader) reader = lsc_capture_reader_new (path, error);

  if (reader == NULL)
    return FALSE;
  if (header == NULL
      || memcmp (lsc_capture_reader_get_header (reader), header, sizeof *header) == 0)
    return TRUE;
  return fail (path,
               _ ("\342\200\234%s\342\200\235 is another capture now than the one that was "
                  "opened, so nothing was written into it. Save this one under another name."),
               error);
}

/* How far the frame at the start of `bytes` goes; 0: it is cut off. `at_end`: nothing follows. */
static uint64_t
measure_frame (const uint8_t *bytes, size_t n_bytes, gboolean at_end)
{
  LscFrameResult result;
  uint64_t n_packed = lsc_frame_measure (bytes, n_bytes, &result);

  if (n_packed > 0)
    return n_packed;
  /* as the reader does with what is damaged: the next place where one may begin */
  n_packed = 1 + lsc_frame_find (bytes + 1, n_bytes - 1);
  return result == LSC_FRAME_SHORT && at_end && n_packed + 4 > n_bytes ? 0 : n_packed;
}

/* Where the last whole frame ends. */
static gboolean
find_end (int fd, const char *path, uint64_t from, uint64_t *out_end, GError **error)
{
  g_autofree uint8_t *bytes = g_malloc (lsc_frame_get_bound ());
  size_t n_bytes;
  uint64_t n_frame;

  for (*out_end = from;; *out_end += n_frame)
    {
      n_bytes = lsc_frame_get_bound ();
      if (!lsc_regular_file_read (fd, path, *out_end, bytes, &n_bytes, error))
        return FALSE;
      if (n_bytes == 0)
        return TRUE;
      n_frame = measure_frame (bytes, n_bytes, n_bytes < lsc_frame_get_bound ());
      if (n_frame == 0)
        return TRUE;
    }
}

/* How many bytes of whole records fit into one frame. */
static size_t
count_fitting (const uint8_t *records, size_t n_bytes)
{
  size_t n = 0;

  while (n < n_bytes)
    {
      const LscRecordHead *head = (const LscRecordHead *) (const void *) (records + n);

      if (n + head->size > LSC_FRAME_MAX)
        break;
      n += head->size;
    }
  return n;
}

static gboolean
write_frames (LscSafeFile *file, GBytes *records, GError **error)
{
  g_autoptr (LscFrame) frame = lsc_frame_new ();
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  size_t n_bytes, n, n_packed;
  const uint8_t *bytes = g_bytes_get_data (records, &n_bytes);

  for (; n_bytes > 0; bytes += n, n_bytes -= n)
    {
      const void *packed;

      n = count_fitting (bytes, n_bytes);
      packed = lsc_frame_pack (frame, bytes, n, LSC_FRAME_TIGHT, &n_packed);
      g_byte_array_append (frames, packed, (guint) n_packed);
    }
  return lsc_safe_file_write (file, frames->data, frames->len, error);
}

/* `file` is open and locked. */
static gboolean
append (LscSafeFile *file, uint64_t n_whole, GBytes *records, GError **error)
{
  struct stat st = { 0 };
  uint64_t from;

  if (fstat (file->fd, &st) != 0)
    return lsc_files_error_reading (file->path, errno, error);
  from = n_whole <= (uint64_t) st.st_size ? n_whole : 0;
  if (!find_end (file->fd, file->path, from, &file->whole, error))
    return FALSE;
  /* A torn frame's length would have the reader take our bytes for its own. */
  if (file->whole < (uint64_t) st.st_size && ftruncate (file->fd, (off_t) file->whole) != 0)
    return lsc_files_error_writing (file->path, errno, error);
  if (lseek (file->fd, (off_t) file->whole, SEEK_SET) < 0)
    return lsc_files_error_writing (file->path, errno, error);
  return write_frames (file, records, error) && lsc_safe_file_commit (file, error);
}

gboolean
lsc_capture_append (const char *path,
                    const LscRecordHeader *header,
                    uint64_t n_whole,
                    GBytes *records,
                    GError **error)
{
  LscSafeFile file = { .fd = -1 };
  gboolean appended;

  if (!check_is (path, header, error))
    return FALSE;
  file.fd = open (path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file.fd < 0)
    return lsc_files_error_writing (path, errno, error);
  file.path = g_strdup (path);
  if (flock (file.fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    appended = fail (path,
                     _ ("\342\200\234%s\342\200\235 is still being recorded, so nothing was "
                        "written into it. Wait until its recording has ended."),
                     error);
  else
    appended = append (&file, n_whole, records, error);
  lsc_safe_file_clear (&file);
  return appended;
}
