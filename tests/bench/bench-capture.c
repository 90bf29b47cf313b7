/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What captures cost: writing them while recording, their size, and opening them again.
 */
#include "lib/files/capture-load.h"
#include "lib/files/capture-writer.h"
#include "lib/files/export.h"
#include "lib/wire/record.h"
#include "tests/bench/bench.h"

#include <glib/gstdio.h>
#include <sys/resource.h>

#define N_EVENTS 5000000u
#define BLOCK_SIZE 65536u
#define RATE 200000 /* events a second while recording */

/* Stretches the times of the records, so that there are RATE events in a second. */
static void
set_rate (GByteArray *block, uint64_t *start_ns, double factor)
{
  for (size_t n = 0; n < block->len;)
    {
      LscRecordHead *head = (LscRecordHead *) (void *) (block->data + n);

      if (*start_ns == 0)
        *start_ns = head->time_ns;
      head->time_ns = *start_ns + (uint64_t) ((double) (head->time_ns - *start_ns) * factor);
      n += head->size;
    }
}

/* How many events a second the synthetic machine makes by itself. */
static double
find_rate (const LscSynthConfig *config)
{
  LscSynthConfig small = *config;
  g_autoptr (GByteArray) all = NULL;
  uint64_t start, end = 0;

  small.n_events = 200000;
  all = lsc_synth_all (&small);
  start = ((const LscRecordHead *) (const void *) all->data)->time_ns;
  for (size_t n = 0; n < all->len;
       n += ((const LscRecordHead *) (const void *) (all->data + n))->size)
    end = ((const LscRecordHead *) (const void *) (all->data + n))->time_ns;
  return (double) small.n_events * 1e9 / (double) (end - start);
}

/* The CPU time of the writer alone. */
static double
write_capture (const char *path)
{
  LscSynthConfig config = {
    .seed = 11, .n_events = N_EVENTS, .n_cpus = 8, .n_threads = 200, .n_processes = 5
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (path, NULL);
  g_autoptr (GByteArray) block = g_byte_array_new ();
  double factor = find_rate (&config) / RATE;
  double seconds = 0;
  uint64_t start_ns = 0;

  while (lsc_synth_fill (synth, block, BLOCK_SIZE))
    {
      double before;

      set_rate (block, &start_ns, factor);
      before = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) / 1e3;
      g_assert_true (lsc_capture_writer_write (writer, block->data, block->len, NULL));
      seconds += lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) / 1e3 - before;
      g_byte_array_set_size (block, 0);
    }
  g_assert_true (lsc_capture_writer_finish (writer, NULL));
  return seconds;
}

/* The best of several: others on the machine, and on its host, only ever make it slower. */
static double
load_capture (const char *path)
{
  double best = 1e9;

  for (int i = 0; i < 9; i++)
    {
      gint64 before = g_get_monotonic_time ();
      g_autoptr (LscTrace) trace = lsc_capture_load (path, NULL, NULL, NULL, NULL, NULL);
      double seconds = (double) (g_get_monotonic_time () - before) / G_USEC_PER_SEC;

      g_assert_cmpuint (lsc_trace_get_n_events (trace), >=, N_EVENTS);
      best = MIN (best, seconds);
    }
  return best;
}

static size_t
get_peak_memory (void)
{
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
  return (size_t) usage.ru_maxrss * 1024;
}

/* How long it takes for 10 M events, and how much memory beyond that of the trace. */
static void
measure_export (const char *path, const char *target)
{
  g_autoptr (LscTrace) trace = lsc_capture_load (path, NULL, NULL, NULL, NULL, NULL);
  LscExport what = { trace, 0, UINT64_MAX, NULL, NULL };
  size_t memory = get_peak_memory ();
  gint64 before = g_get_monotonic_time ();

  g_assert_true (lsc_export_write (&what, lsc_export_find_format ("perfetto"), target, NULL, NULL));
  lsc_bench_print ("exporting 10 M events to Perfetto",
                   (double) (g_get_monotonic_time () - before) / G_USEC_PER_SEC * 1e7 / N_EVENTS,
                   "<= 10", "s");
  lsc_bench_print ("memory of that export", (double) (get_peak_memory () - memory) / 1e6, "<= 64",
                   "MB");
  g_unlink (target);
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lanescope-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.lanes", NULL);
  g_autofree char *other = g_build_filename (folder, "a.pftrace", NULL);
  double writing = write_capture (path);
  GStatBuf st;

  g_assert_cmpint (g_stat (path, &st), ==, 0);
  lsc_bench_print ("writing a capture at 200 k events/s: share of one CPU",
                   100 * writing / N_EVENTS * RATE, "<= 5", "%");
  lsc_bench_print ("size of a capture, mixed work", (double) st.st_size / N_EVENTS, "<= 10",
                   "bytes/event");
  lsc_bench_print ("opening a capture", N_EVENTS / load_capture (path) / 1e6, ">= 15",
                   "M events/s");
  measure_export (path, other);
  g_unlink (path);
  g_rmdir (folder);
  return 0;
}
