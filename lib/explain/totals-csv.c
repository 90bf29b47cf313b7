/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/totals-csv.h"

#include <string.h>

static void
append_text (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  if (strpbrk (valid, ",\"\r\n") == NULL)
    {
      g_string_append (out, valid);
      return;
    }
  g_string_append_c (out, '"');
  for (const char *p = valid; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
append_times (GString *out, const LscStatistics *one)
{
  const uint64_t ns[] = { one->ns[LSC_STATE_RUNNING],         lsc_statistics_get_runnable_ns (one),
                          one->ns[LSC_STATE_PREEMPTED],       one->ns[LSC_STATE_SLEEPING],
                          one->ns[LSC_STATE_UNINTERRUPTIBLE], lsc_statistics_get_other_ns (one),
                          one->ns[LSC_STATE_UNKNOWN] };

  for (size_t i = 0; i < G_N_ELEMENTS (ns); i++)
    g_string_append_printf (out, ",%" G_GUINT64_FORMAT, ns[i]);
}

static void
append_thread (GString *out, const LscTrace *trace, const LscStatistics *one)
{
  const LscThread *thread = lsc_trace_get_thread (trace, one->thread);
  const LscProcess *process = lsc_trace_get_process (trace, thread->process);

  g_string_append_printf (out, "%u,%u,", thread->tid, process->tgid);
  append_text (out, thread->name);
  g_string_append_c (out, ',');
  append_text (out, process->name);
  append_times (out, one);
  g_string_append_printf (out,
                          ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT
                          ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "\r\n",
                          one->switches, one->voluntary, one->involuntary, one->migrations,
                          one->wakeups);
}

char *
lsc_totals_csv (const LscTotals *totals, const LscTrace *trace)
{
  GString *out = g_string_new ("tid,pid,name,process,running_ns,runnable_ns,preempted_ns,"
                               "sleeping_ns,uninterruptible_ns,other_ns,unknown_ns,switches,"
                               "voluntary,involuntary,migrations,wakeups\r\n");

  for (uint32_t i = 0; i < lsc_totals_get_n_threads (totals); i++)
    append_thread (out, trace, lsc_totals_get_nth (totals, i));
  return g_string_free (out, FALSE);
}
