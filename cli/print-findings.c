/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/print-findings.h"

#include "lib/explain/duration.h"
#include "lib/explain/findings.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define LOCKS_MAX 5u

static char *
place_of (const LscTrace *trace, uint64_t time_ns)
{
  return lsc_duration_format_place (time_ns - lsc_trace_get_start_ns (trace));
}

static void
print_lock (const LscTrace *trace, const LscLock *lock)
{
  const LscProcess *process = lsc_trace_get_process (trace, lock->process);
  g_autofree char *name = lsc_sentence_name_process (trace, lock->process);
  g_autofree char *waited = lsc_duration_format (lock->wait_ns);
  g_autofree char *longest = lsc_duration_format (lock->longest_ns);
  g_autofree char *waiter = lsc_sentence_name_thread (trace, lock->longest_thread);
  g_autofree char *place = place_of (trace, lock->longest_at_ns);

  printf ("  ");
  /* Translators: an address, a process and its number; a time; two counts; a time, a thread, a
   * place in the capture. */
  printf (_ ("0x%lx in %s (%u): %s, waits: %lu, threads: %u, longest: %s by %s at %s\n"),
          (unsigned long) lock->address, name, process->tgid, waited, (unsigned long) lock->n_waits,
          lock->n_waiters, longest, waiter, place);
}

/* Threads that wait for work alone would push the locks out of a short list. */
static void
print_locks (const LscTrace *trace, const LscLockTable *locks)
{
  uint32_t n = 0;

  for (uint32_t i = 0; i < lsc_lock_table_get_n (locks); i++)
    {
      const LscLock *lock = lsc_lock_table_get (locks, i);

      if (!lsc_lock_may_be_mutex (lock))
        continue;
      if (n == 0)
        printf ("\n%s\n", _ ("Locks most waited for:"));
      if (n++ < LOCKS_MAX)
        print_lock (trace, lock);
    }
  if (n > LOCKS_MAX)
    {
      printf ("  ");
      printf (ngettext ("and %u other\n", "and %u others\n", n - LOCKS_MAX), n - LOCKS_MAX);
    }
}

static void
print_cpus (const LscFindings *findings)
{
  uint64_t whole_ns =
      lsc_survey_get_to_ns (findings->survey) - lsc_survey_get_from_ns (findings->survey);

  for (uint32_t i = 0; i < lsc_cpu_use_get_n (findings->cpus); i++)
    {
      const LscCpuUseRow *row = lsc_cpu_use_get (findings->cpus, i);
      g_autofree char *running = lsc_duration_format (row->running_ns);

      printf ("  ");
      /* Translators: a CPU's number, a time, a percentage, a count. */
      printf (_ ("CPU %u ran them for %s, %.0f %% of the time, in %lu turns\n"), row->cpu, running,
              100 * (double) row->running_ns / (double) MAX (whole_ns, 1),
              (unsigned long) row->n_runs);
    }
}

static void
print_pattern (const LscTrace *trace, const LscPattern *pattern)
{
  g_autofree char *place = place_of (trace, pattern->at_ns);

  printf ("\n  %s\n    %s.\n    %s\n    %s\n    ", lsc_pattern_kind_name (pattern->kind),
          pattern->title, pattern->evidence, pattern->doubt);
  if (pattern->at_thread != LSC_THREAD_NONE)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, pattern->at_thread);

      /* Translators: a place in the capture, a thread's number. */
      printf (_ ("Look at %s, thread %u.\n"), place, thread->tid);
    }
  else
    printf (_ ("Look at %s.\n"), place);
}

void
lsc_print_findings (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  g_autoptr (LscFindings) findings = lsc_findings_new (trace, from_ns, to_ns);
  g_autofree char *parallelism = NULL;
  uint32_t n;

  lsc_survey_run (findings->survey, NULL);
  parallelism = lsc_parallelism_describe (findings->parallelism);
  printf ("\n%s\n", parallelism);
  print_cpus (findings);
  print_locks (trace, findings->locks);
  n = lsc_pattern_scan_get_n (findings->patterns);
  if (n > 0)
    printf ("\n%s\n", _ ("Patterns:"));
  for (uint32_t i = 0; i < n; i++)
    print_pattern (trace, lsc_pattern_scan_get (findings->patterns, i));
}
