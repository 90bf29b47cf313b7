/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Captures: what is written is what is read, also after a crash.
 */
#include "lib/files/capture-load.h"
#include "tests/support/capture-fixture.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

static void
test_round_trip_keeps_every_byte (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (150000);
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) read = NULL;
  struct stat st;

  write_capture (f->path, stream, 65536);
  read = read_capture (f->path, &condition, &error);
  g_assert_no_error (error);
  assert_holds (read, stream->data, stream->len);
  g_assert_false (condition.cut_short);
  g_assert_cmpuint (condition.n_damaged, ==, 0);
  g_assert_cmpuint (condition.n_frames, >=, stream->len >> 20);
  g_assert_null (lsc_capture_condition_describe (&condition));
  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);
}

/* zstd's own reader sees nothing but the records, in frames of at most 1 MiB with checksums. */
static void
test_frames_are_plain_zstd (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (100000);
  g_autoptr (GByteArray) file = NULL;
  size_t at = 0, total = 0;

  write_capture (f->path, stream, 1000);
  file = get (f->path);
  while (at < file->len)
    {
      size_t n = ZSTD_findFrameCompressedSize (file->data + at, file->len - at);

      g_assert_false (ZSTD_isError (n));
      g_assert_cmpuint (ZSTD_getFrameContentSize (file->data + at, n), <=, LSC_CAPTURE_FRAME_MAX);
      /* RFC 8878: bit 2 of the frame header descriptor says that a checksum follows. */
      g_assert_cmpuint (file->data[at + 4] & 4, ==, 4);
      total += ZSTD_getFrameContentSize (file->data + at, n);
      at += n;
    }
  g_assert_cmpuint (total, ==, stream->len);
}

static void
test_load_gives_the_same_trace (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (20000);
  g_autoptr (LscTrace) direct = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (direct);
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) loaded = NULL;

  lsc_assembler_feed (assembler, stream->data, stream->len);
  lsc_assembler_finish (assembler);
  write_capture (f->path, stream, 4000);
  loaded = lsc_capture_load (f->path, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lsc_trace_get_n_events (loaded), ==, lsc_trace_get_n_events (direct));
  g_assert_cmpuint (lsc_trace_get_end_ns (loaded), ==, lsc_trace_get_end_ns (direct));
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (direct); i++)
    {
      const LscLane *a = lsc_trace_get_thread (direct, i)->lane;
      const LscLane *b = lsc_trace_get_thread (loaded, i)->lane;

      g_assert_cmpuint (lsc_lane_get_end (a), ==, lsc_lane_get_end (b));
      for (uint64_t n = 0; n < lsc_lane_get_end (a); n++)
        {
          LscSpan left, right;

          lsc_lane_get (a, n, &left);
          lsc_lane_get (b, n, &right);
          g_assert_cmpuint (left.start_ns, ==, right.start_ns);
          g_assert_cmpuint (left.end_ns, ==, right.end_ns);
          g_assert_cmpuint (left.facts.state, ==, right.facts.state);
          g_assert_cmpuint (left.facts.thread, ==, right.facts.thread);
        }
    }
}

static void
test_cancelled_load_stops (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (20000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  write_capture (f->path, stream, 4000);
  g_cancellable_cancel (cancellable);
  g_assert_null (lsc_capture_load (f->path, NULL, NULL, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Three small frames; cut at each byte. What opens is a prefix of the stream, as long as the whole
 * frames are, and it says that it was cut. */
static void
test_cut_at_every_byte (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (60);
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (f->path, NULL);
  g_autoptr (GByteArray) file = NULL;
  size_t first = sizeof (LscRecordHeader), second = first, bounds[3];

  while (second < first + 1000)
    second += (size_t) lsc_record_check (stream->data + second, stream->len - second);
  lsc_capture_writer_write (writer, stream->data, first, NULL);
  bounds[0] = lsc_capture_writer_get_n_bytes (writer);
  lsc_capture_writer_write (writer, stream->data + first, second - first, NULL);
  lsc_capture_writer_flush (writer, NULL);
  bounds[1] = lsc_capture_writer_get_n_bytes (writer);
  lsc_capture_writer_write (writer, stream->data + second, stream->len - second, NULL);
  g_assert_true (lsc_capture_writer_finish (writer, NULL));
  bounds[2] = lsc_capture_writer_get_n_bytes (writer);
  file = get (f->path);
  g_assert_cmpuint (file->len, ==, bounds[2]);
  for (size_t n = 0; n < file->len; n++)
    {
      size_t expected = n < bounds[0] ? 0 : n < bounds[1] ? first : second;
      LscCaptureCondition condition = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) read = NULL;

      put (f->path, file->data, n);
      read = read_capture (f->path, &condition, &error);
      if (expected == 0)
        {
          g_assert_null (read);
          if (n < 4)
            g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE);
          else
            g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED);
          continue;
        }
      g_assert_no_error (error);
      assert_holds (read, stream->data, expected);
      g_assert_true (condition.cut_short);
      g_assert_cmpuint (condition.n_damaged, ==, 0);
    }
}

/* A writer that is never finished: all it flushed is there. */
static void
test_crash_of_the_writer_keeps_what_was_flushed (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (1000);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) read = NULL;
  LscCaptureCondition condition = { 0 };
  LscCaptureWriter *writer = lsc_capture_writer_new (f->path, &error);
  g_autofree char *text = NULL;

  lsc_capture_writer_write (writer, stream->data, stream->len - sizeof (LscRecordEnd), NULL);
  lsc_capture_writer_flush (writer, NULL);
  lsc_capture_writer_free (writer);
  read = read_capture (f->path, &condition, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, stream->len - sizeof (LscRecordEnd));
  g_assert_true (condition.cut_short);
  text = lsc_capture_condition_describe (&condition);
  g_assert_nonnull (strstr (text, "cut short"));
}

