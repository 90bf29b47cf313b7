/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What it costs to explain: everything the side pane tells about a visible range, and the scan of a
 * whole capture for patterns.
 */
#include "lib/explain/critical-path.h"
#include "lib/explain/findings.h"
#include "lib/explain/histogram.h"
#include "lib/explain/narrative-index.h"
#include "lib/explain/off-cpu.h"
#include "lib/explain/preemptors.h"
#include "lib/explain/sentence.h"
#include "tests/bench/bench.h"

#define ROUNDS 9
/* Bars that a screen shows: each is explained. */
#define BARS 2000u

/* One of `of` equal parts, another each round. */
static void
choose_part (const LscTrace *trace, unsigned round, unsigned of, uint64_t out_ns[2])
{
  uint64_t start = lsc_trace_get_start_ns (trace);
  uint64_t part = (lsc_trace_get_end_ns (trace) - start) / of;

  out_ns[0] = start + part * ((round * 7 + 1) % of) + 12345;
  out_ns[1] = out_ns[0] + part;
}

/* All of it for a thread, and what concerns everybody. */
static void
explain_range (const LscTrace *trace, uint32_t thread, const uint64_t ns[2])
{
  g_autoptr (LscFindings) findings = lsc_findings_new (trace, ns[0], ns[1]);
  g_autoptr (LscSurvey) own = lsc_survey_new (trace, ns[0], ns[1], LSC_SURVEY_ALL, thread);
  g_autoptr (LscHistogram) slices = lsc_histogram_new (own, LSC_HISTOGRAM_TIMESLICE);
  g_autoptr (LscHistogram) latency = lsc_histogram_new (own, LSC_HISTOGRAM_LATENCY);
  g_autoptr (LscHistogram) off = lsc_histogram_new (own, LSC_HISTOGRAM_OFF_CPU);
  g_autoptr (LscPreemptors) instead = lsc_preemptors_new (own, LSC_CPU_NONE);
  g_autoptr (LscOffCpu) longest = lsc_off_cpu_new (findings->survey, LSC_CPU_NONE);
  g_autoptr (LscCriticalPath) path = lsc_critical_path_new (trace, thread, ns[0], ns[1]);

  if (!lsc_survey_run (findings->survey, NULL) || !lsc_survey_run (own, NULL)
      || !lsc_critical_path_run (path, NULL) || lsc_off_cpu_get_n (longest) == 0
      || lsc_histogram_get_total (slices) == 0)
    exit (EXIT_FAILURE);
  lsc_histogram_get_percentile_ns (latency, 99);
  lsc_histogram_get_percentile_ns (off, 99);
}

static void
measure_range (const LscTrace *trace)
{
  double ms[ROUNDS];

  for (unsigned round = 0; round < ROUNDS; round++)
    {
      uint64_t ns[2];
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);

      choose_part (trace, round, 100, ns);
      explain_range (trace, round * 11, ns);
      ms[round] = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms;
    }
  lsc_bench_print_median (
      "explain a visible range of 100 000 events: locks, patterns, who ran instead, critical path",
      ms, ROUNDS, "<= 20");
}

static void
measure_sentences (const LscTrace *trace)
{
  double ms[ROUNDS];

  for (unsigned round = 0; round < ROUNDS; round++)
    {
      const LscLane *lane = lsc_trace_get_thread (trace, round * 13)->lane;
      uint64_t first = lsc_lane_get_first (lane);
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);

      for (uint64_t n = first; n < first + BARS && n < lsc_lane_get_end (lane); n++)
        g_free (lsc_sentence_of_span (trace, round * 13, n, LSC_WORDS_PLAIN));
      ms[round] = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms;
    }
  lsc_bench_print_median ("the sentences of 2 000 bars", ms, ROUNDS, "<= 20");
}

static void
measure_scan (const LscTrace *trace)
{
  double ms[3];
  double start_ms;

  for (unsigned round = 0; round < G_N_ELEMENTS (ms); round++)
    {
      g_autoptr (LscSurvey) survey =
          lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
      g_autoptr (LscPatternScan) scan = lsc_pattern_scan_new (survey);

      start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);
      if (!lsc_survey_run (survey, NULL))
        exit (EXIT_FAILURE);
      ms[round] = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms;
    }
  lsc_bench_print_median ("scan 10 M events for patterns", ms, G_N_ELEMENTS (ms), "<= 1000");
}

/* The longest a step on the main loop takes. */
static void
measure_step (const LscTrace *trace)
{
  g_autoptr (LscFindings) findings = lsc_findings_new (trace, 0, UINT64_MAX);
  double longest_ms = 0;
  bool more = true;

  while (more)
    {
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);

      more = lsc_survey_step (findings->survey, LSC_SURVEY_STEP);
      longest_ms = MAX (longest_ms, lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - start_ms);
    }
  lsc_bench_print_median ("the longest step of the same on the main loop", &longest_ms, 1, "<= 8");
}

/* Of the thread with most of them: finding the lines of its story, and sentences anywhere in it. */
static void
measure_narrative (void)
{
  g_autoptr (LscTrace) trace = lsc_bench_make_trace (2500000, 4);
  double read_ms = 0, tell_ms = 0;
  uint32_t n_most = 0;

  for (uint32_t thread = 0; thread < lsc_trace_get_n_threads (trace); thread++)
    {
      LscNarrativeIndex *index = lsc_narrative_index_new (trace, thread);
      double start_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);
      double done_ms;
      uint32_t n_lines;

      while (lsc_narrative_index_read (index, 20000) > 0)
        ;
      done_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID);
      n_lines = lsc_narrative_index_get_n_lines (index);
      for (uint64_t i = 0; i < BARS && n_lines > n_most; i++)
        g_free (lsc_sentence_of_span (
            trace, thread,
            lsc_narrative_index_get_number (index, (uint32_t) (i * 1234577 % n_lines)),
            LSC_WORDS_PLAIN));
      if (n_lines > n_most)
        {
          read_ms = (done_ms - start_ms) * 1e6 / n_lines;
          tell_ms = lsc_bench_now_ms (CLOCK_PROCESS_CPUTIME_ID) - done_ms;
          n_most = n_lines;
        }
      lsc_narrative_index_free (index);
    }
  if (n_most < 500000)
    exit (EXIT_FAILURE);
  lsc_bench_print_median ("find the lines of a story of 1 M sentences", &read_ms, 1, "<= 200");
  lsc_bench_print_median ("2 000 sentences from anywhere in it", &tell_ms, 1, "<= 20");
}

int
main (int argc, char **argv)
{
  uint64_t n_events = argc > 1 ? strtoull (argv[1], NULL, 10) : 10000000;
  g_autoptr (LscTrace) trace = lsc_bench_make_trace (n_events, 200);

  measure_range (trace);
  measure_sentences (trace);
  measure_scan (trace);
  measure_step (trace);
  measure_narrative ();
  return EXIT_SUCCESS;
}
