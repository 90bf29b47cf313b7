/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/preemptors.h"

#include "lib/explain/pair-map.h"

struct _LscPreemptors
{
  const LscTrace *trace;
  uint32_t cpu;
  LscPairMap keys; /* (victim, culprit) -> row */
  GArray *rows;    /* Row until the survey is over */
  uint64_t queued_ns;
  uint64_t n_waits; /* so far: tells the parts of one wait from those of the next */
};

/* A table's row, and what it has of the wait that is being looked at. */
typedef struct
{
  LscPreemptor is;
  uint64_t wait;
  uint64_t wait_ns;
} Row;

static Row *
row_of (LscPreemptors *self, uint32_t victim, uint32_t culprit)
{
  Row fresh = { .is = { .victim = victim, .culprit = culprit } };
  uint32_t number = lsc_pair_map_number (&self->keys, victim, culprit);

  if (number == self->rows->len)
    g_array_append_val (self->rows, fresh);
  return &g_array_index (self->rows, Row, number);
}

static void
blame (LscPreemptors *self, const LscWait *wait, uint32_t culprit, uint64_t ns)
{
  Row *row = row_of (self, wait->thread, culprit);

  if (row->wait != self->n_waits)
    {
      row->wait = self->n_waits;
      row->wait_ns = 0;
      row->is.n++;
    }
  row->wait_ns += ns;
  row->is.ns += ns;
  if (row->wait_ns > row->is.max_ns)
    {
      row->is.max_ns = row->wait_ns;
      row->is.max_at_ns = wait->start_ns;
    }
}

static void
wait_cb (void *listener, const LscWait *wait)
{
  LscPreemptors *self = listener;
  uint64_t seen_ns = 0;
  const LscLane *lane;
  LscLaneIter iter;
  LscStretch stretch;

  if (wait->woken_ns >= wait->end_ns || wait->cpu_back == LSC_CPU_NONE
      || (self->cpu != LSC_CPU_NONE && wait->cpu_back != self->cpu))
    return;
  lane = lsc_trace_get_cpu_lane (self->trace, wait->cpu_back);
  if (lane == NULL)
    return;
  self->n_waits++;
  self->queued_ns += wait->end_ns - wait->woken_ns;
  lsc_lane_iter_init (&iter, lane, wait->woken_ns);
  while (lsc_lane_iter_step (&iter, &stretch) && stretch.start_ns < wait->end_ns)
    {
      uint64_t from_ns = MAX (stretch.start_ns, wait->woken_ns);
      uint64_t to_ns = MIN (stretch.end_ns, wait->end_ns);

      if (lsc_cause_get_state (stretch.cause) != LSC_STATE_RUNNING || from_ns >= to_ns)
        continue;
      blame (self, wait, lsc_lane_get_facts (lane, stretch.cause)->thread, to_ns - from_ns);
      seen_ns += to_ns - from_ns;
    }
  if (wait->end_ns - wait->woken_ns > seen_ns)
    blame (self, wait, LSC_THREAD_NONE, wait->end_ns - wait->woken_ns - seen_ns);
  if (wait->reason == LSC_REASON_PREEMPTED && wait->facts->thread != LSC_THREAD_NONE)
    row_of (self, wait->thread, wait->facts->thread)->is.n_pushed++;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Row *x = a, *y = b;

  if (x->is.ns != y->is.ns)
    return x->is.ns > y->is.ns ? -1 : 1;
  if (x->is.victim != y->is.victim)
    return x->is.victim < y->is.victim ? -1 : 1;
  return (x->is.culprit > y->is.culprit) - (x->is.culprit < y->is.culprit);
}

static bool
work_cb (void *listener, uint32_t budget G_GNUC_UNUSED)
{
  g_array_sort (((LscPreemptors *) listener)->rows, compare);
  return false;
}

static const LscSurveyListener listener_kind = { .wait = wait_cb, .work = work_cb };

LscPreemptors *
lsc_preemptors_new (LscSurvey *survey, uint32_t cpu)
{
  LscPreemptors *self = g_new0 (LscPreemptors, 1);

  self->trace = lsc_survey_get_trace (survey);
  self->cpu = cpu;
  lsc_pair_map_init (&self->keys);
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  lsc_survey_add (survey, &listener_kind, self);
  return self;
}

void
lsc_preemptors_free (LscPreemptors *self)
{
  if (self == NULL)
    return;
  lsc_pair_map_clear (&self->keys);
  g_array_unref (self->rows);
  g_free (self);
}

uint32_t
lsc_preemptors_get_n (const LscPreemptors *self)
{
  return self->rows->len;
}

const LscPreemptor *
lsc_preemptors_get (const LscPreemptors *self, uint32_t index)
{
  return index < self->rows->len ? &g_array_index (self->rows, Row, index).is : NULL;
}

uint64_t
lsc_preemptors_get_queued_ns (const LscPreemptors *self)
{
  return self->queued_ns;
}
