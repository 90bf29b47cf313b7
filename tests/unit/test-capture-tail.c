/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture that somebody else writes is followed as it grows: nothing is missed, nothing comes
 * twice, and it ends.
 */
#include "lib/files/capture-load.h"
#include "lib/files/capture-tail.h"
#include "tests/support/capture-fixture.h"

#include <unistd.h>

/* Takes what comes, until it has `n_bytes` or the end. */
static LscReadResult
take (LscCaptureTail *tail, GByteArray *all, size_t n_bytes, GError **error)
{
  gint64 until_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  LscReadResult result = LSC_READ_EMPTY;

  while (all->len < n_bytes && result != LSC_READ_ENDED && g_get_monotonic_time () < until_us)
    {
      const void *records;
      size_t n;

      result = lsc_capture_tail_take (tail, &records, &n, error);
      if (result == LSC_READ_BLOCK)
        g_byte_array_append (all, records, (guint) n);
      else
        g_usleep (1000);
    }
  return result;
}

static size_t
count_whole (const GByteArray *stream, size_t from, size_t wanted)
{
  size_t n = 0;

  while (from + n < stream->len && n < wanted)
    n += (size_t) lsc_record_check (stream->data + from + n, stream->len - from - n);
  return n;
}

static void
write_more (LscCaptureWriter *writer, const GByteArray *stream, size_t *at, size_t wanted)
{
  size_t n = count_whole (stream, *at, wanted);

  g_assert_true (lsc_capture_writer_write (writer, stream->data + *at, n, NULL));
  g_assert_true (lsc_capture_writer_flush (writer, NULL));
  *at += n;
}

static void
test_what_is_added_comes (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (20000);
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (f->path, NULL);
  g_autoptr (LscCaptureTail) tail = NULL;
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  size_t at = 0;

  write_more (writer, stream, &at, 50000);
  g_assert_true (lsc_capture_tail_is_growing (f->path));
  tail = lsc_capture_tail_new (f->path, &error);
  g_assert_no_error (error);
  while (at < stream->len)
    {
      take (tail, all, at, &error);
      assert_holds (all, stream->data, at);
      g_assert_cmpint (take (tail, all, at, &error), ==, LSC_READ_EMPTY);
      write_more (writer, stream, &at, 100000);
    }
  g_assert_true (lsc_capture_writer_finish (writer, &error));
  g_assert_cmpint (take (tail, all, SIZE_MAX, &error), ==, LSC_READ_ENDED);
  g_assert_no_error (error);
  assert_holds (all, stream->data, stream->len);
  g_assert_false (lsc_capture_tail_get_condition (tail)->cut_short);
  g_assert_false (lsc_capture_tail_get_condition (tail)->growing);
  g_assert_false (lsc_capture_tail_is_growing (f->path));
}

/* A frame is seen while it is half written: it waits for the rest. */
static void
test_half_a_frame_waits_for_the_rest (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (60000);
  g_autoptr (LscCaptureReader) reader = NULL;
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  const void *records;
  size_t n_bytes;

  write_capture (f->path, stream, 1);
  file = get (f->path);
  /* the first frame, which says what it is, is always there */
  for (guint n = 400; n <= file->len; n = n == file->len ? n + 1 : MIN (n + 997, file->len))
    {
      FILE *out = g_fopen (f->path, reader == NULL ? "wb" : "r+b");

      g_assert_cmpuint (fwrite (file->data, 1, n, out), ==, n);
      g_assert_cmpint (fclose (out), ==, 0);
      if (reader == NULL)
        {
          reader = lsc_capture_reader_new (f->path, &error);
          g_assert_no_error (error);
          lsc_capture_reader_set_growing (reader, TRUE);
        }
      do
        {
          g_assert_true (lsc_capture_reader_next (reader, &records, &n_bytes, &error));
          if (n_bytes > 0)
            g_byte_array_append (all, records, (guint) n_bytes);
        }
      while (n_bytes > 0);
      g_assert_cmpint (memcmp (all->data, stream->data, all->len), ==, 0);
    }
  g_assert_true (lsc_capture_reader_has_ended (reader));
  assert_holds (all, stream->data, stream->len);
  g_assert_cmpuint (lsc_capture_reader_get_condition (reader)->n_damaged, ==, 0);
}

/* Its writer is killed: what there is, then the end, and that it was cut short. */
static void
test_a_writer_that_goes_ends_it (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (5000);
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (f->path, NULL);
  g_autoptr (LscCaptureTail) tail = NULL;
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  size_t at = 0;

  write_more (writer, stream, &at, 50000);
  tail = lsc_capture_tail_new (f->path, &error);
  take (tail, all, at, &error);
  g_clear_pointer (&writer, lsc_capture_writer_free);
  g_assert_cmpint (take (tail, all, SIZE_MAX, &error), ==, LSC_READ_ENDED);
  g_assert_no_error (error);
  assert_holds (all, stream->data, at);
  g_assert_true (lsc_capture_tail_get_condition (tail)->cut_short);
}

/* Somebody who does not take what comes makes nobody wait. */
static void
test_it_stops_at_any_time (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (5000);
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (f->path, NULL);
  size_t at = 0;

  write_more (writer, stream, &at, 1000);
  for (guint i = 0; i < 20; i++)
    {
      LscCaptureTail *tail = lsc_capture_tail_new (f->path, NULL);
      const void *records;
      size_t n_bytes;

      for (guint j = 0; j < i; j++)
        lsc_capture_tail_take (tail, &records, &n_bytes, NULL);
      write_more (writer, stream, &at, 1000);
      lsc_capture_tail_free (tail);
    }
}

static void
test_loading_says_that_it_grows (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (5000);
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (f->path, NULL);
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) trace = NULL;
  g_autofree char *text = NULL;
  size_t at = 0;

  write_more (writer, stream, &at, 50000);
  trace = lsc_capture_load (f->path, NULL, NULL, NULL, &condition, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lsc_trace_get_n_events (trace), >, 0);
  g_assert_true (condition.growing);
  g_assert_false (condition.cut_short);
  text = lsc_capture_condition_describe (&condition);
  g_assert_nonnull (strstr (text, "still being recorded"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/capture-tail/grows", test_what_is_added_comes);
  ADD ("/capture-tail/half", test_half_a_frame_waits_for_the_rest);
  ADD ("/capture-tail/gone", test_a_writer_that_goes_ends_it);
  ADD ("/capture-tail/stop", test_it_stops_at_any_time);
  ADD ("/capture-tail/load", test_loading_says_that_it_grows);
  return g_test_run ();
}
