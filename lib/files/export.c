/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/export.h"

#include "lsc-config.h"

#include <glib/gi18n-lib.h>

static const LscExportFormat formats[] = {
  { "perfetto", N_ ("Perfetto trace"), ".pftrace",
    N_ ("For ui.perfetto.dev and its trace processor"), lsc_export_perfetto },
  { "csv", N_ ("Table of stretches (CSV)"), ".csv",
    N_ ("A table of every stretch of every thread, for spreadsheets"), lsc_export_csv },
  { "statistics", N_ ("Table of statistics (CSV)"), ".csv",
    N_ ("A table of what each thread did, in numbers"), lsc_export_statistics },
  { "json", N_ ("JSON lines"), ".jsonl",
    N_ ("Every stretch as one JSON object a line; the first line says what they hold"),
    lsc_export_json },
  { "chrome", N_ ("Chrome trace (JSON)"), ".json", N_ ("For viewers of Chrome's trace format"),
    lsc_export_chrome },
  { "text", N_ ("Narrative (text)"), ".txt", N_ ("The story of each thread, in sentences"),
    lsc_export_text },
  { "timehist", N_ ("perf sched timehist (text)"), ".txt",
    N_ ("The columns of perf sched timehist"), lsc_export_timehist },
  { "lanescope", N_ ("Lanescope capture"), ".lanes",
    N_ ("A capture of its own, to be opened with Lanescope"), NULL },
  { NULL },
};

const LscExportFormat *
lsc_export_get_formats (void)
{
  return formats;
}

const LscExportFormat *
lsc_export_find_format (const char *id)
{
  for (const LscExportFormat *format = formats; format->id != NULL; format++)
    if (g_str_equal (format->id, id))
      return format;
  return NULL;
}

gboolean
lsc_export_write (const LscExport *self,
                  const LscExportFormat *format,
                  const char *path,
                  const LscExportWatch *watch,
                  GError **error)
{
  LscExportOut out;

  if (self->from_ns >= MIN (self->to_ns, lsc_trace_get_end_ns (self->trace) + 1)
      || self->to_ns <= lsc_trace_get_start_ns (self->trace))
    return lsc_export_complain_nothing (error);
  if (!lsc_export_out_open (&out, path, watch, error))
    return FALSE;
  format->write (self, &out);
  return lsc_export_out_finish (&out, error);
}

gboolean
lsc_export_complain_nothing (GError **error)
{
  g_set_error_literal (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOTHING,
                       _ ("Nothing of the capture lies between these times, so nothing was "
                          "written. Choose times between its beginning and its end."));
  return FALSE;
}

bool
lsc_export_has_thread (const LscExport *self, const LscThread *thread)
{
  return thread->lane != NULL && lsc_lane_get_first (thread->lane) < lsc_lane_get_end (thread->lane)
         && (self->threads == NULL || self->threads[thread->index]);
}

static gboolean
walk_thread (const LscExport *self,
             LscExportOut *out,
             const LscThread *thread,
             const LscExportWalker *walker,
             void *data)
{
  const LscLane *lane = thread->lane;
  uint64_t number = lsc_lane_find (lane, self->from_ns);
  gboolean begun = FALSE;
  LscSpan span;

  for (; number < lsc_lane_get_end (lane); number++)
    {
      lsc_lane_get (lane, number, &span);
      if (span.start_ns >= self->to_ns && span.start_ns > self->from_ns)
        break;
      if (span.end_ns < self->from_ns)
        continue;
      if (!begun && walker->thread_begins != NULL)
        walker->thread_begins (thread, data);
      begun = TRUE;
      walker->span (thread, number, &span, data);
      if (!lsc_export_out_step (out))
        return FALSE;
    }
  return TRUE;
}

void
lsc_export_walk (const LscExport *self,
                 LscExportOut *out,
                 const LscExportWalker *walker,
                 void *data)
{
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (self->trace); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (self->trace, i);

      lsc_export_out_set_progress (out, i, lsc_trace_get_n_threads (self->trace));
      if (!lsc_export_has_thread (self, thread))
        continue;
      if (!walk_thread (self, out, thread, walker, data))
        return;
    }
}

const char *
lsc_export_state_name (uint8_t state)
{
  static const char *const names[LSC_N_STATES] = {
    [LSC_STATE_UNKNOWN] = "unknown",   [LSC_STATE_RUNNING] = "running",
    [LSC_STATE_RUNNABLE] = "runnable", [LSC_STATE_PREEMPTED] = "preempted",
    [LSC_STATE_SLEEPING] = "sleeping", [LSC_STATE_UNINTERRUPTIBLE] = "uninterruptible",
    [LSC_STATE_STOPPED] = "stopped",   [LSC_STATE_ABSENT] = "absent",
  };

  return names[state < LSC_N_STATES ? state : LSC_STATE_UNKNOWN];
}
