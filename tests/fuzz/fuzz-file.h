/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any bytes as a file: opened, read, assembled, described. Nothing may crash, hang, leak or grow.
 * The bytes stand in a memory file, which is read through the path a real one would have.
 */
#pragma once

#include "lib/explain/sentence.h"
#include "lib/explain/statistics.h"
#include "lib/files/capture-cut.h"
#include "lib/files/capture-load.h"
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

/* What the assembler made of it must hold together, too. */
static inline void
fuzz_look_at (const LscTrace *trace)
{
  g_autoptr (GArray) all = lsc_statistics_of_trace (trace, 0, UINT64_MAX);

  for (guint i = 0; i < all->len; i++)
    {
      const LscStatistics *s = &g_array_index (all, LscStatistics, i);
      const LscLane *lane = lsc_trace_get_thread (trace, s->thread)->lane;
      uint64_t sum = 0;

      for (int state = 0; state < LSC_N_STATES; state++)
        sum += s->ns[state];
      g_assert_cmpuint (sum, ==, s->last_ns - s->first_ns);
      for (uint64_t n = lsc_lane_get_first (lane); n < lsc_lane_get_end (lane) && n < 50; n++)
        g_free (lsc_sentence_of_span (trace, s->thread, n, LSC_WORDS_PLAIN));
    }
}

/* Whole records, as far as each says. */
static inline void
fuzz_check (const GByteArray *records)
{
  for (guint at = 0; at < records->len;)
    {
      int size = lsc_record_check (records->data + at, records->len - at);

      g_assert_cmpint (size, >, 0);
      at += (guint) size;
    }
}

/* A part of it, without names. */
static inline void
fuzz_part (const char *path)
{
  const LscCapturePart part = {
    .from_ns = 1000, .to_ns = 1000000000, .relative = TRUE, .redact = TRUE
  };
  g_autoptr (LscCaptureCut) cut = lsc_capture_cut_new (&part);
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (LscEventReader) reader = lsc_event_reader_new (path, NULL, NULL);
  const GByteArray *end;
  const void *records;
  size_t n_bytes = 0;

  if (reader == NULL)
    return;
  lsc_event_reader_set_annotations (reader, annotations);
  while (lsc_event_reader_next (reader, &records, &n_bytes, NULL) && n_bytes > 0)
    fuzz_check (lsc_capture_cut_take (cut, records, n_bytes));
  end = lsc_capture_cut_finish (cut, annotations, 0, FALSE);
  if (end != NULL)
    fuzz_check (end);
}

static inline void
fuzz_file (const uint8_t *bytes, size_t n_bytes)
{
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  LscCaptureCondition condition = { 0 };
  g_autoptr (LscTrace) trace = NULL;
  g_autofree char *remark = NULL;

  /* Programs that could be asked to read the bytes are not what is tested. */
  g_setenv ("PATH", "/nonexistent", TRUE);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, bytes, n_bytes), ==, (ssize_t) n_bytes);
  trace = lsc_capture_load (path, NULL, NULL, NULL, &condition, NULL);
  if (trace != NULL)
    fuzz_look_at (trace);
  fuzz_part (path);
  remark = lsc_capture_condition_describe (&condition);
  close (fd);
}
