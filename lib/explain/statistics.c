/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/statistics.h"

#include "lib/explain/latency-set.h"
#include "lib/trace/lane-piece.h"

#include <string.h>

/* One walk over a lane. */
typedef struct
{
  const LscLane *lane;
  bool kernel_thread;
  uint64_t from_ns;
  uint64_t to_ns;
  bool to_the_end; /* a moment at to_ns itself counts too: nothing comes after it */
  bool off;        /* in a stretch off the CPU, that began at off_ns */
  uint64_t off_ns;
  bool woken; /* by the span before the one looked at, at woken_ns */
  uint64_t woken_ns;
  LscLatencySet *latencies;
  LscStatistics *out;
} Walk;

static void
raise_max_off_cpu (LscStatistics *out, uint64_t ns, uint64_t at_ns)
{
  if (ns <= out->max_off_cpu_ns)
    return;
  out->max_off_cpu_ns = ns;
  out->max_off_cpu_at_ns = at_ns;
}

static void
end_stretch (Walk *self, uint64_t time_ns)
{
  if (self->off)
    raise_max_off_cpu (self->out, time_ns - self->off_ns, self->off_ns);
  self->off = false;
}

static void
begin_stretch (Walk *self, uint64_t time_ns)
{
  self->off = true;
  self->off_ns = time_ns;
}

static void
add_time (Walk *self, const LscStretch *span, LscReason reason)
{
  LscReasonTotal *total = &self->out->reasons[reason];
  uint64_t from = MAX (span->start_ns, self->from_ns);
  uint64_t to = MIN (span->end_ns, self->to_ns);

  if (from > to)
    return;
  total->ns += to - from;
  total->count++;
}

static void
walk_span (Walk *self, const LscStretch *span, bool open_start)
{
  LscCauseBrief brief = lsc_lane_get_brief (self->lane, span->cause);
  LscState state = lsc_cause_get_state (span->cause);

  if (state == LSC_STATE_RUNNING && self->woken)
    {
      lsc_latency_set_reserve (self->latencies, 1);
      lsc_latency_set_add (self->latencies, span->start_ns - self->woken_ns, self->woken_ns);
    }
  /* A wakeup that was seen, inside the range. */
  self->woken = state == LSC_STATE_RUNNABLE && !open_start && !brief.inferred
                && span->start_ns >= self->from_ns;
  self->woken_ns = span->start_ns;
  if (!lsc_state_is_off_cpu (state))
    end_stretch (self, CLAMP (span->start_ns, self->from_ns, self->to_ns));
  else if (!self->off)
    begin_stretch (self, MAX (span->start_ns, self->from_ns));
  add_time (self, span, (LscReason) brief.reasons[self->kernel_thread]);
}

/* The spans of a piece, all of which lie inside the range. */
static void
walk_piece (Walk *self, const LscLanePiece *piece)
{
  for (unsigned reason = 0; reason < LSC_N_REASONS; reason++)
    {
      self->out->reasons[reason].ns += lsc_lane_piece_get_ns (piece, reason);
      self->out->reasons[reason].count += lsc_lane_piece_get_count (piece, reason);
    }
  lsc_latency_set_reserve (self->latencies, piece->n_runs);
  for (uint32_t i = 0; i < piece->n_runs; i++)
    {
      uint32_t e = piece->runs[i];
      uint64_t woken_ns =
          e > piece->from ? lsc_lane_piece_get_start_ns (piece, e - 1) : self->woken_ns;

      lsc_latency_set_add (self->latencies, lsc_lane_piece_get_start_ns (piece, e) - woken_ns,
                           woken_ns);
    }
  for (uint32_t i = 0; i < piece->n_turns; i++)
    {
      uint64_t time_ns = lsc_lane_piece_get_start_ns (piece, piece->turns[i]);

      if (self->off)
        end_stretch (self, time_ns);
      else
        begin_stretch (self, time_ns);
    }
  self->woken = (piece->marks & LSC_MARK_WOKEN) != 0;
  self->woken_ns = lsc_lane_piece_get_start_ns (piece, piece->to - 1);
}

/* What comes next in the block and lies wholly inside the range, at once. */
static void
walk_on (Walk *self, LscLaneIter *iter)
{
  uint8_t marks = (uint8_t) ((self->woken ? LSC_MARK_WOKEN : 0) | (self->off ? LSC_MARK_OFF : 0));
  LscLanePiece piece;

  if (lsc_lane_iter_take_piece (iter, self->to_ns, marks, &piece))
    walk_piece (self, &piece);
}

/* Many spans at once. */
static void
walk_digest (Walk *self, const LscLaneDigest *digest)
{
  for (unsigned i = 0; i < digest->n_reasons; i++)
    {
      self->out->reasons[digest->reasons[i].reason].ns += digest->reasons[i].ns;
      self->out->reasons[digest->reasons[i].reason].count += digest->reasons[i].count;
    }
  lsc_latency_set_add_digest (self->latencies, digest);
  self->woken = false; /* its last span's latency is in the digest */
  if (digest->inherits && digest->on_ns == UINT64_MAX)
    return;
  if (digest->inherits)
    end_stretch (self, digest->on_ns);
  raise_max_off_cpu (self->out, digest->max_off_ns, digest->max_off_at_ns);
  self->off = digest->off_ns != UINT64_MAX;
  self->off_ns = digest->off_ns;
}

