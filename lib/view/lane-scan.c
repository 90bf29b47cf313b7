/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/lane-scan.h"

#include <string.h>

/* A bucket with more spans than this is left to lsc_lane_sum(). */
#define LOOK_AT_EACH 12u
#define CROWD 8u

/* Summaries are fetched this many at a time, with one more on each side. */
#define PAGE 256u

/* Of so many columns made from summaries, one looks at its spans for a reason or a thread. */
#define SAMPLE_EVERY 8u

/* What a column is made from. */
typedef struct
{
  uint64_t ns[LSC_N_STATES];
  uint64_t longest_ns; /* of the sleeps (thread lane) or runs (CPU lane) seen */
  LscCause longest;
} Bucket;

/* The lane's own summaries of buckets: a byte a state. */
typedef struct
{
  uint64_t first; /* number of the bucket in buckets[1] */
  uint64_t buckets[PAGE + 2];
  bool read, none;
} Page;

typedef struct
{
  const LscScanLane *who;
  LscLaneIter iter;
  LscStretch span; /* the one that covers `now`, unless `over` */
  uint64_t now;
  unsigned level;
  uint64_t bucket_ns;
  uint64_t alone_ns; /* spans this long stand alone */
  bool over;
  unsigned crowded; /* so many more buckets are likely to have too many spans to look at each */
} Walk;

LscScanLane
lsc_lane_scan_lane (const LscTrace *trace, LscRowKind kind, uint32_t index)
{
  LscScanLane self = { .is_cpu = kind == LSC_ROW_CPU };

  if (kind == LSC_ROW_CPU)
    self.lane = index < lsc_trace_get_n_cpus (trace) ? lsc_trace_get_cpu_lane (trace, index) : NULL;
  else if (kind == LSC_ROW_THREAD && index < lsc_trace_get_n_threads (trace))
    {
      const LscThread *thread = lsc_trace_get_thread (trace, index);

      self.lane = thread->lane;
      self.kernel_thread = thread->kernel_thread;
      self.abi = lsc_reason_abi_of_machine (lsc_trace_get_header (trace)->machine);
    }
  if (self.lane != NULL && lsc_lane_get_first (self.lane) == lsc_lane_get_end (self.lane))
    self.lane = NULL;
  return self;
}