/* A later minor version may bring records we do not know: they are handed on. */
static void
test_unknown_records_pass (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = begin_stream (0);
  LscRecordHead unknown[4] = { { .size = sizeof unknown, .kind = 99 } };
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) read = NULL;

  g_byte_array_append (stream, (const guint8 *) unknown, sizeof unknown);
  end_stream (stream, 10);
  write_capture (f->path, stream, 1);
  read = read_capture (f->path, &condition, &error);
  g_assert_no_error (error);
  assert_holds (read, stream->data, stream->len);
}

static void
test_no_space_left_keeps_the_old_file (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (60000);
  g_autoptr (GError) error = NULL;
  g_autoptr (LscCaptureWriter) writer = NULL;
  struct rlimit limit, small = { 20000, RLIM_INFINITY };
  g_autoptr (GByteArray) kept = NULL;

  put (f->path, "the old file", 12);
  writer = lsc_capture_writer_new (f->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small.rlim_max = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (lsc_capture_writer_write (writer, stream->data, stream->len, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NO_SPACE);
  g_assert_true (lsc_capture_writer_has_failed (writer));
  g_assert_false (lsc_capture_writer_finish (writer, NULL));
  g_clear_pointer (&writer, lsc_capture_writer_free);
  kept = get (f->path);
  assert_holds (kept, "the old file", 12);
}

static void
test_full_device_gives_a_sentence (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (60000);
  g_autoptr (GError) error = NULL;
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new ("/dev/full", &error);

  g_assert_no_error (error);
  g_assert_false (lsc_capture_writer_write (writer, stream->data, stream->len, &error));
  g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "no space left"));
}

/* T43 */
static void
test_symbolic_link_is_replaced_not_followed (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (100);
  g_autofree char *other = g_build_filename (f->folder, "other", NULL);
  g_autoptr (GByteArray) kept = NULL;
  LscCaptureCondition condition = { 0 };
  g_autoptr (GByteArray) read = NULL;

  put (other, "precious", 8);
  g_assert_cmpint (symlink (other, f->path), ==, 0);
  write_capture (f->path, stream, 65536);
  kept = get (other);
  assert_holds (kept, "precious", 8);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_IS_SYMLINK));
  read = read_capture (f->path, &condition, NULL);
  g_assert_cmpuint (read->len, ==, stream->len);
}

static void
test_places_that_cannot_be_written (Fixture *f, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (f->folder, "no", "such", "folder", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (lsc_capture_writer_new (f->folder, &error));
  g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_FILE);
  g_clear_error (&error);
  g_assert_null (lsc_capture_writer_new (nowhere, &error));
  g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_ACCESS);
  g_assert_nonnull (strstr (error->message, "folder is not there"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/capture/round-trip", test_round_trip_keeps_every_byte);
  ADD ("/capture/plain-zstd", test_frames_are_plain_zstd);
  ADD ("/capture/load", test_load_gives_the_same_trace);
  ADD ("/capture/cancel", test_cancelled_load_stops);
  ADD ("/capture/cut", test_cut_at_every_byte);
  ADD ("/capture/crash", test_crash_of_the_writer_keeps_what_was_flushed);
  ADD ("/capture/unknown-records", test_unknown_records_pass);
  ADD ("/capture/no-space", test_no_space_left_keeps_the_old_file);
  ADD ("/capture/full-device", test_full_device_gives_a_sentence);
  ADD ("/capture/symlink", test_symbolic_link_is_replaced_not_followed);
  ADD ("/capture/places", test_places_that_cannot_be_written);
  return g_test_run ();
}
