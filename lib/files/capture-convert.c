/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-convert.h"

#include "lib/files/capture-store.h"
#include "lib/files/capture-writer.h"
#include "lib/files/event-reader.h"
#include "lib/files/export.h"

static gboolean
write_records (LscCaptureWriter *writer, const GByteArray *records, GError **error)
{
  return records->len == 0 || lsc_capture_writer_write (writer, records->data, records->len, error);
}

static gboolean
write_events (LscEventReader *reader,
              LscCaptureWriter *writer,
              LscCaptureCut *cut,
              const LscExportWatch *watch,
              GError **error)
{
  for (;;)
    {
      const void *records;
      size_t n_bytes;

      if (g_cancellable_set_error_if_cancelled (watch->cancellable, error)
          || !lsc_event_reader_next (reader, &records, &n_bytes, error))
        return FALSE;
      if (n_bytes == 0)
        return lsc_capture_writer_flush (writer, error);
      if (!write_records (writer, lsc_capture_cut_take (cut, records, n_bytes), error))
        return FALSE;
      if (watch->progress != NULL)
        watch->progress (lsc_event_reader_get_progress (reader), watch->data);
    }
}

static gboolean
write_all (LscEventReader *reader,
           LscCaptureWriter *writer,
           const LscCapturePart *part,
           const LscExportWatch *watch,
           GError **error)
{
  g_autoptr (LscCaptureCut) cut = lsc_capture_cut_new (part);
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  const GByteArray *end;

  lsc_event_reader_set_annotations (reader, annotations);
  if (!write_events (reader, writer, cut, watch, error))
    return FALSE;
  if (part->notes != NULL)
    lsc_annotations_take (annotations, g_bytes_get_data (part->notes, NULL),
                          g_bytes_get_size (part->notes));
  end = lsc_capture_cut_finish (cut, annotations, lsc_capture_writer_get_n_events (writer),
                                lsc_event_reader_get_condition (reader)->cut_short);
  if (end != NULL)
    return write_records (writer, end, error) && lsc_capture_writer_finish (writer, error);
  lsc_export_complain_nothing (error);
  return FALSE;
}

gboolean
lsc_capture_convert (const char *path,
                     const char *target,
                     const LscCapturePart *part,
                     const LscExportWatch *watch,
                     GError **error)
{
  static const LscCapturePart whole = { .to_ns = UINT64_MAX };
  static const LscExportWatch nobody = { 0 };
  g_autoptr (LscEventReader) reader =
      lsc_event_reader_new (path, watch != NULL ? watch->cancellable : NULL, error);
  g_autoptr (LscCaptureWriter) writer = NULL;

  if (reader == NULL)
    return FALSE;
  if (part != NULL && part->from_ns >= part->to_ns)
    return lsc_export_complain_nothing (error);
  if (part == NULL && lsc_event_reader_is_own (reader))
    return lsc_capture_store_copy (path, target, watch, error);
  writer = lsc_capture_writer_new (target, error);
  if (writer == NULL)
    return FALSE;
  if (write_all (reader, writer, part != NULL ? part : &whole, watch != NULL ? watch : &nobody,
                 error))
    return TRUE;
  /* Nothing half: what grew in its place would look like a capture that was cut short. */
  lsc_capture_writer_discard (writer);
  return FALSE;
}
