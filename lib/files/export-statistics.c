/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The numbers of `stats --json` as a table: a line a thread, for spreadsheets.
 */
#include "lib/explain/statistics.h"
#include "lib/explain/words.h"
#include "lib/files/export.h"

static void
write_heading (LscExportOut *out)
{
  g_string_append (out->text,
                   "tid,pid,name,process,first_ns,last_ns,running_ns,runnable_ns,preempted_ns,"
                   "sleeping_ns,uninterruptible_ns,other_ns,unknown_ns,switches,voluntary,"
                   "involuntary,migrations,wakeups,max_off_cpu_ns,max_off_cpu_at_ns,"
                   "wakeup_latency_count,wakeup_latency_p50_ns,wakeup_latency_p99_ns,"
                   "wakeup_latency_max_ns,wakeup_latency_max_at_ns");
  for (int i = LSC_REASON_NONE + 1; i < LSC_N_REASONS; i++)
    g_string_append_printf (out->text, ",off_cpu_%s_ns", lsc_words_reason_id ((LscReason) i));
  g_string_append (out->text, "\r\n");
}

static void
write_numbers (LscExportOut *out, const LscStatistics *s)
{
  const uint64_t numbers[] = {
    s->first_ns,
    s->last_ns,
    s->ns[LSC_STATE_RUNNING],
    lsc_statistics_get_runnable_ns (s),
    s->ns[LSC_STATE_PREEMPTED],
    s->ns[LSC_STATE_SLEEPING],
    s->ns[LSC_STATE_UNINTERRUPTIBLE],
    lsc_statistics_get_other_ns (s),
    s->ns[LSC_STATE_UNKNOWN],
    s->switches,
    s->voluntary,
    s->involuntary,
    s->migrations,
    s->wakeups,
    s->max_off_cpu_ns,
    s->max_off_cpu_at_ns,
    s->wakeup_latency.count,
    s->wakeup_latency.p50_ns,
    s->wakeup_latency.p99_ns,
    s->wakeup_latency.max_ns,
    s->wakeup_latency.max_at_ns,
  };

  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_string_append_printf (out->text, ",%" G_GUINT64_FORMAT, numbers[i]);
  for (int i = LSC_REASON_NONE + 1; i < LSC_N_REASONS; i++)
    g_string_append_printf (out->text, ",%" G_GUINT64_FORMAT, s->reasons[i].ns);
  g_string_append (out->text, "\r\n");
}

void
lsc_export_statistics (const LscExport *what, LscExportOut *out)
{
  uint32_t n = lsc_trace_get_n_threads (what->trace);

  write_heading (out);
  for (uint32_t i = 0; i < n && lsc_export_out_step (out); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (what->trace, i);
      const LscProcess *process = lsc_trace_get_process (what->trace, thread->process);
      LscStatistics s;

      lsc_export_out_set_progress (out, i, n);
      if (!lsc_export_has_thread (what, thread)
          || !lsc_statistics_of_thread (what->trace, i, what->from_ns, what->to_ns, &s))
        continue;
      g_string_append_printf (out->text, "%u,%u,", thread->tid, process->tgid);
      lsc_export_out_csv_text (out, thread->name);
      g_string_append_c (out->text, ',');
      lsc_export_out_csv_text (out, process->name);
      write_numbers (out, &s);
    }
}
