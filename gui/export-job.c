/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/export-job.h"

#include "lib/files/capture-load.h"

#define STEP 0.01 /* smaller progress is not worth a wakeup of the main loop */

typedef struct
{
  char *source;
  char *target;
  LscExportOrder order;
  LscExportJobProgress progress;
  gpointer user_data;
  double told;
} Job;

typedef struct
{
  GTask *task; /* keeps Job alive */
  double done;
} Step;

static void
job_free (gpointer data)
{
  Job *self = data;
  g_free (self->source);
  g_free (self->target);
  g_clear_pointer (&self->order.notes, g_bytes_unref);
  g_free (self);
}

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
  Step *self = data;
  const Job *job = g_task_get_task_data (self->task);
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (self->task))
      && !g_task_get_completed (self->task))
    job->progress (self->done, job->user_data);
  return G_SOURCE_REMOVE;
}

static void
tell (GTask *task, double done)
{
  Job *job = g_task_get_task_data (task);
  if (done < job->told + STEP)
    return;
  job->told = done;
  Step *step = g_new0 (Step, 1);
  step->task = g_object_ref (task);
  step->done = done;
  g_main_context_invoke_full (g_task_get_context (task), G_PRIORITY_DEFAULT, step_cb, step,
                              step_free);
}

/* Reading takes about a third of the time. */
static void
read_cb (double done, void *task)
{
  tell (task, done / 3);
}

static void
write_cb (double done, void *task)
{
  tell (task, (1 + 2 * done) / 3);
}

static void
run_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  const LscCaptureWatch reading = { .progress = read_cb, .data = task, .annotations = annotations };
  g_autoptr (LscTrace) trace =
      lsc_capture_load_watched (job->source, &reading, cancellable, NULL, &error);
  LscExport what = { trace, job->order.from_ns, job->order.to_ns, NULL, annotations };
  LscExportWatch watch = { write_cb, task, cancellable };
  gsize n_bytes = 0;
  const void *notes =
      job->order.notes == NULL ? NULL : g_bytes_get_data (job->order.notes, &n_bytes);
  if (notes != NULL)
    lsc_annotations_take (annotations, notes, n_bytes);
  if (trace != NULL && job->order.redact)
    lsc_trace_redact (trace);
  if (trace != NULL && lsc_export_write (&what, job->order.format, job->target, &watch, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lsc_export_job_run_async (const LscExportOrder *order,
                          GCancellable *cancellable,
                          LscExportJobProgress progress,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Job *job = g_new0 (Job, 1);
  job->source = g_strdup (order->source);
  job->target = g_strdup (order->target);
  job->order = *order;
  if (order->notes != NULL)
    g_bytes_ref (order->notes);
  job->progress = progress;
  job->user_data = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_thread);
}

gboolean
lsc_export_job_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
