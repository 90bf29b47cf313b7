/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Questions about an arbitrary range: the sums of every thread, all there is to say of every
 * thread, and the order of 2 000 lanes by the time they ran.
 */
#include "lib/explain/statistics.h"
#include "lib/view/row-order.h"
#include "tests/bench/bench.h"

#define ROUNDS 15

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
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);
      LscStatistics sums;

      choose_range (trace, round, &from, &to);
      for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
        if (!lsc_statistics_sum_of_thread (trace, i, from, to, &sums))
          exit (EXIT_FAILURE);
      ms[round] = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms;
    }
  lsc_bench_print_median ("times and counts of a range, 10 M events, 200 threads", ms, ROUNDS,
                          "<= 20");
}

static void
measure_all (const LscTrace *trace)
{
  double ms[ROUNDS];

  for (int round = 0; round < ROUNDS; round++)
    {
      uint64_t from, to;
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);

      choose_range (trace, round, &from, &to);
      g_array_unref (lsc_statistics_of_trace (trace, from, to));
      ms[round] = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms;
    }
  lsc_bench_print_median ("all statistics of a range, 10 M events, 200 threads", ms, ROUNDS,
                          "<= 20");
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
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);

      choose_range (trace, round, &from, &to);
      lsc_row_order_sort_begin (order, LSC_ROWS_BY_THREAD, LSC_SORT_BUSIEST, from, to);
      lsc_row_order_sort_step (order, trace, 0);
      ms[round] = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms;
    }
  lsc_row_order_free (order);
  lsc_bench_print_median ("sort 2 000 lanes by the time they ran in a range, 10 M events", ms,
                          ROUNDS, "<= 50");
}

int
main (int argc, char **argv)
{
  uint64_t n_events = argc > 1 ? strtoull (argv[1], NULL, 10) : 10000000;
  g_autoptr (LscTrace) few = lsc_bench_make_trace (n_events, 200);
  g_autoptr (LscTrace) many = NULL;

  measure_sums (few);
  measure_all (few);
  g_clear_pointer (&few, lsc_trace_free);
  many = lsc_bench_make_trace (n_events, 2000);
  measure_order (many);
  return EXIT_SUCCESS;
}
