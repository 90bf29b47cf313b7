/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What people write on a capture: it comes back, whatever happened to the file, and the events stay
 * as they were.
 */
#include "lib/files/capture-append.h"
#include "lib/files/capture-convert.h"
#include "lib/files/capture-load.h"
#include "tests/support/capture-fixture.h"

#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  GByteArray *stream;
  LscRecordHeader header;
} Capture;

static Capture
make (const char *path)
{
  Capture capture = { .stream = make_stream (5000) };

  memcpy (&capture.header, capture.stream->data, sizeof capture.header);
  write_capture (path, capture.stream, 4000);
  return capture;
}

static LscRecordNote
note (uint64_t id, uint64_t time_ns, const char *text)
{
  LscRecordNote record = {
    .head = { .time_ns = time_ns }, .end_ns = time_ns, .id = id, .kind = LSC_NOTE_MARKER
  };

  lsc_annotations_fill_text (&record, text);
  return record;
}

static void
append (const char *path, const Capture *capture, uint64_t n_whole, LscAnnotations *annotations)
{
  g_autoptr (GBytes) changes = lsc_annotations_steal_changes (annotations);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (changes);
  g_assert_true (lsc_capture_append (path, &capture->header, n_whole, changes, &error));
  g_assert_no_error (error);
}

/* Opens the capture; what is written on it goes to `annotations`. */
static LscCaptureCondition
load (const char *path, LscAnnotations *annotations)
{
  const LscCaptureWatch watch = { .annotations = annotations };
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) trace = lsc_capture_load_watched (path, &watch, NULL, &condition, &error);

  g_assert_no_error (error);
  g_assert_nonnull (trace);
  return condition;
}

static char *
describe (const LscAnnotations *annotations)
{
  g_autoptr (GPtrArray) notes = lsc_annotations_list_notes (annotations);
  GString *text = g_string_new ("");

  for (guint i = 0; i < notes->len; i++)
    {
      const LscRecordNote *record = notes->pdata[i];

      g_string_append_printf (text, "%lu@%lu=%s;", (unsigned long) record->id,
                              (unsigned long) record->head.time_ns, record->text);
    }
  return g_string_free (text, FALSE);
}

