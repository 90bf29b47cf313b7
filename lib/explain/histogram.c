/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/histogram.h"

#include "lib/explain/percentile.h"

struct _LscHistogram
{
  LscHistogramKind kind;
  uint64_t counts[LSC_HISTOGRAM_BUCKETS];
  GArray *lengths; /* uint64_t */
  LscHistogramItem longest;
};

struct _LscHistogramList
{
  LscHistogramBrush brush;
  uint64_t total;
  GArray *items; /* LscHistogramItem; a heap with the shortest on top until the survey is over */
};

uint64_t
lsc_histogram_get_floor_ns (uint32_t bucket)
{
  uint32_t octave = bucket / 2;

  if (bucket == 0)
    return 0;
  if (octave >= 63)
    return octave == 63 && bucket % 2 == 0 ? UINT64_C (1) << 63 : UINT64_MAX;
  return (UINT64_C (1) << octave) + (bucket % 2 == 1 ? (UINT64_C (1) << octave) / 2 : 0);
}

uint32_t
lsc_histogram_get_bucket (uint64_t ns)
{
  uint32_t octave;

  if (ns < 2)
    return (uint32_t) ns;
  octave = 63 - (uint32_t) __builtin_clzll (ns);
  return 2 * octave + (uint32_t) (ns >> (octave - 1) & 1);
}

/* What a wait is to this kind of histogram: false when nothing. */
static bool
item_of_wait (LscHistogramKind kind, const LscWait *wait, LscHistogramItem *out, bool *out_cut)
{
  uint64_t start_ns = kind == LSC_HISTOGRAM_LATENCY ? wait->woken_ns : wait->start_ns;

  if (kind == LSC_HISTOGRAM_TIMESLICE || (kind == LSC_HISTOGRAM_LATENCY && !wait->woken))
    return false;
  *out = (LscHistogramItem){ start_ns, wait->end_ns - start_ns, wait->number, wait->thread };
  *out_cut = wait->cut_end || (kind == LSC_HISTOGRAM_OFF_CPU && wait->cut_start);
  return true;
}

static bool
item_of_run (LscHistogramKind kind, const LscRun *run, LscHistogramItem *out, bool *out_cut)
{
  if (kind != LSC_HISTOGRAM_TIMESLICE)
    return false;
  *out = (LscHistogramItem){ run->start_ns, run->end_ns - run->start_ns, run->number, run->thread };
  *out_cut = run->cut_start || run->cut_end;
  return true;
}

static void
count (LscHistogram *self, const LscHistogramItem *item, bool cut)
{
  if (cut)
    return;
  self->counts[lsc_histogram_get_bucket (item->ns)]++;
  if (self->lengths->len == 0 || item->ns > self->longest.ns)
    self->longest = *item;
  g_array_append_val (self->lengths, item->ns);
}

static void
wait_cb (void *listener, const LscWait *wait)
{
  LscHistogram *self = listener;
  LscHistogramItem item;
  bool cut;

  if (item_of_wait (self->kind, wait, &item, &cut))
    count (self, &item, cut);
}

static void
run_cb (void *listener, const LscRun *run)
{
  LscHistogram *self = listener;
  LscHistogramItem item;
  bool cut;

  if (item_of_run (self->kind, run, &item, &cut))
    count (self, &item, cut);
}

static const LscSurveyListener histogram_kind = { .run = run_cb, .wait = wait_cb };

LscHistogram *
lsc_histogram_new (LscSurvey *survey, LscHistogramKind kind)
{
  LscHistogram *self = g_new0 (LscHistogram, 1);

  self->kind = kind;
  self->lengths = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  lsc_survey_add (survey, &histogram_kind, self);
  return self;
}

void
lsc_histogram_free (LscHistogram *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->lengths);
  g_free (self);
}

uint64_t
lsc_histogram_get_count (const LscHistogram *self, uint32_t bucket)
{
  return bucket < LSC_HISTOGRAM_BUCKETS ? self->counts[bucket] : 0;
}

