/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What stands on the lane of a CPU, and what threads are called.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n-lib.h>

/* Names are 15 bytes somebody chose: not always UTF-8, not always printable. */
static char *
printable (const char *name)
{
  char *valid = g_utf8_make_valid (name, -1);

  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  return valid;
}

char *
lsc_sentence_name_thread (const LscTrace *trace, uint32_t thread)
{
  const LscThread *found;

  if (thread == LSC_THREAD_IDLE)
    return g_strdup (_ ("the idle task"));
  if (thread == LSC_THREAD_OTHER)
    return g_strdup (_ ("a thread that this capture may not name"));
  if (thread >= lsc_trace_get_n_threads (trace))
    return g_strdup (_ ("an unknown thread"));
  if (!lsc_trace_has_thread (trace, thread))
    /* Translators: of a live capture that drops its oldest events: a thread nobody remembers. */
    return g_strdup (_ ("a thread that ended long ago"));
  found = lsc_trace_get_thread (trace, thread);
  if (found->name[0] == '\0')
    /* Translators: a thread without a name, by its number. */
    return g_strdup_printf (_ ("thread %u"), found->tid);
  return printable (found->name);
}

char *
lsc_sentence_name_apart (const LscTrace *trace, uint32_t thread)
{
  char *name = lsc_sentence_name_thread (trace, thread);
  char *apart;

  if (thread >= lsc_trace_get_n_threads (trace) || !lsc_trace_has_thread (trace, thread)
      || lsc_trace_get_thread (trace, thread)->name[0] == '\0')
    return name;
  apart = g_strdup_printf ("%s (%u)", name, lsc_trace_get_thread (trace, thread)->tid);
  g_free (name);
  return apart;
}

char *
lsc_sentence_name_process (const LscTrace *trace, uint32_t process)
{
  const LscProcess *found = lsc_trace_get_process (trace, process);

  if (found->name[0] == '\0')
    /* Translators: a process without a name, by its number. */
    return g_strdup_printf (_ ("process %u"), found->tgid);
  return printable (found->name);
}

static bool
holds (const LscLane *lane, uint64_t number)
{
  return lane != NULL && number >= lsc_lane_get_first (lane) && number < lsc_lane_get_end (lane);
}

char *
lsc_sentence_of_cpu_span (const LscTrace *trace, uint32_t cpu, uint64_t number)
{
  const LscLane *lane =
      cpu < lsc_trace_get_n_cpus (trace) ? lsc_trace_get_cpu_lane (trace, cpu) : NULL;
  g_autofree char *length = NULL;
  g_autofree char *name = NULL;
  LscSpan span;

  if (!holds (lane, number))
    return NULL;
  lsc_lane_get (lane, number, &span);
  length = lsc_duration_format (span.end_ns - span.start_ns);
  switch ((LscState) span.facts.state)
    {
    case LSC_STATE_RUNNING:
      name = lsc_sentence_name_thread (trace, span.facts.thread);
      return g_strdup_printf (_ ("CPU %u ran %s for %s."), cpu, name, length);
    case LSC_STATE_SLEEPING:
      return g_strdup_printf (_ ("CPU %u was idle for %s."), cpu, length);
    case LSC_STATE_ABSENT:
      return g_strdup_printf (_ ("CPU %u was idle or ran threads outside this capture for %s."),
                              cpu, length);
    case LSC_STATE_UNKNOWN:
    case LSC_STATE_RUNNABLE:
    case LSC_STATE_PREEMPTED:
    case LSC_STATE_UNINTERRUPTIBLE:
    case LSC_STATE_STOPPED:
    case LSC_N_STATES:
    default:
      return g_strdup_printf (
          _ ("Nothing is known about CPU %u for these %s: its events are not in the capture."), cpu,
          length);
    }
}