static void
assert_notes (const char *path, const char *expected)
{
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autofree char *text = NULL;

  load (path, annotations);
  text = describe (annotations);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_notes_come_back_and_events_stay (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (GByteArray) before = get (f->path);
  g_autoptr (GByteArray) after = NULL;
  g_autoptr (LscAnnotations) written = lsc_annotations_new ();
  g_autoptr (LscAnnotations) read = lsc_annotations_new ();
  LscCaptureCondition condition;
  LscRecordNote one = note (1, 300, "first"), two = note (2, 100, "second");

  lsc_annotations_put_note (written, &one);
  lsc_annotations_put_note (written, &two);
  lsc_annotations_put_setting (written, "view.mode", "cpu");
  append (f->path, &capture, before->len, written);
  condition = load (f->path, read);
  g_assert_false (condition.cut_short);
  g_assert_cmpuint (condition.n_damaged, ==, 0);
  g_assert_cmpstr (lsc_annotations_get_setting (read, "view.mode"), ==, "cpu");
  g_assert_null (lsc_annotations_get_setting (read, "view.sort"));
  assert_notes (f->path, "2@100=second;1@300=first;");
  after = get (f->path);
  g_assert_cmpuint (condition.n_whole, ==, after->len);
  g_assert_cmpint (memcmp (after->data, before->data, before->len), ==, 0);
}

static void
test_the_newest_counts (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  LscRecordNote one = note (1, 10, "old"), two = note (2, 20, "goes");

  lsc_annotations_put_note (annotations, &one);
  lsc_annotations_put_note (annotations, &two);
  lsc_annotations_put_setting (annotations, "k", "old");
  append (f->path, &capture, 0, annotations);
  /* as it is: nothing to write */
  lsc_annotations_put_note (annotations, &one);
  lsc_annotations_put_setting (annotations, "k", "old");
  g_assert_null (lsc_annotations_steal_changes (annotations));
  lsc_annotations_fill_text (&one, "new");
  two.head.flags = LSC_NOTE_REMOVED;
  lsc_annotations_put_note (annotations, &one);
  lsc_annotations_put_note (annotations, &two);
  lsc_annotations_put_setting (annotations, "k", "new");
  append (f->path, &capture, 0, annotations);
  assert_notes (f->path, "1@10=new;");
  lsc_annotations_reset (annotations);
  load (f->path, annotations);
  g_assert_cmpstr (lsc_annotations_get_setting (annotations, "k"), ==, "new");
}

/* Cut inside the frame of notes, at each byte: the events are all there, and what is appended then
 * is read. */
static void
test_append_behind_a_torn_frame (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (GByteArray) before = get (f->path);
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  LscRecordNote one = note (1, 10, "torn"), two = note (2, 20, "stays");

  lsc_annotations_put_note (annotations, &one);
  append (f->path, &capture, before->len, annotations);
  file = get (f->path);
  for (guint n = before->len + 1; n < file->len; n++)
    {
      g_autoptr (LscAnnotations) read = lsc_annotations_new ();
      g_autoptr (LscAnnotations) more = lsc_annotations_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) records = NULL;
      LscCaptureCondition condition = { 0 };

      put (f->path, file->data, n);
      condition = load (f->path, read);
      g_assert_cmpuint (condition.n_whole, ==, before->len);
      lsc_annotations_put_note (more, &two);
      /* the place that is known, and one from before the file grew */
      append (f->path, &capture, n % 2 == 0 ? condition.n_whole : 0, more);
      assert_notes (f->path, "2@20=stays;");
      records = read_capture (f->path, &condition, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (condition.n_damaged, ==, 0);
      g_assert_false (condition.cut_short);
      assert_holds (records, records->data, stream->len + sizeof two);
      g_assert_cmpint (memcmp (records->data, stream->data, stream->len), ==, 0);
    }
}

/* A capture that a crash cut short takes notes, too. */
static void
test_append_to_a_capture_that_was_cut_short (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (GByteArray) file = get (f->path);
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (LscAnnotations) read = lsc_annotations_new ();
  LscRecordNote one = note (1, 10, "here");
  LscCaptureCondition condition;

  put (f->path, file->data, file->len - 5);
  condition = load (f->path, read);
  g_assert_true (condition.cut_short);
  g_assert_cmpuint (condition.n_whole, <, file->len - 5);
  lsc_annotations_put_note (annotations, &one);
  append (f->path, &capture, condition.n_whole, annotations);
  assert_notes (f->path, "1@10=here;");
}

/* A damaged part is no torn one: it stays as it is, for whoever can repair it. */
static void
test_append_keeps_what_is_damaged (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (GByteArray) file = get (f->path);
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  LscRecordNote one = note (1, 10, "here");
  g_autoptr (GByteArray) after = NULL;

  file->data[file->len - 1] ^= 0xff; /* the last checksum */
  put (f->path, file->data, file->len);
  lsc_annotations_put_note (annotations, &one);
  append (f->path, &capture, 0, annotations);
  assert_notes (f->path, "1@10=here;");
  after = get (f->path);
  g_assert_cmpuint (after->len, >, file->len);
  g_assert_cmpint (memcmp (after->data, file->data, file->len), ==, 0);
}

/* Kinds of a newer version survive notes, and a copy that is written anew. */
static void
test_unknown_kinds_are_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (1000);
  const LscCapturePart whole = { .to_ns = UINT64_MAX };
  const uint64_t unknown[] = { 7, (uint64_t) 200 << 16 | 24, 0x5eed };
  g_autofree char *copy = g_build_filename (f->folder, "copy.lanes", NULL);
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (GByteArray) records = NULL;
  g_autoptr (GError) error = NULL;
  LscCaptureCondition condition = { 0 };
  LscRecordNote one = note (1, 10, "here");
  Capture capture = { .stream = stream };

  g_byte_array_append (stream, (const guint8 *) unknown, sizeof unknown);
  memcpy (&capture.header, stream->data, sizeof capture.header);
  write_capture (f->path, stream, 4000);
  lsc_annotations_put_note (annotations, &one);
  lsc_annotations_put_setting (annotations, "newer.key", "kept");
  append (f->path, &capture, 0, annotations);
  g_assert_true (lsc_capture_convert (f->path, copy, &whole, NULL, &error));
  g_assert_no_error (error);
  records = read_capture (copy, &condition, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, >=, stream->len);
  g_assert_cmpint (memcmp (records->data, stream->data, stream->len), ==, 0);
  assert_notes (copy, "1@10=here;");
  lsc_annotations_reset (annotations);
  load (copy, annotations);
  g_assert_cmpstr (lsc_annotations_get_setting (annotations, "newer.key"), ==, "kept");
}

