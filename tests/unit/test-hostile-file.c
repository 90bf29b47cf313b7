/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * T42. Files nobody should have written: a sentence or a gap, never a crash, a hang or much memory.
 */
#include "lib/files/capture-load.h"
#include "tests/support/capture-fixture.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <zstd.h>

static void
assert_refused (const char *path, LscFilesError code, const char *word)
{
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) all = read_capture (path, &condition, &error);

  g_assert_null (all);
  g_assert_error (error, LSC_FILES_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
put_frame (GByteArray *file, const void *bytes, size_t n_bytes)
{
  size_t bound = ZSTD_compressBound (n_bytes);
  guint at = file->len;

  g_byte_array_set_size (file, (guint) (at + bound));
  bound = ZSTD_compress (file->data + at, bound, bytes, n_bytes, 3);
  g_assert_false (ZSTD_isError (bound));
  g_byte_array_set_size (file, (guint) (at + bound));
}

static size_t
get_peak_memory (void)
{
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
  return (size_t) usage.ru_maxrss * 1024;
}

/* One flipped bit anywhere: the frame is left out, a gap stands for it, the rest opens. */
static void
test_flipped_bits_lose_one_frame (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_stream (60000);
  g_autoptr (GByteArray) file = NULL;
  size_t first;

  write_capture (f->path, stream, 65536);
  file = get (f->path);
  first = ZSTD_findFrameCompressedSize (file->data, file->len);
  for (int round = 0; round < 60; round++)
    {
      size_t at = (size_t) g_test_rand_int_range ((int) first, (int) file->len);
      LscCaptureCondition condition = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) read = NULL;
      g_autoptr (LscTrace) trace = NULL;
      guint8 bit = (guint8) (1 << g_test_rand_int_range (0, 8));

      file->data[at] ^= bit;
      put (f->path, file->data, file->len);
      file->data[at] ^= bit;
      read = read_capture (f->path, &condition, &error);
      if (read == NULL) /* a frame header that now claims too much */
        {
          g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_LIMIT);
          continue;
        }
      /* A frame's header has one bit that says nothing: then nothing is damaged. */
      if (condition.n_damaged == 0 && !condition.cut_short)
        {
          g_assert_cmpuint (read->len, ==, stream->len);
          g_assert_true (memcmp (read->data, stream->data, stream->len) == 0);
        }
      g_assert_cmpuint (read->len, >, first);
      trace = lsc_capture_load (f->path, NULL, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      if (condition.n_damaged > 0)
        g_assert_cmpuint (lsc_trace_get_n_gaps (trace), >, 0);
    }
}

static void
test_not_a_capture_gets_a_sentence (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autofree char *fifo = g_build_filename (f->folder, "fifo", NULL);
  g_autofree char *nothing = g_build_filename (f->folder, "nothing", NULL);
  guint8 noise[5000];

  put (f->path, "", 0);
  assert_refused (f->path, LSC_FILES_ERROR_NOT_A_CAPTURE, "is empty");
  put (f->path, "hello", 5);
  assert_refused (f->path, LSC_FILES_ERROR_NOT_A_CAPTURE, "not a Lanescope capture");
  for (size_t i = 0; i < sizeof noise; i++)
    noise[i] = (guint8) g_test_rand_int ();
  noise[0] = 1;
  put (f->path, noise, sizeof noise);
  assert_refused (f->path, LSC_FILES_ERROR_NOT_A_CAPTURE, "not a Lanescope capture");
  assert_refused (f->folder, LSC_FILES_ERROR_NOT_A_FILE, "is a folder");
  assert_refused (nothing, LSC_FILES_ERROR_ACCESS, "There is no file");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (fifo, LSC_FILES_ERROR_NOT_A_FILE, "not a file");
  assert_refused ("/dev/zero", LSC_FILES_ERROR_NOT_A_FILE, "not a file");
  put_frame (file, "some other zstd file", 20);
  put (f->path, file->data, file->len);
  assert_refused (f->path, LSC_FILES_ERROR_NOT_A_CAPTURE, "does not begin with a capture's header");
  put (f->path, "\x28\xb5\x2f\xfd", 4);
  assert_refused (f->path, LSC_FILES_ERROR_DAMAGED, "cut short");
  put (f->path,
       "\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 21);
  assert_refused (f->path, LSC_FILES_ERROR_DAMAGED, "damaged at its start");
}

static void
test_newer_version_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = begin_stream (0);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  LscRecordHeader *header = (LscRecordHeader *) (void *) stream->data;

  header->version_major = LSC_RECORD_MAJOR + 1;
  header->head.size += 64; /* which may well look different inside */
  g_byte_array_set_size (stream, stream->len + 64);
  put_frame (file, stream->data, stream->len);
  put (f->path, file->data, file->len);
  assert_refused (f->path, LSC_FILES_ERROR_NEWER, "newer Lanescope");
}

