/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/off-cpu.h"

struct _LscOffCpu
{
  uint32_t cpu;
  GArray *threads; /* LscOffCpuThread */
  LscOffCpuThread now;
};

static void
enter_cb (void *listener, const LscThread *thread)
{
  ((LscOffCpu *) listener)->now = (LscOffCpuThread){ .thread = thread->index };
}

static void
wait_cb (void *listener, const LscWait *wait)
{
  LscOffCpu *self = listener;
  LscOffCpuThread *now = &self->now;
  uint64_t ns = wait->end_ns - wait->start_ns;

  if (self->cpu != LSC_CPU_NONE && wait->cpu_left != self->cpu)
    return;
  now->total_ns += ns;
  if (now->n++ > 0 && ns <= now->max_ns)
    return;
  now->max_ns = ns;
  now->max_at_ns = wait->start_ns;
  now->max_number = wait->number;
  now->max_reason = wait->reason;
  now->max_cut = wait->cut_start || wait->cut_end;
}

static void
leave_cb (void *listener, const LscThread *thread G_GNUC_UNUSED)
{
  LscOffCpu *self = listener;

  if (self->now.n > 0)
    g_array_append_val (self->threads, self->now);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const LscOffCpuThread *x = a, *y = b;

  if (x->max_ns != y->max_ns)
    return x->max_ns > y->max_ns ? -1 : 1;
  return (x->thread > y->thread) - (x->thread < y->thread);
}

static bool
work_cb (void *listener, uint32_t budget G_GNUC_UNUSED)
{
  g_array_sort (((LscOffCpu *) listener)->threads, compare);
  return false;
}

static const LscSurveyListener listener_kind = {
  .enter = enter_cb, .wait = wait_cb, .leave = leave_cb, .work = work_cb
};

LscOffCpu *
lsc_off_cpu_new (LscSurvey *survey, uint32_t cpu)
{
  LscOffCpu *self = g_new0 (LscOffCpu, 1);

  self->cpu = cpu;
  self->threads = g_array_new (FALSE, FALSE, sizeof (LscOffCpuThread));
  lsc_survey_add (survey, &listener_kind, self);
  return self;
}

void
lsc_off_cpu_free (LscOffCpu *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->threads);
  g_free (self);
}

uint32_t
lsc_off_cpu_get_n (const LscOffCpu *self)
{
  return self->threads->len;
}

const LscOffCpuThread *
lsc_off_cpu_get (const LscOffCpu *self, uint32_t index)
{
  return index < self->threads->len ? &g_array_index (self->threads, LscOffCpuThread, index) : NULL;
}