/* The first span that reaches into the range: not lsc_lane_find() alone, because spans of 0 ns may
 * stand at from_ns before the one it finds. */
static uint64_t
find_first (const LscLane *lane, uint64_t from_ns)
{
  uint64_t number = lsc_lane_find (lane, from_ns);
  LscSpan span;

  while (number > lsc_lane_get_first (lane))
    {
      lsc_lane_get (lane, number - 1, &span);
      if (span.start_ns < from_ns)
        break;
      number--;
    }
  return number;
}

static void
walk_lane (Walk *self)
{
  uint64_t number = find_first (self->lane, self->from_ns);
  uint64_t limit_ns = self->to_the_end && self->to_ns < UINT64_MAX ? self->to_ns + 1 : self->to_ns;
  LscLaneIter iter;
  LscStretch span;
  LscSpan first;

  lsc_lane_get (self->lane, number, &first);
  lsc_lane_iter_init_at (&iter, self->lane, number);
  while (lsc_lane_iter_step (&iter, &span))
    {
      const LscLaneDigest *digest;

      if (span.start_ns > self->to_ns || (span.start_ns == self->to_ns && !self->to_the_end))
        break;
      walk_span (self, &span, first.open_start);
      first.open_start = false;
      digest = iter.entry == 2 ? lsc_lane_digest_skip (&iter, limit_ns) : NULL;
      if (digest != NULL)
        walk_digest (self, digest);
      else if (iter.entry >= 2) /* where a digest may begin has been passed */
        walk_on (self, &iter);
    }
  end_stretch (self, self->out->last_ns);
}

/* Clears `out` but for the thread and its time inside the range. False when there is none. */
static bool
begin (const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, LscStatistics *out)
{
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;
  uint64_t first_ns, last_ns;

  memset (out, 0, sizeof *out);
  out->thread = thread;
  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane) || from_ns > to_ns)
    return false;
  first_ns = MAX (lsc_lane_get_start_ns (lane), from_ns);
  last_ns = MIN (lsc_lane_get_end_ns (lane), to_ns);
  if (first_ns > last_ns || (first_ns == to_ns && to_ns < lsc_trace_get_end_ns (trace)))
    {
      out->thread = 0;
      return false;
    }
  out->first_ns = first_ns;
  out->last_ns = last_ns;
  return true;
}

bool
lsc_statistics_sum_of_thread (
    const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, LscStatistics *out)
{
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;
  LscLaneCounts counts;

  if (!begin (trace, thread, from_ns, to_ns, out))
    return false;
  lsc_lane_sum (lane, out->first_ns, out->last_ns, out->ns);
  lsc_lane_count (lane, from_ns, to_ns, &counts);
  out->voluntary = counts.voluntary;
  out->involuntary = counts.involuntary;
  out->switches = out->voluntary + out->involuntary;
  out->migrations = counts.migrations;
  out->wakeups = counts.wakeups;
  return true;
}

static bool
compute (const LscTrace *trace,
         uint32_t thread,
         uint64_t from_ns,
         uint64_t to_ns,
         LscLatencySet *latencies,
         LscStatistics *out)
{
  Walk walk = { .lane = lsc_trace_get_thread (trace, thread)->lane,
                .kernel_thread = lsc_trace_get_thread (trace, thread)->kernel_thread,
                .from_ns = from_ns,
                .to_ns = to_ns,
                .to_the_end = to_ns >= lsc_trace_get_end_ns (trace),
                .latencies = latencies,
                .out = out };

  if (!lsc_statistics_sum_of_thread (trace, thread, from_ns, to_ns, out))
    return false;
  lsc_latency_set_reset (latencies);
  walk_lane (&walk);
  out->wakeup_latency = (LscLatency){ .count = latencies->count,
                                      .p50_ns = lsc_latency_set_get_percentile_ns (latencies, 50),
                                      .p99_ns = lsc_latency_set_get_percentile_ns (latencies, 99),
                                      .max_ns = latencies->max_ns,
                                      .max_at_ns = latencies->max_at_ns };
  return true;
}

bool
lsc_statistics_of_thread (
    const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, LscStatistics *out)
{
  LscLatencySet latencies;
  bool lived;

  lsc_latency_set_init (&latencies);
  lived = compute (trace, thread, from_ns, to_ns, &latencies, out);
  lsc_latency_set_clear (&latencies);
  return lived;
}

GArray *
lsc_statistics_of_trace (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (LscStatistics));
  LscLatencySet latencies;
  LscStatistics one;

  lsc_latency_set_init (&latencies);
  for (uint32_t i = lsc_trace_next_thread (trace, 0); i < lsc_trace_get_n_threads (trace);
       i = lsc_trace_next_thread (trace, i + 1))
    if (compute (trace, i, from_ns, to_ns, &latencies, &one))
      g_array_append_val (all, one);
  lsc_latency_set_clear (&latencies);
  return all;
}

uint64_t
lsc_statistics_get_runnable_ns (const LscStatistics *self)
{
  return self->ns[LSC_STATE_RUNNABLE] + self->ns[LSC_STATE_PREEMPTED];
}

uint64_t
lsc_statistics_get_other_ns (const LscStatistics *self)
{
  return self->ns[LSC_STATE_STOPPED] + self->ns[LSC_STATE_ABSENT];
}
