/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a thread did in a stretch of time, in numbers.
 *
 * Invariants. Only the part of a thread's life inside the range counts, and of a span only its part
 * inside: the times of all states add up to last_ns - first_ns to the nanosecond, and the times of
 * all reasons to that less the time running. Things that happen at a moment (a switch, a wakeup)
 * count when that moment is inside [from, to). All of it is exact but for the percentiles of a
 * range of more than some thousand spans of the thread: these are to 1/4096 of the value
 * (lib/trace/lane-digest.h).
 */
#pragma once

#include "lib/trace/reason.h"

typedef struct
{
  uint64_t count;
  uint64_t p50_ns; /* nearest rank; 0 when count is 0 */
  uint64_t p99_ns;
  uint64_t max_ns;
  uint64_t max_at_ns; /* when the longest one began */
} LscLatency;

typedef struct
{
  uint64_t ns;
  uint64_t count; /* spans that lie at least partly inside */
} LscReasonTotal;

typedef struct
{
  uint32_t thread;   /* index in the trace */
  uint64_t first_ns; /* the thread's time inside the range */
  uint64_t last_ns;
  uint64_t ns[LSC_N_STATES];
  uint64_t switches; /* times it left a CPU: voluntary + involuntary */
  uint64_t voluntary;
  uint64_t involuntary; /* preempted or yielded: what /proc counts as nonvoluntary */
  uint64_t migrations;  /* times it came back on another CPU than it had left */
  uint64_t wakeups;
  uint64_t max_off_cpu_ns; /* longest time between two runs, or up to the end of the range */
  uint64_t max_off_cpu_at_ns;
  LscLatency wakeup_latency; /* woken to running */
  LscReasonTotal reasons[LSC_N_REASONS];
} LscStatistics;

/* Of one thread, for [from_ns, to_ns). False, and `out` cleared, when the thread has no lane or no
 * moment of its life is inside. O(n / 2000 + log n) for the n spans of the thread inside. */
bool lsc_statistics_of_thread (
    const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, LscStatistics *out);

/* The same without what takes a look at every span: reasons, wakeup latency and the longest time
 * off the CPU are 0. O(log n): for sorting many threads, or following a range while it is dragged.
 */
bool lsc_statistics_sum_of_thread (
    const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, LscStatistics *out);

/* Of every traced thread that lived in the range, in the trace's order: an array of LscStatistics,
 * owned by the caller. */
GArray *lsc_statistics_of_trace (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns);

/* The sums as `stats --json` names them. */
uint64_t lsc_statistics_get_runnable_ns (const LscStatistics *self); /* preempted included */
uint64_t lsc_statistics_get_other_ns (const LscStatistics *self);    /* stopped, or not alive */
