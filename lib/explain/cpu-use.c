/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/cpu-use.h"

struct _LscCpuUse
{
  GArray *rows; /* LscCpuUseRow by CPU; when the survey is over, only those that were used */
};

static void
run_cb (void *listener, const LscRun *run)
{
  LscCpuUse *self = listener;
  LscCpuUseRow *row;

  if (run->cpu == LSC_CPU_NONE)
    return;
  if (run->cpu >= self->rows->len)
    g_array_set_size (self->rows, run->cpu + 1u);
  row = &g_array_index (self->rows, LscCpuUseRow, run->cpu);
  row->cpu = run->cpu;
  row->running_ns += run->end_ns - run->start_ns;
  row->n_runs++;
}

static bool
work_cb (void *listener, uint32_t budget G_GNUC_UNUSED)
{
  LscCpuUse *self = listener;
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      LscCpuUseRow row = g_array_index (self->rows, LscCpuUseRow, i);

      if (row.n_runs > 0)
        g_array_index (self->rows, LscCpuUseRow, n++) = row;
    }
  g_array_set_size (self->rows, n);
  return false;
}

static const LscSurveyListener listener_kind = { .run = run_cb, .work = work_cb };

LscCpuUse *
lsc_cpu_use_new (LscSurvey *survey)
{
  LscCpuUse *self = g_new0 (LscCpuUse, 1);

  self->rows = g_array_new (FALSE, TRUE, sizeof (LscCpuUseRow));
  lsc_survey_add (survey, &listener_kind, self);
  return self;
}

void
lsc_cpu_use_free (LscCpuUse *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->rows);
  g_free (self);
}

uint32_t
lsc_cpu_use_get_n (const LscCpuUse *self)
{
  return self->rows->len;
}

const LscCpuUseRow *
lsc_cpu_use_get (const LscCpuUse *self, uint32_t index)
{
  return &g_array_index (self->rows, LscCpuUseRow, index);
}
