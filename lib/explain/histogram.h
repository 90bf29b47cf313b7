/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How long things took: timeslices, delays from a wakeup to running, and times off the CPU, in
 * buckets of growing width, with exact percentiles, and when the longest was.
 *
 * Only what began and ended inside the range is counted; what its edges cut is counted apart. Valid
 * when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

/* Two buckets to a doubling: 0, 1, 2, 3, 4, 6, 8, 12, 16 ... ns. */
#define LSC_HISTOGRAM_BUCKETS 128u

typedef enum
{
  LSC_HISTOGRAM_TIMESLICE, /* on a CPU without a break */
  LSC_HISTOGRAM_LATENCY,   /* woken to running */
  LSC_HISTOGRAM_OFF_CPU,   /* from leaving a CPU to being back on one */
  LSC_HISTOGRAM_N_KINDS
} LscHistogramKind;

typedef struct _LscHistogram LscHistogram;

/* Of the lanes of `survey`, which it joins before that begins; to be freed after it. */
LscHistogram *lsc_histogram_new (LscSurvey *survey, LscHistogramKind kind);
void lsc_histogram_free (LscHistogram *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscHistogram, lsc_histogram_free)

/* Bucket `i` counts lengths in [floor (i), floor (i + 1)), ns. */
uint64_t lsc_histogram_get_floor_ns (uint32_t bucket);
uint32_t lsc_histogram_get_bucket (uint64_t ns);

uint64_t lsc_histogram_get_count (const LscHistogram *self, uint32_t bucket);
uint64_t lsc_histogram_get_total (const LscHistogram *self);
/* Nearest rank, exact; 0 when nothing was counted. */
uint64_t lsc_histogram_get_percentile_ns (LscHistogram *self, unsigned percent);

/* One of the lengths: where to look. */
typedef struct
{
  uint64_t start_ns;
  uint64_t ns;
  uint64_t number; /* span in the thread's lane: where it began */
  uint32_t thread;
} LscHistogramItem;

/* The longest; false when nothing was counted. */
bool lsc_histogram_get_longest (const LscHistogram *self, LscHistogramItem *out_item);

/* To list what lies in some buckets: a listener of its own, so that the histogram of millions does
 * not keep them all. Lengths in [low_ns, high_ns), the longest first, at most `max` of them. */
typedef struct _LscHistogramList LscHistogramList;

typedef struct
{
  LscHistogramKind kind;
  uint64_t low_ns;
  uint64_t high_ns;
  uint32_t max;
} LscHistogramBrush;

LscHistogramList *lsc_histogram_list_new (LscSurvey *survey, const LscHistogramBrush *brush);
void lsc_histogram_list_free (LscHistogramList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscHistogramList, lsc_histogram_list_free)

/* How many lie in the buckets, listed or not. */
uint64_t lsc_histogram_list_get_total (const LscHistogramList *self);
uint32_t lsc_histogram_list_get_n (const LscHistogramList *self);
const LscHistogramItem *lsc_histogram_list_get (const LscHistogramList *self, uint32_t index);
