/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Questions about an arbitrary range: the sums of every thread, all there is to say of every
 * thread, and the order of 2 000 lanes by the time they ran.
 */
#include "lib/explain/statistics.h"
#include "lib/trace/assembler.h"
#include "lib/view/row-order.h"
#include "tests/support/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 15

static double
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec * 1e-6;
}

static LscTrace *
make_trace (uint64_t n_events, uint32_t n_threads)
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

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print (const char *figure, double ms[ROUNDS], const char *target)
{
  qsort (ms, ROUNDS, sizeof ms[0], compare);
  printf ("{\"figure\": \"%s\", \"ours\": %.2f, \"target\": \"%s\", \"unit\": \"ms\"}\n", figure,
          ms[ROUNDS / 2], target);
}

/* A range that is another one each round, and nowhere near a block's edge. */
static void
choose_range (const LscTrace *trace, int round, uint64_t *out_from_ns, uint64_t *out_to_ns)
{
  uint64_t start = lsc_trace_get_start_ns (trace);
  uint64_t length = lsc_trace_get_end_ns (trace) - start;

  *out_from_ns = start + length / 100 * (unsigned) (round + 1) + 12345;
  *out_to_ns = start + length - length / 150 * (unsigned) (round + 1) - 54321;
}

static void
measure_sums (const LscTrace *trace)
{
  double ms[ROUNDS];

  for (int round = 0; round < ROUNDS; round++)
    {
      uint64_t from, to;
      double start_ms = now_ms ();
      LscStatistics sums;

      choose_range (trace, round, &from, &to);
      for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
        if (!lsc_statistics_sum_of_thread (trace, i, from, to, &sums))
          exit (EXIT_FAILURE);
      ms[round] = now_ms () - start_ms;
    }
  print ("times and counts of a range, 10 M events, 200 threads", ms, "<= 20");
}

static void
measure_all (const LscTrace *trace)
{
  double ms[ROUNDS];

  for (int round = 0; round < ROUNDS; round++)
    {
      uint64_t from, to;
      double start_ms = now_ms ();

      choose_range (trace, round, &from, &to);
      g_array_unref (lsc_statistics_of_trace (trace, from, to));
      ms[round] = now_ms () - start_ms;
    }
  print ("all statistics of a range, 10 M events, 200 threads", ms, "<= 20");
}

static void
measure_order (const LscTrace *trace)
{
  LscRowOrder *order = lsc_row_order_new ();
  double ms[ROUNDS];

  lsc_row_order_update (order, trace);
  for (int round = 0; round < ROUNDS; round++)
    {
      uint64_t from, to;
      double start_ms = now_ms ();

      choose_range (trace, round, &from, &to);
      lsc_row_order_sort_begin (order, LSC_ROWS_BY_THREAD, LSC_SORT_BUSIEST, from, to);
      lsc_row_order_sort_step (order, trace, 0);
      ms[round] = now_ms () - start_ms;
    }
  lsc_row_order_free (order);
  print ("sort 2 000 lanes by the time they ran in a range, 10 M events", ms, "<= 50");
}

int
main (int argc, char **argv)
{
  uint64_t n_events = argc > 1 ? strtoull (argv[1], NULL, 10) : 10000000;
  g_autoptr (LscTrace) few = make_trace (n_events, 200);
  g_autoptr (LscTrace) many = NULL;

  measure_sums (few);
  measure_all (few);
  g_clear_pointer (&few, lsc_trace_free);
  many = make_trace (n_events, 2000);
  measure_order (many);
  return EXIT_SUCCESS;
}