static void
assert_refused (const char *path, const Capture *capture, int code, const char *word)
{
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (GBytes) changes = NULL;
  g_autoptr (GError) error = NULL;
  LscRecordNote one = note (1, 10, "here");

  lsc_annotations_put_note (annotations, &one);
  changes = lsc_annotations_steal_changes (annotations);
  g_assert_false (lsc_capture_append (path, &capture->header, 0, changes, &error));
  g_assert_error (error, LSC_FILES_ERROR, code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_another_capture_in_its_place_is_left_alone (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (GByteArray) before = get (f->path);
  g_autoptr (GByteArray) after = NULL;

  capture.header.head.time_ns++;
  assert_refused (f->path, &capture, LSC_FILES_ERROR_NOT_A_CAPTURE, "another capture");
  after = get (f->path);
  assert_holds (after, before->data, before->len);
}

static void
test_a_recording_that_goes_on_is_left_alone (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  int fd = g_open (f->path, O_RDONLY | O_CLOEXEC, 0);

  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  assert_refused (f->path, &capture, LSC_FILES_ERROR_NOT_A_CAPTURE, "still being recorded");
  (void) close (fd);
}

/* Root may write anywhere, so somebody else tries. */
static void
test_a_file_that_may_not_be_written (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  int status = 0;
  pid_t child;

  g_assert_cmpint (chmod (f->path, 0444), ==, 0);
  g_assert_cmpint (chmod (f->folder, 0755), ==, 0);
  child = fork ();
  if (child == 0)
    {
      if (geteuid () == 0 && setuid (65534) != 0)
        _exit (2);
      assert_refused (f->path, &capture, LSC_FILES_ERROR_ACCESS, "may not write");
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* No room for it: the file is what it was, and takes it later. */
static void
test_a_full_disk (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (GByteArray) before = get (f->path);
  g_autoptr (GByteArray) after = NULL;
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  struct rlimit old, limit;

  getrlimit (RLIMIT_FSIZE, &old);
  limit = old;
  limit.rlim_cur = before->len + 20;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  assert_refused (f->path, &capture, LSC_FILES_ERROR_NO_SPACE, "could not be written");
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  after = get (f->path);
  assert_holds (after, before->data, before->len);
  assert_notes (f->path, "");
}

/* More than one frame holds. */
static void
test_many_notes (Fixture *f, gconstpointer data)
{
  Capture capture = make (f->path);
  g_autoptr (GByteArray) stream = capture.stream;
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (LscAnnotations) read = lsc_annotations_new ();
  g_autoptr (GPtrArray) notes = NULL;

  for (uint64_t i = 0; i < LSC_NOTES_MAX + 5; i++)
    {
      LscRecordNote one = note (i, i, "n");

      lsc_annotations_put_note (annotations, &one);
    }
  append (f->path, &capture, 0, annotations);
  load (f->path, read);
  notes = lsc_annotations_list_notes (read);
  g_assert_cmpuint (notes->len, ==, LSC_NOTES_MAX);
}

static void
test_text_is_cut_between_characters (void)
{
  LscRecordNote record = { 0 };
  g_autofree char *text = g_strnfill (LSC_NOTE_TEXT_SIZE - 2, 'a');
  g_autofree char *longer = g_strconcat (text, "\303\244\303\244", NULL);

  lsc_annotations_fill_text (&record, longer);
  g_assert_cmpstr (record.text, ==, text);
  lsc_annotations_fill_text (&record, "short");
  g_assert_cmpstr (record.text, ==, "short");
  for (size_t i = 5; i < sizeof record.text; i++)
    g_assert_cmpint (record.text[i], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/annotations/round-trip", test_notes_come_back_and_events_stay);
  ADD ("/annotations/newest", test_the_newest_counts);
  ADD ("/annotations/torn", test_append_behind_a_torn_frame);
  ADD ("/annotations/cut-short", test_append_to_a_capture_that_was_cut_short);
  ADD ("/annotations/damaged", test_append_keeps_what_is_damaged);
  ADD ("/annotations/unknown", test_unknown_kinds_are_kept);
  ADD ("/annotations/another", test_another_capture_in_its_place_is_left_alone);
  ADD ("/annotations/recording", test_a_recording_that_goes_on_is_left_alone);
  ADD ("/annotations/read-only", test_a_file_that_may_not_be_written);
  ADD ("/annotations/full", test_a_full_disk);
  ADD ("/annotations/many", test_many_notes);
  g_test_add_func ("/annotations/text", test_text_is_cut_between_characters);
  return g_test_run ();
}
