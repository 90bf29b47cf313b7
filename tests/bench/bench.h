/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the benchmarks have in common: a clock, a trace to ask, a figure as a line of JSON.
 */
#pragma once

#include "lib/trace/assembler.h"
#include "tests/support/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Milliseconds that a thread (CLOCK_THREAD_CPUTIME_ID) or the process has used. */
static inline double
lsc_bench_now_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec * 1e-6;
}

/* A synthetic trace of 16 CPUs and 20 processes. */
static inline LscTrace *
lsc_bench_make_trace (uint64_t n_events, uint32_t n_threads)
{
  LscSynthConfig config = {
    .seed = 1, .n_events = n_events, .n_cpus = 16, .n_threads = n_threads, .n_processes = 20
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  LscTrace *trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);

  while (lsc_synth_fill (synth, bytes, 4 << 20))
    {
      if (lsc_assembler_feed (assembler, bytes->data, bytes->len) != bytes->len)
        exit (EXIT_FAILURE);
      g_byte_array_set_size (bytes, 0);
    }
  lsc_assembler_finish (assembler);
  return trace;
}

static inline int
lsc_bench_compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static inline void
lsc_bench_print (const char *figure, double ours, const char *target, const char *unit)
{
  printf ("{\"figure\": \"%s\", \"ours\": %.4g, \"target\": \"%s\", \"unit\": \"%s\"}\n", figure,
          ours, target, unit);
}

/* Sorts the measurements and prints the median. */
static inline void
lsc_bench_print_median (const char *figure, double ms[], size_t n, const char *target)
{
  qsort (ms, n, sizeof ms[0], lsc_bench_compare);
  lsc_bench_print (figure, ms[n / 2], target, "ms");
}
