/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Figures of lib/trace on a synthetic machine: how fast events are assembled and how many bytes one
 * takes.
 */
#include "lib/trace/assembler.h"
#include "tests/support/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
now_s (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

int
main (int argc, char **argv)
{
  uint64_t n_events = argc > 1 ? strtoull (argv[1], NULL, 10) : 10000000;
  LscSynthConfig config = {
    .seed = 1, .n_events = n_events, .n_cpus = 8, .n_threads = 200, .n_processes = 20, .churn = 1
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double seconds = 0;
  double events;

  while (lsc_synth_fill (synth, bytes, 64 << 10))
    {
      double start_s = now_s ();

      if (lsc_assembler_feed (assembler, bytes->data, bytes->len) != bytes->len)
        return EXIT_FAILURE;
      seconds += now_s () - start_s;
      g_byte_array_set_size (bytes, 0);
    }
  events = (double) lsc_trace_get_n_events (trace);
  printf (
      "{\"figure\": \"assembling live events\", \"ours\": %.1f, \"target\": \">= 15\", \"unit\": "
      "\"M events/s\"}\n",
      events / seconds / 1e6);
  printf ("{\"figure\": \"memory per event\", \"ours\": %.1f, \"target\": \"<= 24\", \"unit\": "
          "\"bytes\"}\n",
          (double) lsc_trace_get_memory (trace) / events);
  return EXIT_SUCCESS;
}
