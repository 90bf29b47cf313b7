/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/survey.h"

#include <string.h>

/* Steps of lsc_survey_run(): how soon it hears that it is cancelled. */
#define RUN_STEP 200000u

typedef struct
{
  const LscSurveyListener *kind;
  void *data;
} Listener;

struct _LscSurvey
{
  const LscTrace *trace;
  uint64_t from_ns;
  uint64_t to_ns;
  uint32_t only_process;
  uint32_t only_thread;
  GArray *listeners; /* Listener */
  uint32_t n_threads;
  uint32_t next_thread;
  guint next_worker; /* listener whose own work is next */
  /* The lane that is being walked. */
  bool inside;      /* there is one */
  LscThread thread; /* whose it is; the trace may forget it between two steps */
  uint64_t number;  /* of the next span */
  uint32_t last_cpu;
  bool waits; /* a wait has begun */
  LscWait wait;
  LscFacts facts; /* of its first span */
  LscFacts waker;
};

LscSurvey *
lsc_survey_new (
    const LscTrace *trace, uint64_t from_ns, uint64_t to_ns, uint32_t process, uint32_t thread)
{
  LscSurvey *self = g_new0 (LscSurvey, 1);

  self->trace = trace;
  self->from_ns = MAX (from_ns, lsc_trace_get_start_ns (trace));
  self->to_ns = MAX (MIN (to_ns, lsc_trace_get_end_ns (trace)), self->from_ns);
  self->only_process = process;
  self->only_thread = thread;
  self->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  self->n_threads = lsc_trace_get_n_threads (trace);
  if (thread != LSC_SURVEY_ALL)
    {
      self->next_thread = MIN (thread, self->n_threads);
      self->n_threads = MIN (thread, self->n_threads - 1) + 1;
    }
  return self;
}

void
lsc_survey_free (LscSurvey *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->listeners);
  g_free (self);
}

void
lsc_survey_add (LscSurvey *self, const LscSurveyListener *kind, void *listener)
{
  Listener added = { kind, listener };

  g_array_append_val (self->listeners, added);
}

const LscTrace *
lsc_survey_get_trace (const LscSurvey *self)
{
  return self->trace;
}

uint64_t
lsc_survey_get_from_ns (const LscSurvey *self)
{
  return self->from_ns;
}

uint64_t
lsc_survey_get_to_ns (const LscSurvey *self)
{
  return self->to_ns;
}

#define TELL(self, what, ...)                                                                      \
  for (guint i_ = 0; i_ < (self)->listeners->len; i_++)                                            \
    {                                                                                              \
      const Listener *listener_ = &g_array_index ((self)->listeners, Listener, i_);                \
      if (listener_->kind->what != NULL)                                                           \
        listener_->kind->what (listener_->data, __VA_ARGS__);                                      \
    }

static void
end_wait (LscSurvey *self, uint64_t end_ns, uint32_t cpu_back, bool cut)
{
  LscWait *wait = &self->wait;

  if (!self->waits)
    return;
  self->waits = false;
  if (wait->start_ns < self->from_ns)
    wait->cut_start = true;
  wait->start_ns = MAX (wait->start_ns, self->from_ns);
  wait->end_ns = MIN (end_ns, self->to_ns);
  wait->woken =
      wait->waker != NULL && wait->woken_ns >= self->from_ns && wait->woken_ns < self->to_ns;
  wait->cut_end = cut || end_ns > self->to_ns;
  wait->woken_ns = CLAMP (wait->woken_ns, wait->start_ns, wait->end_ns);
  wait->cpu_back = cpu_back;
  wait->facts = &self->facts;
  TELL (self, wait, wait);
}

static void
begin_wait (LscSurvey *self, const LscStretch *stretch, const LscFacts *facts)
{
  LscState state = lsc_cause_get_state (stretch->cause);
  LscCauseBrief brief = lsc_lane_get_brief (self->thread.lane, stretch->cause);

  self->waits = true;
  self->facts = *facts;
  self->wait = (LscWait){
    .thread = self->thread.index,
    .reason = (LscReason) brief.reasons[self->thread.kernel_thread],
    .start_ns = stretch->start_ns,
    .woken_ns = state == LSC_STATE_PREEMPTED ? stretch->start_ns : UINT64_MAX,
    .number = self->number,
    .cpu_left = self->last_cpu,
    /* Nobody falls into a queue: it was there, or asleep, before. */
    .cut_start = state == LSC_STATE_RUNNABLE || self->last_cpu == LSC_CPU_NONE,
  };
}

static void
go_on_waiting (LscSurvey *self, const LscStretch *stretch, const LscFacts *facts)
{
  if (!self->waits)
    begin_wait (self, stretch, facts);
  if (lsc_cause_get_state (stretch->cause) != LSC_STATE_RUNNABLE
      || self->wait.woken_ns != UINT64_MAX)
    return;
  self->wait.woken_ns = stretch->start_ns;
  if (facts->flags & LSC_FACT_INFERRED)
    return;
  self->waker = *facts;
  self->wait.waker = &self->waker;
}

static void
tell_run (LscSurvey *self, const LscStretch *stretch, const LscFacts *facts)
{
  const LscLane *lane = self->thread.lane;
  uint64_t end = lsc_lane_get_end (lane);
  bool is_last = self->number + 1 >= end;
  LscRun run = {
    .thread = self->thread.index,
    .cpu = facts->cpu,
    .start_ns = MAX (stretch->start_ns, self->from_ns),
    .end_ns = MIN (stretch->end_ns, self->to_ns),
    .number = self->number,
    .cut_start = stretch->start_ns < self->from_ns || self->number == lsc_lane_get_first (lane),
    .cut_end = stretch->end_ns > self->to_ns || (is_last && lsc_lane_is_open (lane)),
  };

  end_wait (self, stretch->start_ns, facts->cpu, false);
  self->last_cpu = facts->cpu;
  TELL (self, run, &run);
}

