/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Adding up what all lanes did, bucket by bucket. Part of LscActivity.
 */
#pragma once

#include "lib/view/activity.h"

/* Thread-nanoseconds in one bucket. */
typedef struct
{
  uint64_t running, runnable, unknown;
} LscActivityBucket;

/* The whole capture, in buckets of 2^level ns from `first_bucket` on. Worked out in passes from
 * `done`, before which nothing changes any more, to the end; what a pass has not come to is as the
 * last one left it. */
typedef struct
{
  GArray *buckets; /* LscActivityBucket */
  uint64_t first_bucket;
  uint64_t done, next; /* numbers of buckets: those before `next` are of this pass */
  uint64_t passed_ns;  /* the trace's end at the last complete pass */
  unsigned level;
  uint64_t start_ns, end_ns;
} LscActivitySum;

void lsc_activity_sum_init (LscActivitySum *self);
void lsc_activity_sum_clear (LscActivitySum *self);
/* Brings it up to date. Returns false when it was not done with at `until_us` of
 * g_get_monotonic_time(); 0: it takes the time it takes. */
bool lsc_activity_sum_update (LscActivitySum *self, const LscTrace *trace, int64_t until_us);

/* Means over [from_ns, to_ns), with parts of buckets. */
LscActivityColumn
lsc_activity_sum_mean (const LscActivitySum *self, uint64_t from_ns, uint64_t to_ns);

#define LSC_ACTIVITY_RANGE_MAX 64u

/* A few buckets of one process, or of all threads. */
typedef struct
{
  uint32_t process; /* or LSC_ACTIVITY_ALL */
  unsigned level;
  uint64_t first; /* bucket: it begins at first << level */
  uint32_t n;     /* at most LSC_ACTIVITY_RANGE_MAX */
} LscActivityRange;

/* Adds what threads did in the range, from the `thread`th thread of the trace on, for at most
 * `most` lanes. Returns the thread to go on with: their number when it was the last. */
uint32_t lsc_activity_sum_add (const LscTrace *trace,
                               const LscActivityRange *range,
                               uint32_t thread,
                               uint32_t most,
                               LscActivityBucket *buckets);
/* What was added, as means. */
void lsc_activity_sum_means (const LscTrace *trace,
                             const LscActivityRange *range,
                             const LscActivityBucket *buckets,
                             LscActivityColumn *out);

/* Before this moment nothing in the trace changes any more: records of different CPUs arrive no
 * later than that. */
uint64_t lsc_activity_sum_settled_ns (const LscTrace *trace);