uint64_t
lsc_histogram_get_total (const LscHistogram *self)
{
  return self->lengths->len;
}

uint64_t
lsc_histogram_get_percentile_ns (LscHistogram *self, unsigned percent)
{
  return lsc_percentile_of ((uint64_t *) (void *) self->lengths->data, self->lengths->len, percent);
}

bool
lsc_histogram_get_longest (const LscHistogram *self, LscHistogramItem *out_item)
{
  if (self->lengths->len == 0)
    return false;
  *out_item = self->longest;
  return true;
}

static inline LscHistogramItem *
item_at (const LscHistogramList *self, guint index)
{
  return &g_array_index (self->items, LscHistogramItem, index);
}

/* The shortest one gives way: keeps the heap in order. */
static void
replace_shortest (LscHistogramList *self, const LscHistogramItem *item)
{
  guint at = 0;

  for (;;)
    {
      guint child = 2 * at + 1;

      if (child + 1 < self->items->len && item_at (self, child + 1)->ns < item_at (self, child)->ns)
        child++;
      if (child >= self->items->len || item_at (self, child)->ns >= item->ns)
        break;
      *item_at (self, at) = *item_at (self, child);
      at = child;
    }
  *item_at (self, at) = *item;
}

static void
add_to_heap (LscHistogramList *self, const LscHistogramItem *item)
{
  guint at = self->items->len;

  g_array_append_val (self->items, *item);
  for (; at > 0 && item_at (self, (at - 1) / 2)->ns > item->ns; at = (at - 1) / 2)
    *item_at (self, at) = *item_at (self, (at - 1) / 2);
  *item_at (self, at) = *item;
}

static void
list (LscHistogramList *self, const LscHistogramItem *item, bool cut)
{
  if (cut || item->ns < self->brush.low_ns || item->ns >= self->brush.high_ns)
    return;
  self->total++;
  if (self->items->len < self->brush.max)
    add_to_heap (self, item);
  else if (self->brush.max > 0 && item->ns > item_at (self, 0)->ns)
    replace_shortest (self, item);
}

static void
list_wait_cb (void *listener, const LscWait *wait)
{
  LscHistogramList *self = listener;
  LscHistogramItem item;
  bool cut;

  if (item_of_wait (self->brush.kind, wait, &item, &cut))
    list (self, &item, cut);
}

static void
list_run_cb (void *listener, const LscRun *run)
{
  LscHistogramList *self = listener;
  LscHistogramItem item;
  bool cut;

  if (item_of_run (self->brush.kind, run, &item, &cut))
    list (self, &item, cut);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const LscHistogramItem *x = a, *y = b;

  if (x->ns != y->ns)
    return x->ns > y->ns ? -1 : 1;
  return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

static bool
list_work_cb (void *listener, uint32_t budget G_GNUC_UNUSED)
{
  g_array_sort (((LscHistogramList *) listener)->items, compare_items);
  return false;
}

static const LscSurveyListener list_kind = { .run = list_run_cb,
                                             .wait = list_wait_cb,
                                             .work = list_work_cb };

LscHistogramList *
lsc_histogram_list_new (LscSurvey *survey, const LscHistogramBrush *brush)
{
  LscHistogramList *self = g_new0 (LscHistogramList, 1);

  self->brush = *brush;
  self->items = g_array_new (FALSE, FALSE, sizeof (LscHistogramItem));
  lsc_survey_add (survey, &list_kind, self);
  return self;
}

void
lsc_histogram_list_free (LscHistogramList *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->items);
  g_free (self);
}

uint64_t
lsc_histogram_list_get_total (const LscHistogramList *self)
{
  return self->total;
}

uint32_t
lsc_histogram_list_get_n (const LscHistogramList *self)
{
  return self->items->len;
}

const LscHistogramItem *
lsc_histogram_list_get (const LscHistogramList *self, uint32_t index)
{
  return index < self->items->len ? item_at (self, index) : NULL;
}
