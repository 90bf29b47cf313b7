/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/longest.h"

struct _LscLongest
{
  LscState state;
  LscReason reason;
  uint64_t total_ns;
  uint64_t count;
  GArray *items; /* LscLongestItem; at most twice as many as are kept */
  bool sorted;
};

static gint
compare (gconstpointer a, gconstpointer b)
{
  const LscLongestItem *x = a, *y = b;

  if (x->ns != y->ns)
    return x->ns > y->ns ? -1 : 1;
  return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

/* Sorting now and then is cheaper than keeping a heap: most are thrown away again. */
static void
sort (LscLongest *self)
{
  g_array_sort (self->items, compare);
  if (self->items->len > LSC_LONGEST_MAX)
    g_array_set_size (self->items, LSC_LONGEST_MAX);
  self->sorted = true;
}

static void
add (LscLongest *self, uint32_t thread, uint64_t start_ns, uint64_t end_ns)
{
  LscLongestItem item = { start_ns, end_ns - start_ns, thread };

  if (end_ns <= start_ns)
    return;
  self->total_ns += item.ns;
  self->count++;
  if (self->sorted && self->items->len == LSC_LONGEST_MAX
      && item.ns <= g_array_index (self->items, LscLongestItem, LSC_LONGEST_MAX - 1).ns)
    return;
  g_array_append_val (self->items, item);
  if (self->items->len >= 2 * LSC_LONGEST_MAX)
    sort (self);
}

static void
add_run (void *listener, const LscRun *run)
{
  LscLongest *self = listener;

  if (self->state == LSC_STATE_RUNNING)
    add (self, run->thread, run->start_ns, run->end_ns);
}

static bool
is_pushed (LscReason reason)
{
  return reason == LSC_REASON_PREEMPTED || reason == LSC_REASON_YIELDED;
}

static void
add_wait (void *listener, const LscWait *wait)
{
  LscLongest *self = listener;

  if (self->state == LSC_STATE_PREEMPTED && is_pushed (wait->reason))
    add (self, wait->thread, wait->start_ns, wait->end_ns);
  else if (self->state == LSC_STATE_RUNNABLE && !is_pushed (wait->reason))
    add (self, wait->thread, wait->reason == LSC_REASON_QUEUE ? wait->start_ns : wait->woken_ns,
         wait->end_ns);
  else if (self->state == LSC_STATE_SLEEPING && wait->reason == self->reason)
    add (self, wait->thread, wait->start_ns, wait->woken_ns);
}

LscLongest *
lsc_longest_new (LscSurvey *survey, LscState state, LscReason reason)
{
  static const LscSurveyListener kind = { .run = add_run, .wait = add_wait };
  LscLongest *self = g_new0 (LscLongest, 1);

  self->state = state;
  self->reason = reason;
  self->items = g_array_new (FALSE, FALSE, sizeof (LscLongestItem));
  lsc_survey_add (survey, &kind, self);
  return self;
}

void
lsc_longest_free (LscLongest *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->items);
  g_free (self);
}

uint64_t
lsc_longest_get_total_ns (const LscLongest *self)
{
  return self->total_ns;
}

uint64_t
lsc_longest_get_count (const LscLongest *self)
{
  return self->count;
}

uint32_t
lsc_longest_get_n (LscLongest *self)
{
  sort (self);
  return self->items->len;
}

const LscLongestItem *
lsc_longest_get (LscLongest *self, uint32_t index)
{
  return &g_array_index (self->items, LscLongestItem, index);
}
