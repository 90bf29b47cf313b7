/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where recordings live until they are saved.
 */
#include "lib/files/capture-convert.h"
#include "lib/files/capture-store.h"
#include "tests/support/capture-fixture.h"

/* Nothing of a recording that is being made may be offered; all of one that was left. */
static void
test_store_finds_leftovers (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (100);
  g_autoptr (GError) error = NULL;
  g_autofree char *left = lsc_capture_store_new_path (&error), *live = NULL, *empty = NULL;
  g_autoptr (LscCaptureWriter) writer = NULL;
  g_autoptr (GArray) found = NULL;

  g_assert_no_error (error);
  write_capture (left, stream, 65536);
  live = lsc_capture_store_new_path (&error);
  g_assert_cmpstr (live, !=, left);
  writer = lsc_capture_writer_new (live, &error);
  lsc_capture_writer_write (writer, stream->data, stream->len, NULL);
  empty = lsc_capture_store_new_path (&error);
  put (empty, "", 0);
  found = lsc_capture_store_list_leftovers ();
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (g_array_index (found, LscCaptureLeftover, 0).path, ==, left);
  g_assert_false (g_file_test (empty, G_FILE_TEST_EXISTS));
  g_assert_true (lsc_capture_store_discard (left, NULL));
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
}

static void
test_store_saves_and_copies (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (100);
  g_autofree char *recording = lsc_capture_store_new_path (NULL);
  g_autoptr (GError) error = NULL;
  LscCaptureCondition condition = { 0 };
  g_autoptr (GByteArray) copied = NULL, saved = NULL;

  write_capture (recording, stream, 65536);
  put (f->path, "old", 3);
  g_assert_true (lsc_capture_store_copy (recording, f->path, NULL, &error));
  copied = read_capture (f->path, &condition, NULL);
  assert_holds (copied, stream->data, stream->len);
  g_assert_true (g_file_test (recording, G_FILE_TEST_EXISTS));
  g_assert_false (lsc_capture_store_copy (recording, f->folder, NULL, &error));
  g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_FILE);
  g_clear_error (&error);
  g_assert_true (lsc_capture_store_save (recording, f->path, NULL, &error));
  saved = read_capture (f->path, &condition, NULL);
  assert_holds (saved, stream->data, stream->len);
  g_assert_false (g_file_test (recording, G_FILE_TEST_EXISTS));
}

/* While a recording grows, what is saved of it is a whole capture; its last frame may be torn. */
static void
test_store_copies_what_there_is_so_far (Fixture *f, gconstpointer data)
{
  const LscCapturePart whole = { .to_ns = UINT64_MAX };
  g_autoptr (GByteArray) stream = make_stream (5000);
  g_autofree char *recording = lsc_capture_store_new_path (NULL);
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (recording, NULL);
  g_autoptr (GError) error = NULL;
  LscCaptureCondition condition = { 0 };
  g_autoptr (GByteArray) copied = NULL;
  const LscRecordEnd *end;
  size_t n = 0;

  while (n < stream->len / 2)
    n += (size_t) lsc_record_check (stream->data + n, stream->len - n);
  g_assert_true (lsc_capture_writer_write (writer, stream->data, n, NULL));
  g_assert_true (lsc_capture_writer_flush (writer, NULL));
  g_assert_true (lsc_capture_convert (recording, f->path, &whole, NULL, &error));
  copied = read_capture (f->path, &condition, NULL);
  g_assert_false (condition.cut_short);
  g_assert_cmpuint (copied->len, ==, n + sizeof (LscRecordEnd));
  g_assert_cmpint (memcmp (copied->data, stream->data, n), ==, 0);
  end = (const LscRecordEnd *) (const void *) (copied->data + n);
  g_assert_cmpuint (end->head.kind, ==, LSC_RECORD_END);
  g_assert_cmpuint (end->delivered, ==, lsc_capture_writer_get_n_events (writer));
  g_assert_cmpuint (end->delivered, >, 1000);
  /* the recording goes on */
  g_assert_true (lsc_capture_writer_write (writer, stream->data + n, stream->len - n, NULL));
  g_assert_true (lsc_capture_writer_finish (writer, NULL));
  g_assert_false (lsc_capture_convert (recording, f->folder, &whole, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/store/leftovers", test_store_finds_leftovers);
  ADD ("/store/save", test_store_saves_and_copies);
  ADD ("/store/so-far", test_store_copies_what_there_is_so_far);
  return g_test_run ();
}
