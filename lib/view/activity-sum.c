/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/activity-sum.h"

#include "lib/view/lane-scan.h"

#include <string.h>

#define SETTLE_NS UINT64_C (100000000)
#define RANGE_MAX 64u
#define FIRST_LEVEL 16u /* 65 us: 2048 of them are 134 ms */

void
lsc_activity_sum_init (LscActivitySum *self)
{
  *self = (LscActivitySum){ .settled = g_array_new (FALSE, TRUE, sizeof (LscActivityBucket)),
                            .all = g_array_new (FALSE, TRUE, sizeof (LscActivityBucket)),
                            .level = FIRST_LEVEL };
}

void
lsc_activity_sum_clear (LscActivitySum *self)
{
  g_array_unref (self->settled);
  g_array_unref (self->all);
}

uint64_t
lsc_activity_sum_settled_ns (const LscTrace *trace)
{
  uint64_t end = lsc_trace_get_end_ns (trace);

  if (lsc_trace_get_end_record (trace) != NULL)
    return end;
  return end > SETTLE_NS ? end - SETTLE_NS : 0;
}

static void
add_states (LscActivityBucket *bucket, const uint64_t ns[LSC_N_STATES])
{
  bucket->running += ns[LSC_STATE_RUNNING];
  bucket->runnable += ns[LSC_STATE_RUNNABLE] + ns[LSC_STATE_PREEMPTED];
  bucket->unknown += ns[LSC_STATE_UNKNOWN];
}

/* Adds at most RANGE_MAX whole buckets of every lane. */
static void
add_range (const LscTrace *trace,
           uint32_t process,
           uint64_t from_ns,
           unsigned level,
           uint32_t n,
           LscActivityBucket *buckets)
{
  uint64_t ns[RANGE_MAX][LSC_N_STATES] = { 0 };

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, i);

      if (thread->lane == NULL || (process != LSC_ACTIVITY_ALL && thread->process != process)
          || lsc_lane_get_first (thread->lane) == lsc_lane_get_end (thread->lane))
        continue;
      lsc_lane_scan_buckets (thread->lane, level, from_ns >> level, n, ns);
    }
  for (uint32_t b = 0; b < n; b++)
    add_states (&buckets[b], ns[b]);
}

static LscActivityColumn
column_of (const LscActivityBucket *bucket, double ns)
{
  return (LscActivityColumn){ (float) ((double) bucket->running / ns),
                              (float) ((double) bucket->runnable / ns),
                              (float) ((double) bucket->unknown / ns) };
}

void
lsc_activity_sum_range (const LscTrace *trace,
                        uint32_t process,
                        uint64_t from_ns,
                        unsigned level,
                        uint32_t n,
                        LscActivityColumn *out)
{
  LscActivityBucket buckets[RANGE_MAX] = { 0 };

  n = MIN (n, RANGE_MAX);
  add_range (trace, process, from_ns, level, n, buckets);
  for (uint32_t i = 0; i < n; i++)
    {
      /* of a bucket at either end of the capture only a part is known */
      uint64_t begin = from_ns + ((uint64_t) i << level);
      uint64_t from = MAX (begin, lsc_trace_get_start_ns (trace));
      uint64_t to = MIN (begin + (UINT64_C (1) << level), lsc_trace_get_end_ns (trace));

      out[i] = column_of (&buckets[i], to > from ? (double) (to - from) : 1);
    }
}

/* Makes buckets twice as long. */
static void
fold (LscActivitySum *self)
{
  LscActivityBucket *buckets = (LscActivityBucket *) (void *) self->settled->data;
  uint64_t first = self->first_bucket / 2;
  uint32_t n = self->settled->len;
  LscActivityBucket *folded = g_new0 (LscActivityBucket, n / 2 + 1);
  uint32_t n_folded = n == 0 ? 0 : (uint32_t) ((self->first_bucket + n - 1) / 2 - first) + 1;

  for (uint32_t i = 0; i < n; i++)
    {
      LscActivityBucket *to = &folded[(self->first_bucket + i) / 2 - first];

      to->running += buckets[i].running;
      to->runnable += buckets[i].runnable;
      to->unknown += buckets[i].unknown;
    }
  g_array_set_size (self->settled, 0);
  g_array_append_vals (self->settled, folded, n_folded);
  g_free (folded);
  self->first_bucket = first;
  self->level++;
}

