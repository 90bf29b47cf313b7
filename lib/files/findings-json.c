/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/findings-json.h"

#include "lib/explain/findings.h"

static void
member_double (LscJsonText *json, const char *key, double value)
{
  lsc_json_text_key (json, key);
  lsc_json_text_double (json, value);
}

/* An address is more than a double of JavaScript holds. */
static void
member_address (LscJsonText *json, const char *key, uint64_t address)
{
  g_autofree char *text = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", address);

  lsc_json_text_member_string (json, key, address != 0 ? text : NULL);
}

/* null for threads that have no number here. */
static void
add_tid (LscJsonText *json, const LscTrace *trace, uint32_t index)
{
  const LscThread *thread = lsc_trace_get_thread (trace, index);

  if (thread != NULL)
    lsc_json_text_uint (json, thread->tid);
  else
    lsc_json_text_string (json, NULL);
}

static void
member_tid (LscJsonText *json, const char *key, const LscTrace *trace, uint32_t index)
{
  lsc_json_text_key (json, key);
  add_tid (json, trace, index);
}

static void
member_pid (LscJsonText *json, const LscTrace *trace, uint32_t index)
{
  const LscProcess *process = lsc_trace_get_process (trace, index);

  lsc_json_text_key (json, "pid");
  if (process != NULL)
    lsc_json_text_uint (json, process->tgid);
  else
    lsc_json_text_string (json, NULL);
}

static void
add_parallelism (LscJsonText *json, const LscParallelism *parallelism)
{
  lsc_json_text_key (json, "parallelism");
  lsc_json_text_begin_object (json);
  lsc_json_text_member_uint (json, "cpus", lsc_parallelism_get_n_cpus (parallelism));
  lsc_json_text_member_uint (json, "threads", lsc_parallelism_get_n_threads (parallelism));
  member_double (json, "mean", lsc_parallelism_get_mean (parallelism));
  member_double (json, "serialised", lsc_parallelism_get_serialised (parallelism));
  lsc_json_text_key (json, "at_once_ns");
  lsc_json_text_set_compact (json);
  lsc_json_text_begin_array (json);
  for (uint32_t n = 0; n <= lsc_parallelism_get_most (parallelism); n++)
    lsc_json_text_uint (json, lsc_parallelism_get_ns (parallelism, n));
  lsc_json_text_end_array (json);
  lsc_json_text_end_object (json);
}

static void
add_cpus (LscJsonText *json, const LscCpuUse *cpus)
{
  lsc_json_text_key (json, "cpus");
  lsc_json_text_begin_array (json);
  for (uint32_t i = 0; i < lsc_cpu_use_get_n (cpus); i++)
    {
      const LscCpuUseRow *row = lsc_cpu_use_get (cpus, i);

      lsc_json_text_set_compact (json);
      lsc_json_text_begin_object (json);
      lsc_json_text_member_uint (json, "cpu", row->cpu);
      lsc_json_text_member_uint (json, "running_ns", row->running_ns);
      lsc_json_text_member_uint (json, "runs", row->n_runs);
      lsc_json_text_end_object (json);
    }
  lsc_json_text_end_array (json);
}

static void
add_lock_user (LscJsonText *json, const LscTrace *trace, const LscLockUser *user)
{
  lsc_json_text_set_compact (json);
  lsc_json_text_begin_object (json);
  member_tid (json, "tid", trace, user->thread);
  lsc_json_text_member_uint (json, "waits", user->n_waits);
  lsc_json_text_member_uint (json, "wait_ns", user->wait_ns);
  lsc_json_text_member_uint (json, "longest_ns", user->longest_ns);
  lsc_json_text_member_uint (json, "longest_at_ns", user->longest_at_ns);
  lsc_json_text_member_uint (json, "releases", user->n_releases);
  lsc_json_text_end_object (json);
}

