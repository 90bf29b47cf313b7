/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Figures of lib/trace on a synthetic machine: how fast events are assembled and how many bytes one
 * takes.
 */
#include "tests/bench/bench.h"

#define ROUNDS 3
#define BLOCK (64u << 10) /* as large as they come from the tracer */

typedef struct
{
  double ms;
  double longest; /* of one block, ms */
  double events;
  double bytes;
} Run;

/* Assembles a stream, live or with all of it kept; `limit` as lsc_trace_set_memory_limit(). */
static bool
assemble (uint64_t n_events, size_t limit, Run *run)
{
  LscSynthConfig config = {
    .seed = 1, .n_events = n_events, .n_cpus = 8, .n_threads = 200, .n_processes = 20, .churn = 1
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  lsc_trace_set_memory_limit (trace, limit);
  while (lsc_synth_fill (synth, bytes, BLOCK))
    {
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID), spent;

      if (lsc_assembler_feed (assembler, bytes->data, bytes->len) != bytes->len)
        return false;
      spent = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms;
      run->ms += spent;
      run->longest = MAX (run->longest, spent);
      g_byte_array_set_size (bytes, 0);
    }
  run->events = (double) lsc_trace_get_n_events (trace);
  run->bytes = (double) lsc_trace_get_memory (trace);
  return true;
}

/* The best of a few: others on the machine, and a host that has to find memory first, only ever
 * make it slower. */
static bool
assemble_well (uint64_t n_events, size_t limit, Run *best)
{
  for (int round = 0; round < ROUNDS; round++)
    {
      Run run = { 0 };

      if (!assemble (n_events, limit, &run))
        return false;
      best->ms = round == 0 ? run.ms : MIN (best->ms, run.ms);
      best->longest = round == 0 ? run.longest : MIN (best->longest, run.longest);
      best->events = run.events;
      best->bytes = run.bytes;
    }
  return true;
}

int
main (int argc, char **argv)
{
  uint64_t n_events = argc > 1 ? strtoull (argv[1], NULL, 10) : 10000000;
  Run all = { 0 }, trimmed = { 0 };

  if (!assemble_well (n_events, 0, &all) || !assemble_well (n_events, n_events * 6, &trimmed))
    return EXIT_FAILURE;
  lsc_bench_print ("assembling live events", all.events / all.ms / 1e3, ">= 15", "M events/s");
  lsc_bench_print ("memory per event", all.bytes / all.events, "<= 24", "bytes");
  lsc_bench_print ("longest pause of a block of 64 KiB", all.longest, "<= 8", "ms");
  lsc_bench_print ("the same while the oldest events are dropped", trimmed.longest, "<= 8", "ms");
  return EXIT_SUCCESS;
}
