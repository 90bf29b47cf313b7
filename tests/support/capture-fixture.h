/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A folder of its own for each test of captures, and the few things all of them do.
 */
#pragma once

#include "lib/files/capture-reader.h"
#include "lib/files/capture-writer.h"
#include "tests/support/handmade.h"
#include "tests/support/synth.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static inline void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("lanescope-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  f->path = g_build_filename (f->folder, "a.lanes", NULL);
}

static inline void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_tree (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  remove_tree (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static inline GByteArray *
make_stream (uint64_t n_events)
{
  LscSynthConfig config = {
    .seed = 3, .n_events = n_events, .n_cpus = 2, .n_threads = 10, .n_processes = 2
  };

  return lsc_synth_all (&config);
}

static inline void
write_capture (const char *path, GByteArray *stream, size_t block)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (path, &error);
  size_t at = 0;

  g_assert_no_error (error);
  while (at < stream->len)
    {
      size_t n = 0;

      while (at + n < stream->len && n < block)
        n += (size_t) lsc_record_check (stream->data + at + n, stream->len - at - n);
      g_assert_true (lsc_capture_writer_write (writer, stream->data + at, n, &error));
      g_assert_no_error (error);
      at += n;
    }
  g_assert_true (lsc_capture_writer_finish (writer, &error));
  g_assert_no_error (error);
}

/* All records of a file, or NULL with the error. */
static inline GByteArray *
read_capture (const char *path, LscCaptureCondition *out_condition, GError **error)
{
  g_autoptr (LscCaptureReader) reader = lsc_capture_reader_new (path, error);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  const void *records;
  size_t n_bytes = 0;

  if (reader == NULL)
    return NULL;
  do
    {
      if (!lsc_capture_reader_next (reader, &records, &n_bytes, error))
        return NULL;
      if (n_bytes > 0)
        g_byte_array_append (all, records, (guint) n_bytes);
    }
  while (n_bytes > 0);
  *out_condition = *lsc_capture_reader_get_condition (reader);
  return g_steal_pointer (&all);
}

static inline void
assert_holds (const GByteArray *actual, const void *bytes, size_t n_bytes)
{
  g_assert_cmpuint (actual->len, ==, n_bytes);
  g_assert_cmpint (memcmp (actual->data, bytes, n_bytes), ==, 0);
}

static inline void
put (const char *path, const void *bytes, size_t n_bytes)
{
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n_bytes, NULL));
}

static inline GByteArray *
get (const char *path)
{
  char *bytes;
  gsize n_bytes;

  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  return g_byte_array_new_take ((guint8 *) bytes, n_bytes);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
