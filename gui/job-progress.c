/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/job-progress.h"

#define STEP 0.01 /* smaller progress is not worth a wakeup of the main loop */

typedef struct
{
  GTask *task; /* keeps what it works with alive */
  LscJobProgress progress;
} Step;

static void
step_free (gpointer data)
{
  Step *self = data;
  g_object_unref (self->task);
  g_free (self);
}

static gboolean
step_cb (gpointer data)
{
  const Step *self = data;
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (self->task))
      && !g_task_get_completed (self->task))
    self->progress.func (self->progress.told, self->progress.user_data);
  return G_SOURCE_REMOVE;
}

void
lsc_job_progress_tell (LscJobProgress *self, GTask *task, double done)
{
  if (done < self->told + STEP)
    return;
  self->told = done;
  Step *step = g_new0 (Step, 1);
  step->task = g_object_ref (task);
  step->progress = *self;
  g_main_context_invoke_full (g_task_get_context (task), G_PRIORITY_DEFAULT, step_cb, step,
                              step_free);
}
