/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/export-job.h"

#include "lib/files/capture-convert.h"
#include "lib/files/capture-load.h"

typedef struct
{
  char *source;
  char *target;
  LscExportOrder order;
  LscJobProgress progress;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;
  g_free (self->source);
  g_free (self->target);
  g_clear_pointer (&self->order.notes, g_bytes_unref);
  g_free (self);
}

/* Reading takes about a third of the time. */
static void
read_cb (double done, void *task)
{
  Job *job = g_task_get_task_data (task);
  lsc_job_progress_tell (&job->progress, task, done / 3);
}

static void
write_cb (double done, void *task)
{
  Job *job = g_task_get_task_data (task);
  lsc_job_progress_tell (&job->progress, task, (1 + 2 * done) / 3);
}

static void
convert_cb (double done, void *task)
{
  Job *job = g_task_get_task_data (task);
  lsc_job_progress_tell (&job->progress, task, done);
}

/* The records themselves. */
static gboolean
convert (GTask *task, const Job *job, GCancellable *cancellable, GError **error)
{
  const LscCapturePart part = { .from_ns = job->order.from_ns,
                                .to_ns = job->order.to_ns,
                                .redact = job->order.redact,
                                .notes = job->order.notes };
  const LscExportWatch watch = { convert_cb, task, cancellable };
  return lsc_capture_convert (job->source, job->target, &part, &watch, error);
}

static gboolean
export_trace (GTask *task, const Job *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  const LscCaptureWatch reading = { .progress = read_cb, .data = task, .annotations = annotations };
  g_autoptr (LscTrace) trace =
      lsc_capture_load_watched (job->source, &reading, cancellable, NULL, error);
  LscExport what = { trace, job->order.from_ns, job->order.to_ns, NULL, annotations };
  LscExportWatch watch = { write_cb, task, cancellable };
  if (trace == NULL)
    return FALSE;
  if (job->order.notes != NULL)
    lsc_annotations_take (annotations, g_bytes_get_data (job->order.notes, NULL),
                          g_bytes_get_size (job->order.notes));
  if (job->order.redact)
    lsc_trace_redact (trace);
  return lsc_export_write (&what, job->order.format, job->target, &watch, error);
}

static void
run_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  gboolean done = job->order.format->write != NULL ? export_trace (task, job, cancellable, &error)
                                                   : convert (task, job, cancellable, &error);
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lsc_export_job_run_async (const LscExportOrder *order,
                          GCancellable *cancellable,
                          LscJobProgressFunc progress,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Job *job = g_new0 (Job, 1);
  job->source = g_strdup (order->source);
  job->target = g_strdup (order->target);
  job->order = *order;
  if (order->notes != NULL)
    g_bytes_ref (order->notes);
  job->progress = (LscJobProgress){ .func = progress, .user_data = user_data };
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_thread);
}

gboolean
lsc_export_job_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
