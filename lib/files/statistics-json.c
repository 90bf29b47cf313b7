/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/statistics-json.h"

#include "lib/explain/words.h"
#include "lib/files/findings-json.h"
#include "lib/files/json-text.h"

#define FORMAT 1

static void
add_capture (LscJsonText *json, const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  lsc_json_text_key (json, "capture");
  lsc_json_text_begin_object (json);
  lsc_json_text_member_uint (json, "start_ns", from_ns);
  lsc_json_text_member_uint (json, "end_ns", to_ns);
  lsc_json_text_member_uint (json, "events", lsc_trace_get_n_events (trace));
  lsc_json_text_member_uint (json, "lost", lsc_trace_get_n_lost (trace));
  lsc_json_text_member_string (
      json, "scope", lsc_trace_get_header (trace)->scope == LSC_SCOPE_OWN ? "own" : "any");
  lsc_json_text_end_object (json);
}

static void
add_times (LscJsonText *json, const LscStatistics *s)
{
  lsc_json_text_member_uint (json, "first_ns", s->first_ns);
  lsc_json_text_member_uint (json, "last_ns", s->last_ns);
  lsc_json_text_member_uint (json, "running_ns", s->ns[LSC_STATE_RUNNING]);
  lsc_json_text_member_uint (json, "runnable_ns", lsc_statistics_get_runnable_ns (s));
  lsc_json_text_member_uint (json, "preempted_ns", s->ns[LSC_STATE_PREEMPTED]);
  lsc_json_text_member_uint (json, "sleeping_ns", s->ns[LSC_STATE_SLEEPING]);
  lsc_json_text_member_uint (json, "uninterruptible_ns", s->ns[LSC_STATE_UNINTERRUPTIBLE]);
  lsc_json_text_member_uint (json, "other_ns", lsc_statistics_get_other_ns (s));
  lsc_json_text_member_uint (json, "unknown_ns", s->ns[LSC_STATE_UNKNOWN]);
}

static void
add_counts (LscJsonText *json, const LscStatistics *s)
{
  lsc_json_text_member_uint (json, "switches", s->switches);
  lsc_json_text_member_uint (json, "voluntary", s->voluntary);
  lsc_json_text_member_uint (json, "involuntary", s->involuntary);
  lsc_json_text_member_uint (json, "migrations", s->migrations);
  lsc_json_text_member_uint (json, "wakeups", s->wakeups);
  lsc_json_text_member_uint (json, "max_off_cpu_ns", s->max_off_cpu_ns);
  lsc_json_text_member_uint (json, "max_off_cpu_at_ns", s->max_off_cpu_at_ns);
}

static void
add_latency (LscJsonText *json, const LscLatency *latency)
{
  lsc_json_text_key (json, "wakeup_latency");
  lsc_json_text_set_compact (json);
  lsc_json_text_begin_object (json);
  lsc_json_text_member_uint (json, "count", latency->count);
  lsc_json_text_member_uint (json, "p50_ns", latency->p50_ns);
  lsc_json_text_member_uint (json, "p99_ns", latency->p99_ns);
  lsc_json_text_member_uint (json, "max_ns", latency->max_ns);
  lsc_json_text_member_uint (json, "max_at_ns", latency->max_at_ns);
  lsc_json_text_end_object (json);
}

static void
add_reasons (LscJsonText *json, const LscStatistics *s)
{
  lsc_json_text_key (json, "off_cpu_by_reason");
  lsc_json_text_begin_array (json);
  for (int i = LSC_REASON_NONE + 1; i < LSC_N_REASONS; i++)
    {
      if (s->reasons[i].count == 0)
        continue;
      lsc_json_text_set_compact (json);
      lsc_json_text_begin_object (json);
      lsc_json_text_member_string (json, "reason", lsc_words_reason_id ((LscReason) i));
      lsc_json_text_member_uint (json, "ns", s->reasons[i].ns);
      lsc_json_text_member_uint (json, "count", s->reasons[i].count);
      lsc_json_text_end_object (json);
    }
  lsc_json_text_end_array (json);
}

static void
add_thread (LscJsonText *json, const LscTrace *trace, const LscStatistics *s)
{
  const LscThread *thread = lsc_trace_get_thread (trace, s->thread);
  const LscProcess *process = lsc_trace_get_process (trace, thread->process);

  lsc_json_text_begin_object (json);
  lsc_json_text_member_uint (json, "tid", thread->tid);
  lsc_json_text_member_uint (json, "pid", process->tgid);
  lsc_json_text_member_string (json, "name", thread->name);
  lsc_json_text_member_string (json, "process", process->name);
  add_times (json, s);
  add_counts (json, s);
  add_latency (json, &s->wakeup_latency);
  add_reasons (json, s);
  lsc_json_text_end_object (json);
}

char *
lsc_statistics_json (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  g_autoptr (GArray) all = lsc_statistics_of_trace (trace, from_ns, to_ns);
  LscJsonText json;

  lsc_json_text_init (&json, true);
  lsc_json_text_begin_object (&json);
  lsc_json_text_member_uint (&json, "format", FORMAT);
  add_capture (&json, trace, MAX (from_ns, lsc_trace_get_start_ns (trace)),
               MIN (to_ns, lsc_trace_get_end_ns (trace)));
  lsc_json_text_key (&json, "threads");
  lsc_json_text_begin_array (&json);
  for (guint i = 0; i < all->len; i++)
    add_thread (&json, trace, &g_array_index (all, LscStatistics, i));
  lsc_json_text_end_array (&json);
  lsc_findings_json_add (&json, trace, from_ns, to_ns);
  lsc_json_text_end_object (&json);
  g_string_append_c (json.text, '\n');
  return lsc_json_text_steal (&json);
}