/* The futex operation; null where it is not known or not always the same. */
static const char *
name_operation (uint8_t detail)
{
  switch (detail)
    {
    case LSC_DETAIL_FUTEX_WAIT:
      return "wait";
    case LSC_DETAIL_FUTEX_WAIT_BITSET:
      return "wait-bitset";
    case LSC_DETAIL_FUTEX_LOCK_PI:
      return "lock-pi";
    case LSC_DETAIL_FUTEX_REQUEUE_PI:
      return "wait-requeue-pi";
    default:
      return NULL;
    }
}

static void
add_lock (LscJsonText *json, const LscTrace *trace, const LscLock *lock)
{
  lsc_json_text_begin_object (json);
  member_pid (json, trace, lock->process);
  member_address (json, "address", lock->address);
  lsc_json_text_member_string (json, "operation", name_operation (lock->detail));
  lsc_json_text_member_uint (json, "waits", lock->n_waits);
  lsc_json_text_member_uint (json, "wait_ns", lock->wait_ns);
  lsc_json_text_member_uint (json, "longest_ns", lock->longest_ns);
  lsc_json_text_member_uint (json, "longest_at_ns", lock->longest_at_ns);
  member_tid (json, "longest_tid", trace, lock->longest_thread);
  lsc_json_text_member_uint (json, "timeouts", lock->n_timeouts);
  lsc_json_text_key (json, "threads");
  lsc_json_text_begin_array (json);
  for (uint32_t i = 0; i < lock->n_users; i++)
    add_lock_user (json, trace, &lock->users[i]);
  lsc_json_text_end_array (json);
  lsc_json_text_end_object (json);
}

static void
add_pattern (LscJsonText *json, const LscTrace *trace, const LscPattern *pattern)
{
  lsc_json_text_begin_object (json);
  lsc_json_text_member_string (json, "kind", lsc_pattern_kind_id (pattern->kind));
  lsc_json_text_member_string (json, "certainty",
                               pattern->certainty == LSC_CERTAINTY_CLEAR ? "clear" : "probable");
  member_double (json, "share", pattern->share);
  member_pid (json, trace, pattern->process);
  member_address (json, "lock", pattern->lock);
  lsc_json_text_key (json, "tids");
  lsc_json_text_set_compact (json);
  lsc_json_text_begin_array (json);
  for (uint32_t i = 0; i < pattern->n_threads; i++)
    add_tid (json, trace, pattern->threads[i]);
  lsc_json_text_end_array (json);
  lsc_json_text_member_uint (json, "at_ns", pattern->at_ns);
  lsc_json_text_member_uint (json, "until_ns", pattern->until_ns);
  member_tid (json, "at_tid", trace, pattern->at_thread);
  lsc_json_text_member_string (json, "title", pattern->title);
  lsc_json_text_member_string (json, "evidence", pattern->evidence);
  lsc_json_text_member_string (json, "doubt", pattern->doubt);
  lsc_json_text_end_object (json);
}

void
lsc_findings_json_add (LscJsonText *json, const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  g_autoptr (LscFindings) findings = lsc_findings_new (trace, from_ns, to_ns);
  uint32_t n_locks;

  lsc_survey_run (findings->survey, NULL);
  add_parallelism (json, findings->parallelism);
  add_cpus (json, findings->cpus);
  n_locks = MIN (lsc_lock_table_get_n (findings->locks), LSC_FINDINGS_JSON_LOCKS);
  lsc_json_text_key (json, "locks");
  lsc_json_text_begin_array (json);
  for (uint32_t i = 0; i < n_locks; i++)
    add_lock (json, trace, lsc_lock_table_get (findings->locks, i));
  lsc_json_text_end_array (json);
  lsc_json_text_key (json, "patterns");
  lsc_json_text_begin_array (json);
  for (uint32_t i = 0; i < lsc_pattern_scan_get_n (findings->patterns); i++)
    add_pattern (json, trace, lsc_pattern_scan_get (findings->patterns, i));
  lsc_json_text_end_array (json);
}