static uint64_t
add_clamped (uint64_t a, uint64_t b)
{
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* To the span that covers walk->now: the last one that starts there and is not empty. */
static void
advance (Walk *walk)
{
  while (walk->span.end_ns <= walk->now)
    {
      if (!lsc_lane_iter_step (&walk->iter, &walk->span))
        {
          walk->over = true;
          return;
        }
    }
}

static void
jump (Walk *walk, uint64_t time_ns)
{
  walk->now = time_ns;
  if (walk->iter.lane == NULL)
    lsc_lane_iter_init (&walk->iter, walk->who->lane, time_ns);
  else
    lsc_lane_iter_seek (&walk->iter, time_ns);
  walk->over = !lsc_lane_iter_step (&walk->iter, &walk->span);
  if (!walk->over)
    advance (walk);
}

static bool
stands_alone (const Walk *walk)
{
  return walk->span.end_ns - walk->span.start_ns >= walk->alone_ns;
}

/* Remembers the span if it says more about the column than those before. */
static void
look_at (const Walk *walk, uint64_t ns, Bucket *bucket)
{
  LscState state = lsc_cause_get_state (walk->span.cause);
  bool telling = walk->who->is_cpu
                     ? state == LSC_STATE_RUNNING
                     : state == LSC_STATE_SLEEPING || state == LSC_STATE_UNINTERRUPTIBLE
                           || state == LSC_STATE_STOPPED;

  if (telling && ns >= bucket->longest_ns)
    {
      bucket->longest_ns = ns;
      bucket->longest = walk->span.cause;
    }
}

/* Adds one span after another up to `end_ns` or to one that stands alone. Returns false when there
 * are too many; then `bucket` and the walk are worth nothing. */
static bool
add_each (Walk *walk, uint64_t end_ns, Bucket *bucket)
{
  for (unsigned i = 0; i < LOOK_AT_EACH; i++)
    {
      uint64_t to = MIN (walk->span.end_ns, end_ns);

      bucket->ns[lsc_cause_get_state (walk->span.cause)] += to - walk->now;
      look_at (walk, to - walk->now, bucket);
      walk->now = to;
      advance (walk);
      if (walk->now == end_ns || walk->over || stands_alone (walk))
        return true;
    }
  return false;
}

/* The same from sums. A span that stands alone is longer than a bucket, so if one starts within
 * this bucket it is the one that covers its end. */
static void
add_sum (Walk *walk, uint64_t end_ns, Bucket *bucket)
{
  uint64_t from = walk->now;

  memset (bucket, 0, sizeof *bucket);
  look_at (walk, MIN (walk->span.end_ns, end_ns) - from, bucket);
  jump (walk, end_ns);
  if (walk->over)
    walk->now = MIN (end_ns, lsc_lane_get_end_ns (walk->who->lane));
  else
    {
      if (stands_alone (walk))
        walk->now = MIN (walk->now, MAX (walk->span.start_ns, from));
      else if (walk->span.start_ns < end_ns)
        look_at (walk, end_ns - MAX (walk->span.start_ns, from), bucket);
    }
  lsc_lane_sum (walk->who->lane, from, walk->now, bucket->ns);
}

/* ns / whole as shares that add up to LSC_SHARE_ONE and are 0 only for 0. */
static void
set_shares (const uint64_t ns[LSC_N_STATES], uint64_t whole, LscColumn *column)
{
  uint32_t left = LSC_SHARE_ONE;
  unsigned most = 0;

  for (unsigned i = 0; i < LSC_N_STATES; i++)
    {
      double part = (double) ns[i] / (double) whole * LSC_SHARE_ONE;
      uint32_t share = ns[i] == 0 ? 0 : part < 1 ? 1 : (uint32_t) part;

      column->share[i] = (uint8_t) share;
      left -= share;
      if (ns[i] > ns[most])
        most = i;
    }
  /* what rounding left over, or took too much, is the largest's: it has plenty */
  column->share[most] = (uint8_t) (column->share[most] + left);
  column->state = (uint8_t) most;
}

static uint8_t
reason_of (const Walk *walk, const LscFacts *facts)
{
  return (uint8_t) lsc_reason_of_facts (facts, walk->who->abi, walk->who->kernel_thread);
}

/* What the longest sleep, or run, in the bucket was. */
static void
say_why (const Walk *walk, const Bucket *bucket, LscColumn *column)
{
  const LscFacts *facts;

  column->thread = LSC_THREAD_NONE;
  column->reason = LSC_REASON_NONE;
  if (bucket->longest_ns == 0)
    return;
  facts = lsc_lane_get_facts (walk->who->lane, bucket->longest);
  column->thread = facts->thread;
  if (!walk->who->is_cpu)
    column->reason = reason_of (walk, facts);
}

static void
emit_column (const Walk *walk, uint64_t from_ns, const Bucket *bucket, LscPieces *pieces)
{
  LscColumn *column;

  if (walk->now <= from_ns)
    return;
  column = lsc_pieces_add_columns (pieces, walk->level, from_ns, walk->now, 1);
  set_shares (bucket->ns, walk->now - from_ns, column);
  say_why (walk, bucket, column);
}

static void
emit_span (Walk *walk, LscPieces *pieces)
{
  LscPiece piece = { .kind = LSC_SHAPE_SPAN, .number = lsc_lane_iter_get_number (&walk->iter) - 1 };
  LscSpan span;

  lsc_lane_get (walk->who->lane, piece.number, &span);
  piece.start_ns = span.start_ns;
  piece.end_ns = span.end_ns;
  piece.state = span.facts.state;
  piece.thread = span.facts.thread;
  piece.cpu = span.facts.cpu;
  piece.flags = (uint8_t) ((span.open_start ? LSC_SHAPE_OPEN_START : 0)
                           | (span.open_end ? LSC_SHAPE_OPEN_END : 0));
  if (!walk->who->is_cpu)
    piece.reason = reason_of (walk, &span.facts);
  lsc_pieces_add_span (pieces, &piece);
  walk->now = span.end_ns;
  advance (walk);
}

/* The column that begins at walk->now. */
static void
walk_column (Walk *walk, uint64_t limit_ns, LscPieces *pieces)
{
  uint64_t from = walk->now;
  uint64_t bucket_end = add_clamped (from & ~(walk->bucket_ns - 1), walk->bucket_ns);
  uint64_t end = MIN (bucket_end, limit_ns);
  Walk before = *walk;
  Bucket sum = { 0 };

  if (walk->crowded > 0 || !add_each (walk, end, &sum))
    {
      if (walk->crowded > 0)
        walk->crowded--;
      else
        {
          *walk = before;
          walk->crowded = CROWD;
        }
      add_sum (walk, end, &sum);
    }
  emit_column (walk, from, &sum, pieces);
}

/* Fetches the page that holds `bucket`. */
static void
turn_page (const Walk *walk, unsigned level, uint64_t bucket, Page *page)
{
  uint64_t first = bucket & ~(uint64_t) (PAGE - 1);

  if (page->none || (page->read && page->first == first))
    return;
  page->first = first;
  page->read = true;
  page->buckets[0] = 0;
  if (first > 0)
    page->none =
        !lsc_lane_read_buckets (walk->who->lane, level, first - 1, PAGE + 2, page->buckets);
  else
    page->none = !lsc_lane_read_buckets (walk->who->lane, level, 0, PAGE + 1, page->buckets + 1);
}

/* Exactly one state, or nothing known. */
static bool
is_pure (uint64_t bucket)
{
  unsigned shift = bucket == 0 ? 0 : (unsigned) __builtin_ctzll (bucket) & ~7u;

  return (bucket & ~(UINT64_C (255) << shift)) == 0;
}

/* No span that stands alone reaches into the bucket: it would fill a neighbour. So its summary says
 * all there is to say. */
static bool
is_plain (const Page *page, uint64_t bucket)
{
  const uint64_t *at = &page->buckets[1 + bucket - page->first];

  return !is_pure (at[-1]) && !is_pure (at[0]) && !is_pure (at[1]);
}

/* The shares of a summary. What it says is to 1/255, and no state in it is lost. */
static void
unpack_shares (uint64_t summary, LscColumn *column)
{
  uint32_t sum = 0;
  unsigned most = 0;

  for (unsigned i = 0; i < LSC_N_STATES; i++)
    {
      column->share[i] = (uint8_t) (summary >> (8 * i));
      sum += column->share[i];
      if (column->share[i] > column->share[most])
        most = i;
    }
  column->share[most] = (uint8_t) (column->share[most] + LSC_SHARE_ONE - sum);
  column->state = (uint8_t) most;
}

/* Looks at a few spans from `time_ns` on, for the reason of the sleeps, or the thread of the runs,
 * around there. */
static void
sample (Walk *walk, uint64_t time_ns, LscColumn *column)
{
  Bucket seen = { 0 };

  jump (walk, time_ns);
  for (unsigned i = 0; i < SAMPLE_EVERY && !walk->over && seen.longest_ns == 0; i++)
    {
      look_at (walk, walk->span.end_ns - walk->span.start_ns, &seen);
      walk->over = !lsc_lane_iter_step (&walk->iter, &walk->span);
    }
  say_why (walk, &seen, column);
}

/* Columns from summaries, from walk->now (a bucket's start) on as long as they are plain. */
static void
walk_summaries (Walk *walk, uint64_t limit_ns, const Page *page, LscPieces *pieces)
{
  uint64_t first = walk->now >> walk->level, end = first + 1;
  LscColumn *columns;

  while (end - page->first < PAGE && (end + 1) << walk->level <= limit_ns && is_plain (page, end))
    end++;
  columns = lsc_pieces_add_columns (pieces, walk->level, walk->now, end << walk->level,
                                    (uint32_t) (end - first));
  for (uint64_t b = first; b < end; b++, columns++)
    {
      if (b == first || b % SAMPLE_EVERY == 0)
        sample (walk, b << walk->level, columns);
      else
        *columns = columns[-1];
      unpack_shares (page->buckets[1 + b - page->first], columns);
    }
  jump (walk, end << walk->level);
}

void
lsc_lane_scan_pieces (
    const LscScanLane *self, unsigned level, uint64_t from_ns, uint64_t to_ns, LscPieces *pieces)
{
  Walk walk = { .who = self, .level = level, .bucket_ns = UINT64_C (1) << level };
  uint64_t begin = MAX (from_ns, lsc_lane_get_start_ns (self->lane));
  uint64_t end = MIN (to_ns, lsc_lane_get_end_ns (self->lane));
  Page page = { 0 };

  /* At one nanosecond a pixel everything stands alone that has a length at all. */
  walk.alone_ns = level == 0 ? 1 : level >= 62 ? UINT64_MAX : walk.bucket_ns * LSC_ALONE_BUCKETS;
  if (begin >= end)
    return;
  jump (&walk, begin);
  page.none = level >= 63;
  while (!walk.over && walk.now < end)
    {
      uint64_t bucket = walk.now >> level;

      turn_page (&walk, level, bucket, &page);
      if (stands_alone (&walk))
        emit_span (&walk, pieces);
      else if (!page.none && walk.now == bucket << level && walk.now + walk.bucket_ns <= end
               && is_plain (&page, bucket))
        walk_summaries (&walk, end, &page, pieces);
      else
        walk_column (&walk, end, pieces);
    }
}

/* Adds what the spans tell of [from_ns, to_ns): a span is looked at once, however many buckets it
 * fills, and of the spans in one bucket only the first few. */
static void
add_spans (
    Walk *walk, uint64_t first, uint64_t from_ns, uint64_t to_ns, uint64_t (*ns)[LSC_N_STATES])
{
  uint64_t crowd = UINT64_MAX; /* the bucket whose spans are counted */
  unsigned looked_at = 0;

  jump (walk, from_ns);
  while (!walk->over && walk->now < to_ns)
    {
      uint64_t end = MIN (walk->span.end_ns, to_ns);
      LscState state = lsc_cause_get_state (walk->span.cause);
      uint64_t bucket = walk->now >> walk->level, last = (end - 1) >> walk->level;
      uint64_t begin = walk->now;

      looked_at = bucket == crowd ? looked_at + 1 : 0;
      crowd = bucket;
      if (looked_at == LOOK_AT_EACH)
        {
          jump (walk, MIN (add_clamped (bucket << walk->level, walk->bucket_ns), to_ns));
          lsc_lane_sum (walk->who->lane, begin, walk->now, ns[bucket - first]);
          continue;
        }
      for (; bucket < last; begin = ++bucket << walk->level)
        ns[bucket - first][state] += ((bucket + 1) << walk->level) - begin;
      ns[last - first][state] += end - begin;
      walk->now = end;
      advance (walk);
    }
}

/* A summary as times. Complete buckets only: what is missing from 255 is rounding. */
static void
add_summary (uint64_t bucket, uint64_t bucket_ns, uint64_t ns[LSC_N_STATES])
{
  uint64_t pairs =
      (bucket & UINT64_C (0x00ff00ff00ff00ff)) + (bucket >> 8 & UINT64_C (0x00ff00ff00ff00ff));
  uint64_t sum = pairs * UINT64_C (0x0001000100010001) >> 48;
  double unit_ns = (double) bucket_ns / (double) sum;

  while (bucket != 0)
    {
      unsigned shift = (unsigned) __builtin_ctzll (bucket) & ~7u;
      uint64_t share = bucket >> shift & 255;

      ns[shift / 8] += share == sum ? bucket_ns : (uint64_t) (unit_ns * (double) share);
      bucket &= ~(UINT64_C (255) << shift);
    }
}

void
lsc_lane_scan_buckets (
    const LscLane *lane, unsigned level, uint64_t first, uint32_t n, uint64_t (*ns)[LSC_N_STATES])
{
  LscScanLane who = { .lane = lane };
  Walk walk = {
    .who = &who, .level = level, .bucket_ns = UINT64_C (1) << level, .alone_ns = UINT64_MAX
  };
  uint64_t start = lsc_lane_get_start_ns (lane), end = lsc_lane_get_end_ns (lane);
  uint64_t summaries[PAGE];

  n = MIN (n, PAGE);
  if (!lsc_lane_read_buckets (lane, level, first, n, summaries))
    memset (summaries, 0, n * sizeof *summaries);
  for (uint32_t b = 0, next; b < n; b = next)
    {
      uint64_t from = (first + b) << level, to;

      next = b + 1;
      if (summaries[b] != 0 && from >= start && add_clamped (from, walk.bucket_ns) <= end)
        {
          add_summary (summaries[b], walk.bucket_ns, ns[b]);
          continue;
        }
      while (next < n && summaries[next] == 0)
        next++;
      to = MIN (add_clamped ((first + next - 1) << level, walk.bucket_ns), end);
      if (MAX (from, start) < to)
        add_spans (&walk, first, MAX (from, start), to, ns);
    }
}
