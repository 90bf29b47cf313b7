/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/parallelism.h"

#include "lsc-config.h"

#include <glib/gi18n-lib.h>

/* One CPU's lane on its way through the range. */
typedef struct
{
  const LscLane *lane;
  uint64_t number;   /* of the next span */
  uint64_t until_ns; /* when what it does now ends */
  bool counts;       /* it runs one of the threads */
  LscLaneIter iter;  /* valid within one slice of work */
} Cpu;

struct _LscParallelism
{
  const LscTrace *trace;
  uint64_t from_ns;
  uint64_t to_ns;
  uint32_t process;
  Cpu *cpus;
  uint32_t n_cpus;
  uint32_t *heap; /* of CPUs, the one with the smallest until_ns on top */
  bool begun;
  uint64_t now_ns;
  uint32_t n_running;
  uint32_t n_threads;
  uint64_t *ns; /* by number of threads */
  bool ran;     /* the lane that is being walked has run */
};

static void
sift_down (LscParallelism *self, uint32_t at)
{
  uint32_t cpu = self->heap[at];

  for (;;)
    {
      uint32_t child = 2 * at + 1;

      if (child + 1 < self->n_cpus
          && self->cpus[self->heap[child + 1]].until_ns < self->cpus[self->heap[child]].until_ns)
        child++;
      if (child >= self->n_cpus
          || self->cpus[self->heap[child]].until_ns >= self->cpus[cpu].until_ns)
        break;
      self->heap[at] = self->heap[child];
      at = child;
    }
  self->heap[at] = cpu;
}

static bool
is_counted (const LscParallelism *self, const Cpu *cpu, LscCause cause)
{
  const LscThread *thread;

  if (lsc_cause_get_state (cause) != LSC_STATE_RUNNING)
    return false;
  if (self->process == LSC_SURVEY_ALL)
    return true;
  thread = lsc_trace_get_thread (self->trace, lsc_lane_get_facts (cpu->lane, cause)->thread);
  return thread != NULL && thread->process == self->process;
}

/* Takes the CPU's next span. */
static void
advance (LscParallelism *self, Cpu *cpu)
{
  LscStretch stretch;
  bool counts = false;

  if (lsc_lane_iter_step (&cpu->iter, &stretch) && stretch.start_ns < self->to_ns)
    {
      cpu->number++;
      cpu->until_ns = MIN (stretch.end_ns, self->to_ns);
      counts = is_counted (self, cpu, stretch.cause);
    }
  else
    cpu->until_ns = UINT64_MAX;
  self->n_running += counts;
  self->n_running -= cpu->counts;
  cpu->counts = counts;
}

static void
begin (LscParallelism *self)
{
  self->begun = true;
  self->n_cpus = lsc_trace_get_n_cpus (self->trace);
  self->cpus = g_new0 (Cpu, self->n_cpus);
  self->heap = g_new (uint32_t, self->n_cpus);
  self->ns = g_new0 (uint64_t, self->n_cpus + 1);
  self->now_ns = self->from_ns;
  for (uint32_t i = 0; i < self->n_cpus; i++)
    {
      Cpu *cpu = &self->cpus[i];

      self->heap[i] = i;
      cpu->lane = lsc_trace_get_cpu_lane (self->trace, i);
      cpu->until_ns = self->from_ns;
      if (lsc_lane_get_first (cpu->lane) == lsc_lane_get_end (cpu->lane))
        cpu->until_ns = UINT64_MAX;
      else
        {
          cpu->number = lsc_lane_find (cpu->lane, self->from_ns);
          cpu->until_ns = MAX (self->from_ns, lsc_lane_get_start_ns (cpu->lane));
        }
    }
}

static void
order (LscParallelism *self)
{
  for (uint32_t at = self->n_cpus / 2; at > 0; at--)
    sift_down (self, at - 1);
}

static void
resume (LscParallelism *self)
{
  for (uint32_t i = 0; i < self->n_cpus; i++)
    lsc_lane_iter_init_at (&self->cpus[i].iter, self->cpus[i].lane, self->cpus[i].number);
}