/* Adds the buckets from `done_ns` to `end_ns` (rounded up to whole ones) to `sums`. */
static void
extend (const LscActivitySum *self, const LscTrace *trace, uint64_t end_ns, GArray *sums)
{
  uint64_t bucket = self->done_ns >> self->level;
  uint64_t end = end_ns == 0 ? 0 : ((end_ns - 1) >> self->level) + 1;

  while (bucket < end)
    {
      uint32_t n = (uint32_t) MIN (end - bucket, RANGE_MAX);
      uint32_t at = (uint32_t) (bucket - self->first_bucket);

      g_array_set_size (sums, at + n);
      add_range (trace, LSC_ACTIVITY_ALL, bucket << self->level, self->level, n,
                 &g_array_index (sums, LscActivityBucket, at));
      bucket += n;
    }
}

static void
restart (LscActivitySum *self, uint64_t start_ns)
{
  g_array_set_size (self->settled, 0);
  self->level = FIRST_LEVEL;
  self->start_ns = start_ns;
  self->first_bucket = start_ns >> self->level;
  self->done_ns = self->first_bucket << self->level;
  self->end_ns = start_ns;
}

/* The trace may have dropped its oldest part. */
static void
forget (LscActivitySum *self, uint64_t start_ns)
{
  uint64_t first = start_ns >> self->level;

  self->start_ns = start_ns;
  if (first <= self->first_bucket)
    return;
  if (first - self->first_bucket < self->settled->len)
    g_array_remove_range (self->settled, 0, (guint) (first - self->first_bucket));
  else
    g_array_set_size (self->settled, 0);
  self->first_bucket = first;
  self->done_ns = MAX (self->done_ns, first << self->level);
}

void
lsc_activity_sum_update (LscActivitySum *self, const LscTrace *trace)
{
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  uint64_t settled = lsc_activity_sum_settled_ns (trace);

  if (start < self->start_ns || end < self->end_ns || self->all->len == 0)
    restart (self, start);
  else if (end - self->end_ns < (UINT64_C (1) << self->level) / 2 && start == self->start_ns)
    return;
  forget (self, start);
  while ((end >> self->level) - (start >> self->level) + 1 > LSC_ACTIVITY_MAX)
    {
      fold (self);
      self->done_ns = (self->done_ns >> self->level) << self->level;
    }
  self->end_ns = end;
  settled = (settled >> self->level) << self->level;
  if (settled > self->done_ns)
    {
      /* the last bucket may have been folded from one that was done and one that was not */
      g_array_set_size (self->settled,
                        (uint32_t) ((self->done_ns >> self->level) - self->first_bucket));
      extend (self, trace, settled, self->settled);
      self->done_ns = settled;
    }
  g_array_set_size (self->all, 0);
  g_array_append_vals (self->all, self->settled->data,
                       (uint32_t) ((self->done_ns >> self->level) - self->first_bucket));
  extend (self, trace, end, self->all);
}

LscActivityColumn
lsc_activity_sum_mean (const LscActivitySum *self, uint64_t from_ns, uint64_t to_ns)
{
  double running = 0, runnable = 0, unknown = 0;

  from_ns = MAX (from_ns, self->start_ns);
  to_ns = MIN (to_ns, self->end_ns);
  if (from_ns >= to_ns)
    return (LscActivityColumn){ 0 };
  for (uint64_t b = from_ns >> self->level; b <= (to_ns - 1) >> self->level; b++)
    {
      uint64_t i = b - self->first_bucket;
      uint64_t begin = MAX (from_ns, MAX (b << self->level, self->start_ns));
      uint64_t end = MIN (to_ns, MIN ((b + 1) << self->level, self->end_ns));
      uint64_t known =
          MIN ((b + 1) << self->level, self->end_ns) - MAX (b << self->level, self->start_ns);
      const LscActivityBucket *bucket;

      if (i >= self->all->len || known == 0)
        continue;
      bucket = &g_array_index (self->all, LscActivityBucket, i);
      running += (double) bucket->running * (double) (end - begin) / (double) known;
      runnable += (double) bucket->runnable * (double) (end - begin) / (double) known;
      unknown += (double) bucket->unknown * (double) (end - begin) / (double) known;
    }
  return (LscActivityColumn){ (float) (running / (double) (to_ns - from_ns)),
                              (float) (runnable / (double) (to_ns - from_ns)),
                              (float) (unknown / (double) (to_ns - from_ns)) };
}
