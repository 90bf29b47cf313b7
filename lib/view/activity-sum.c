/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/activity-sum.h"

#include "lib/view/lane-scan.h"

#include <string.h>

#define SETTLE_NS UINT64_C (100000000)
#define FIRST_LEVEL 16u /* 65 us: 2048 of them are 134 ms */
#define SLICE 4096u     /* buckets of single lanes between two looks at the clock */

void
lsc_activity_sum_init (LscActivitySum *self)
{
  *self = (LscActivitySum){ .buckets = g_array_new (FALSE, TRUE, sizeof (LscActivityBucket)),
                            .level = FIRST_LEVEL };
}

void
lsc_activity_sum_clear (LscActivitySum *self)
{
  g_array_unref (self->buckets);
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

uint32_t
lsc_activity_sum_add (const LscTrace *trace,
                      const LscActivityRange *range,
                      uint32_t thread,
                      uint32_t most,
                      LscActivityBucket *buckets)
{
  uint64_t ns[LSC_ACTIVITY_RANGE_MAX][LSC_N_STATES] = { 0 };
  uint32_t n_threads = lsc_trace_get_n_threads (trace);

  for (; (thread = lsc_trace_next_thread (trace, thread)) < n_threads && most > 0; thread++)
    {
      const LscThread *who = lsc_trace_get_thread (trace, thread);

      if (who->lane == NULL
          || (range->process != LSC_ACTIVITY_ALL && who->process != range->process)
          || lsc_lane_get_first (who->lane) == lsc_lane_get_end (who->lane))
        continue;
      lsc_lane_scan_buckets (who->lane, range->level, range->first, range->n, ns);
      most--;
    }
  for (uint32_t b = 0; b < range->n; b++)
    add_states (&buckets[b], ns[b]);
  return thread;
}

void
lsc_activity_sum_means (const LscTrace *trace,
                        const LscActivityRange *range,
                        const LscActivityBucket *buckets,
                        LscActivityColumn *out)
{
  for (uint32_t i = 0; i < range->n; i++)
    {
      /* of a bucket at either end of the capture only a part is known */
      uint64_t begin = (range->first + i) << range->level;
      uint64_t from = MAX (begin, lsc_trace_get_start_ns (trace));
      uint64_t to = MIN (begin + (UINT64_C (1) << range->level), lsc_trace_get_end_ns (trace));
      double ns = to > from ? (double) (to - from) : 1;

      out[i] = (LscActivityColumn){ (float) ((double) buckets[i].running / ns),
                                    (float) ((double) buckets[i].runnable / ns),
                                    (float) ((double) buckets[i].unknown / ns) };
    }
}

/* Makes buckets twice as long. */
static void
fold (LscActivitySum *self)
{
  LscActivityBucket *buckets = (LscActivityBucket *) (void *) self->buckets->data;
  uint64_t first = self->first_bucket / 2;
  uint32_t n = self->buckets->len;
  LscActivityBucket *folded = g_new0 (LscActivityBucket, n / 2 + 1);
  uint32_t n_folded = n == 0 ? 0 : (uint32_t) ((self->first_bucket + n - 1) / 2 - first) + 1;

  for (uint32_t i = 0; i < n; i++)
    {
      LscActivityBucket *to = &folded[(self->first_bucket + i) / 2 - first];

      to->running += buckets[i].running;
      to->runnable += buckets[i].runnable;
      to->unknown += buckets[i].unknown;
    }
  g_array_set_size (self->buckets, 0);
  g_array_append_vals (self->buckets, folded, n_folded);
  g_free (folded);
  self->first_bucket = first;
  self->level++;
  /* the last one may be half done */
  self->next = self->done = MAX (self->done / 2, first);
}

/* Goes on with the pass, bucket by bucket, to `end`. Returns false when there was no time. */
static bool
extend (LscActivitySum *self, const LscTrace *trace, uint64_t end, int64_t until_us)
{
  uint64_t settled = lsc_activity_sum_settled_ns (trace) >> self->level;
  uint32_t most =
      CLAMP (SLICE / MAX (lsc_trace_get_n_threads_kept (trace), 1), 1, LSC_ACTIVITY_RANGE_MAX);

  while (self->next < end)
    {
      uint32_t n = (uint32_t) MIN (end - self->next, most);
      LscActivityBucket *buckets = &g_array_index (self->buckets, LscActivityBucket,
                                                   (uint32_t) (self->next - self->first_bucket));

      memset (buckets, 0, n * sizeof *buckets);
      lsc_activity_sum_add (trace,
                            &(LscActivityRange){ LSC_ACTIVITY_ALL, self->level, self->next, n }, 0,
                            UINT32_MAX, buckets);
      self->next += n;
      self->done = MAX (self->done, MIN (self->next, settled));
      if (until_us != 0 && g_get_monotonic_time () > until_us) /* however late, one slice is done */
        return self->next >= end;
    }
  return true;
}

static void
restart (LscActivitySum *self, uint64_t start_ns)
{
  g_array_set_size (self->buckets, 0);
  self->level = FIRST_LEVEL;
  self->start_ns = start_ns;
  self->first_bucket = self->next = self->done = start_ns >> self->level;
  self->end_ns = self->passed_ns = start_ns;
}

/* The trace may have dropped its oldest part. */
static void
forget (LscActivitySum *self, uint64_t start_ns)
{
  uint64_t first = start_ns >> self->level;

  self->start_ns = start_ns;
  if (first <= self->first_bucket)
    return;
  g_array_remove_range (self->buckets, 0,
                        (guint) MIN (first - self->first_bucket, self->buckets->len));
  self->first_bucket = first;
  self->done = MAX (self->done, first);
  self->next = MAX (self->next, first);
}

bool
lsc_activity_sum_update (LscActivitySum *self, const LscTrace *trace, int64_t until_us)
{
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  uint64_t end_bucket;

  if (start < self->start_ns || end < self->end_ns || self->buckets->len == 0)
    restart (self, start);
  else if (self->next == self->done && start == self->start_ns
           && end - self->passed_ns < (UINT64_C (1) << self->level) / 2)
    return true;
  forget (self, start);
  while ((end >> self->level) - (start >> self->level) + 1 > LSC_ACTIVITY_MAX)
    fold (self);
  self->end_ns = end;
  end_bucket = end == 0 ? 0 : ((end - 1) >> self->level) + 1;
  g_array_set_size (self->buckets, (uint32_t) (end_bucket - MIN (self->first_bucket, end_bucket)));
  if (!extend (self, trace, end_bucket, until_us))
    return false;
  self->passed_ns = end;
  self->next = self->done;
  return true;
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
      double part;

      if (i >= self->buckets->len || known == 0)
        continue;
      bucket = &g_array_index (self->buckets, LscActivityBucket, i);
      part = (double) (end - begin) / (double) known;
      running += (double) bucket->running * part;
      runnable += (double) bucket->runnable * part;
      unknown += (double) bucket->unknown * part;
    }
  return (LscActivityColumn){ (float) (running / (double) (to_ns - from_ns)),
                              (float) (runnable / (double) (to_ns - from_ns)),
                              (float) (unknown / (double) (to_ns - from_ns)) };
}