static bool
work_cb (void *listener, uint32_t budget)
{
  LscParallelism *self = listener;

  if (!self->begun)
    {
      begin (self);
      order (self);
    }
  resume (self);
  for (uint32_t n = 0; n < budget; n++)
    {
      Cpu *cpu = self->n_cpus > 0 ? &self->cpus[self->heap[0]] : NULL;
      uint64_t until_ns = cpu != NULL ? MIN (cpu->until_ns, self->to_ns) : self->to_ns;

      if (until_ns > self->now_ns)
        {
          self->ns[self->n_running] += until_ns - self->now_ns;
          self->now_ns = until_ns;
        }
      if (cpu == NULL || cpu->until_ns == UINT64_MAX)
        return false;
      advance (self, cpu);
      sift_down (self, 0);
    }
  return true;
}

static void
enter_cb (void *listener, const LscThread *thread G_GNUC_UNUSED)
{
  ((LscParallelism *) listener)->ran = false;
}

static void
run_cb (void *listener, const LscRun *run G_GNUC_UNUSED)
{
  ((LscParallelism *) listener)->ran = true;
}

static void
leave_cb (void *listener, const LscThread *thread)
{
  LscParallelism *self = listener;

  if (self->process == LSC_SURVEY_ALL || thread->process == self->process)
    self->n_threads += self->ran;
}

static const LscSurveyListener listener_kind = {
  .enter = enter_cb, .run = run_cb, .leave = leave_cb, .work = work_cb
};

LscParallelism *
lsc_parallelism_new (LscSurvey *survey, uint32_t process)
{
  LscParallelism *self = g_new0 (LscParallelism, 1);

  self->trace = lsc_survey_get_trace (survey);
  self->from_ns = lsc_survey_get_from_ns (survey);
  self->to_ns = lsc_survey_get_to_ns (survey);
  self->process = process;
  lsc_survey_add (survey, &listener_kind, self);
  return self;
}

void
lsc_parallelism_free (LscParallelism *self)
{
  if (self == NULL)
    return;
  g_free (self->cpus);
  g_free (self->heap);
  g_free (self->ns);
  g_free (self);
}

uint32_t
lsc_parallelism_get_most (const LscParallelism *self)
{
  uint32_t most = self->n_cpus;

  while (most > 0 && self->ns[most] == 0)
    most--;
  return most;
}

uint64_t
lsc_parallelism_get_ns (const LscParallelism *self, uint32_t n)
{
  return self->ns != NULL && n <= self->n_cpus ? self->ns[n] : 0;
}

double
lsc_parallelism_get_mean (const LscParallelism *self)
{
  double sum = 0;

  for (uint32_t n = 1; n <= self->n_cpus; n++)
    sum += (double) n * (double) lsc_parallelism_get_ns (self, n);
  return self->to_ns > self->from_ns ? sum / (double) (self->to_ns - self->from_ns) : 0;
}

uint32_t
lsc_parallelism_get_n_cpus (const LscParallelism *self)
{
  const LscRecordHeader *header = lsc_trace_get_header (self->trace);
  uint32_t n_seen = 0;

  for (uint32_t i = 0; i < self->n_cpus; i++)
    n_seen += lsc_lane_get_first (self->cpus[i].lane) != lsc_lane_get_end (self->cpus[i].lane);
  if (n_seen > 0 && (header->head.flags & LSC_HEADER_WHOLE_MACHINE) != 0)
    return n_seen;
  return MAX (MAX (header->n_cpus, n_seen), 1);
}

uint32_t
lsc_parallelism_get_n_threads (const LscParallelism *self)
{
  return self->n_threads;
}

double
lsc_parallelism_get_serialised (const LscParallelism *self)
{
  uint64_t busy_ns = 0;

  for (uint32_t n = 1; n <= self->n_cpus; n++)
    busy_ns += lsc_parallelism_get_ns (self, n);
  return busy_ns > 0 ? (double) lsc_parallelism_get_ns (self, 1) / (double) busy_ns : 0;
}

char *
lsc_parallelism_describe (const LscParallelism *self)
{
  double mean = lsc_parallelism_get_mean (self);
  uint32_t n_cpus = lsc_parallelism_get_n_cpus (self);

  if (mean <= 0)
    return g_strdup (_ ("No thread ran."));
  if (self->n_threads < 2)
    /* Translators: a number of CPUs with decimals, of how many. */
    return g_strdup_printf (_ ("On average %.2f of %u CPUs; only one thread ran."), mean, n_cpus);
  /* Translators: a number of CPUs with decimals, of how many; per cent. */
  return g_strdup_printf (_ ("On average %.2f of %u CPUs; one thread at a time for %.0f %% of the "
                             "busy time."),
                          mean, n_cpus, 100 * lsc_parallelism_get_serialised (self));
}