static void
walk_stretch (LscSurvey *self, const LscStretch *stretch)
{
  const LscFacts *facts = lsc_lane_get_facts (self->thread.lane, stretch->cause);

  switch (lsc_cause_get_state (stretch->cause))
    {
    case LSC_STATE_RUNNING:
      tell_run (self, stretch, facts);
      break;
    case LSC_STATE_RUNNABLE:
    case LSC_STATE_PREEMPTED:
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
    case LSC_STATE_STOPPED:
      go_on_waiting (self, stretch, facts);
      break;
    case LSC_STATE_UNKNOWN:
    case LSC_STATE_ABSENT:
    case LSC_N_STATES:
    default:
      end_wait (self, stretch->start_ns, LSC_CPU_NONE, true);
      self->last_cpu = LSC_CPU_NONE;
      break;
    }
}

/* The span a walk begins with: where the wait began that goes on at from_ns. */
static uint64_t
find_first (const LscSurvey *self, const LscLane *lane, uint32_t *out_cpu)
{
  uint64_t number = lsc_lane_find (lane, self->from_ns);
  LscSpan span;

  *out_cpu = LSC_CPU_NONE;
  for (; number > lsc_lane_get_first (lane); number--)
    {
      lsc_lane_get (lane, number, &span);
      if (span.facts.state == LSC_STATE_RUNNING || span.facts.state == LSC_STATE_UNKNOWN)
        break;
      lsc_lane_get (lane, number - 1, &span);
      if (span.facts.state == LSC_STATE_RUNNING)
        {
          *out_cpu = span.facts.cpu;
          break;
        }
    }
  return number;
}

static bool
is_chosen (const LscSurvey *self, const LscThread *thread)
{
  const LscLane *lane = thread->lane;

  return lane != NULL && lsc_lane_get_first (lane) != lsc_lane_get_end (lane)
         && (self->only_process == LSC_SURVEY_ALL || thread->process == self->only_process)
         && lsc_lane_get_start_ns (lane) < self->to_ns
         && lsc_lane_get_end_ns (lane) > self->from_ns;
}

static bool
is_wanted (const LscSurvey *self, const LscThread *thread)
{
  for (guint i = 0; i < self->listeners->len; i++)
    {
      const Listener *listener = &g_array_index (self->listeners, Listener, i);

      if (listener->kind->wants == NULL || listener->kind->wants (listener->data, thread))
        return true;
    }
  return false;
}

static bool
enter_next (LscSurvey *self)
{
  const LscThread *thread;

  while ((self->next_thread = lsc_trace_next_thread (self->trace, self->next_thread))
         < self->n_threads)
    {
      thread = lsc_trace_get_thread (self->trace, self->next_thread++);
      if (!is_chosen (self, thread) || !is_wanted (self, thread))
        continue;
      self->inside = true;
      self->thread = *thread;
      self->waits = false;
      self->number = find_first (self, thread->lane, &self->last_cpu);
      TELL (self, enter, thread);
      return true;
    }
  return false;
}

static void
leave (LscSurvey *self)
{
  const LscLane *lane = self->thread.lane;

  if (lane != NULL)
    end_wait (self, MIN (lsc_lane_get_end_ns (lane), self->to_ns), LSC_CPU_NONE, true);
  self->waits = self->inside = false;
  TELL (self, leave, &self->thread);
}

/* Spans of one lane, up to `budget` of them; false at the lane's end. */
static bool
walk_lane (LscSurvey *self, uint32_t *budget)
{
  const LscLane *lane = lsc_trace_get_thread (self->trace, self->thread.index)->lane;
  LscLaneIter iter;
  LscStretch stretch;

  self->thread.lane = (LscLane *) lane;
  if (lane == NULL)
    return false;
  lsc_lane_iter_init_at (&iter, lane, self->number);
  if (lsc_lane_iter_get_number (&iter) != self->number)
    {
      /* Events were dropped between two steps. */
      self->waits = false;
      self->last_cpu = LSC_CPU_NONE;
      self->number = lsc_lane_iter_get_number (&iter);
    }
  while (*budget > 0)
    {
      if (!lsc_lane_iter_step (&iter, &stretch) || stretch.start_ns >= self->to_ns)
        return false;
      walk_stretch (self, &stretch);
      self->number++;
      --*budget;
    }
  return true;
}

static bool
let_work (LscSurvey *self, uint32_t budget)
{
  while (self->next_worker < self->listeners->len)
    {
      const Listener *listener = &g_array_index (self->listeners, Listener, self->next_worker);

      if (listener->kind->work == NULL || !listener->kind->work (listener->data, budget))
        self->next_worker++;
      /* The next one's work is a step of its own. */
      return self->next_worker < self->listeners->len;
    }
  return false;
}

bool
lsc_survey_step (LscSurvey *self, uint32_t budget)
{
  while (budget > 0)
    {
      if (!self->inside && !enter_next (self))
        return let_work (self, budget);
      if (!walk_lane (self, &budget))
        leave (self);
    }
  return true;
}

bool
lsc_survey_run (LscSurvey *self, const int *cancelled)
{
  while (cancelled == NULL || g_atomic_int_get (cancelled) == 0)
    if (!lsc_survey_step (self, RUN_STEP))
      return true;
  return false;
}

double
lsc_survey_get_progress (const LscSurvey *self)
{
  if (self->n_threads == 0)
    return 1;
  return (double) MIN (self->next_thread, self->n_threads) / (double) self->n_threads;
}