/* 1 GiB of zeros in a few kilobytes, with and without its size in the frame header. */
static void
test_bomb_is_refused_at_its_limit (Fixture *f, gconstpointer data)
{
  for (int with_size = 0; with_size < 2; with_size++)
    {
      g_autoptr (GByteArray) file = g_byte_array_new ();
      g_autoptr (GByteArray) stream = begin_stream (0);
      g_autofree guint8 *zeros = g_malloc0 (1 << 20), *packed = g_malloc (1 << 20);
      ZSTD_CCtx *packer = ZSTD_createCCtx ();
      ZSTD_outBuffer out = { packed, 1 << 20, 0 };
      size_t before;

      put_frame (file, stream->data, stream->len);
      if (with_size)
        ZSTD_CCtx_setPledgedSrcSize (packer, 1ull << 30);
      for (int i = 0; i < 1024; i++)
        {
          ZSTD_inBuffer in = { zeros, 1 << 20, 0 };

          g_assert_false (ZSTD_isError (
              ZSTD_compressStream2 (packer, &out, &in, i < 1023 ? ZSTD_e_continue : ZSTD_e_end)));
        }
      ZSTD_freeCCtx (packer);
      g_byte_array_append (file, packed, (guint) out.pos);
      put (f->path, file->data, file->len);
      before = get_peak_memory ();
      assert_refused (f->path, LSC_FILES_ERROR_LIMIT, "1 MiB");
      g_assert_cmpuint (get_peak_memory () - before, <, 64u << 20);
    }
}

/* Frames that hold no whole records are left out; so is garbage between frames. */
static void
test_absurd_records_are_left_out (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = begin_stream (5);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GByteArray) tail = g_byte_array_new ();
  LscRecordHead absurd = { .size = 65528, .kind = 99 };
  LscRecordEnd end = { .head.time_ns = 50 };
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) read = NULL;

  put_frame (file, stream->data, stream->len);
  put_frame (file, &absurd, sizeof absurd);
  g_byte_array_append (file, (const guint8 *) "garbage", 7);
  put_frame (file, stream->data, 100);
  end_stream (tail, 50);
  put_frame (file, tail->data, tail->len);
  put (f->path, file->data, file->len);
  read = read_capture (f->path, &condition, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (condition.n_damaged, ==, 3);
  g_assert_false (condition.cut_short);
  g_assert_cmpuint (read->len, ==, stream->len + sizeof (LscRecordGap) + sizeof end);
  g_assert_cmpuint (((LscRecordGap *) (void *) (read->data + stream->len))->first_ns, ==, 5);
  g_assert_cmpuint (((LscRecordGap *) (void *) (read->data + stream->len))->last_ns, ==, 50);
}

/* Random bytes after a good beginning: never a crash, never an endless loop. */
static void
test_noise_never_hangs (Fixture *f, gconstpointer data)
{
  for (int round = 0; round < 200; round++)
    {
      g_autoptr (GByteArray) stream = begin_stream (5);
      g_autoptr (GByteArray) file = g_byte_array_new ();
      LscCaptureCondition condition = { 0 };
      g_autoptr (GByteArray) read = NULL;

      put_frame (file, stream->data, stream->len);
      for (int i = 0; i < 3000; i++)
        {
          static const guint8 likely[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x50, 0x2a, 0x4d, 0x18, 0 };
          guint8 byte = g_test_rand_int () % 3 ? likely[g_test_rand_int_range (0, 9)]
                                               : (guint8) g_test_rand_int ();

          g_byte_array_append (file, &byte, 1);
        }
      put (f->path, file->data, file->len);
      read = read_capture (f->path, &condition, NULL);
    }
}

/* A skippable frame that claims 4 GiB ends the file, and takes no memory. */
static void
test_skippable_frames_are_skipped (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = begin_stream (5);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) read = NULL;

  put_frame (file, stream->data, stream->len);
  g_byte_array_append (file, (const guint8 *) "\x51\x2a\x4d\x18\x04\x00\x00\x00____", 12);
  put_frame (file, stream->data, stream->len);
  g_byte_array_append (file, (const guint8 *) "\x5f\x2a\x4d\x18\xff\xff\xff\xff____", 12);
  put (f->path, file->data, file->len);
  read = read_capture (f->path, &condition, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 2 * stream->len);
  g_assert_cmpuint (condition.n_damaged, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/capture/flipped-bits", test_flipped_bits_lose_one_frame);
  ADD ("/capture/not-a-capture", test_not_a_capture_gets_a_sentence);
  ADD ("/capture/newer", test_newer_version_is_refused);
  ADD ("/capture/bomb", test_bomb_is_refused_at_its_limit);
  ADD ("/capture/absurd-records", test_absurd_records_are_left_out);
  ADD ("/capture/noise", test_noise_never_hangs);
  ADD ("/capture/skippable", test_skippable_frames_are_skipped);
  return g_test_run ();
}
