/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-convert.h"

#include "lib/files/capture-store.h"
#include "lib/files/capture-writer.h"

static gboolean
write_all (LscEventReader *reader,
           LscCaptureWriter *writer,
           GCancellable *cancellable,
           GError **error)
{
  for (;;)
    {
      const void *records;
      size_t n_bytes;

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !lsc_event_reader_next (reader, &records, &n_bytes, error))
        return FALSE;
      if (n_bytes == 0)
        return lsc_capture_writer_finish (writer, error);
      if (!lsc_capture_writer_write (writer, records, n_bytes, error))
        return FALSE;
    }
}

gboolean
lsc_capture_convert (const char *path,
                     const char *target,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (LscEventReader) reader = lsc_event_reader_new (path, cancellable, error);
  g_autoptr (LscCaptureWriter) writer = NULL;

  if (reader == NULL)
    return FALSE;
  if (lsc_event_reader_is_own (reader))
    return lsc_capture_store_copy (path, target, cancellable, error);
  writer = lsc_capture_writer_new (target, error);
  if (writer == NULL)
    return FALSE;
  if (write_all (reader, writer, cancellable, error))
    return TRUE;
  /* Nothing half: what grew in its place would look like a capture that was cut short. */
  lsc_capture_writer_discard (writer);
  return FALSE;
}
