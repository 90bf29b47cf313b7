/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads that wait for locks which nobody is left to release.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* Shorter than this, a wait for a lock is nothing to speak of. */
#define LEAST_NS UINT64_C (1000000000)

/* What a process's threads do at the end of the range. */
typedef struct
{
  GArray *stuck;     /* indices of threads that wait for what may be a lock that long */
  GArray *addresses; /* of these: uint64_t, each once */
  uint64_t since_ns; /* when the last of them began to */
  uint32_t n_known;  /* of them, such as wait for a lock by the operation */
  uint32_t n_idle;   /* threads that sleep for a signal or a time, that long too */
  uint32_t n_others; /* living threads that do anything else */
} Process;

static void
add_address (GArray *addresses, uint64_t address)
{
  for (guint i = 0; i < addresses->len; i++)
    if (g_array_index (addresses, uint64_t, i) == address)
      return;
  g_array_append_val (addresses, address);
}

/* Conditions, ends of threads and semaphores are waited for with a bitset, and often with a time
 * limit: a pool without work does. */
static bool
may_be_lock (const LscPatternThread *it)
{
  return it->last_detail == LSC_DETAIL_NONE || it->last_detail == LSC_DETAIL_FUTEX_WAIT
         || it->last_detail == LSC_DETAIL_FUTEX_LOCK_PI;
}

static bool
is_idle (const LscPatternThread *it)
{
  return it->last_goes_on
         && (it->last_reason == LSC_REASON_SIGNAL || it->last_reason == LSC_REASON_TIMER
             || it->last_reason == LSC_REASON_CHILD);
}

static void
add_thread (Process *process, const LscPatternScan *self, const LscPatternThread *it)
{
  bool is_long = it->last_goes_on && self->to_ns - it->last_wait_ns >= LEAST_NS;

  if (it->thread->ended || it->last_ns < self->to_ns)
    return;
  if (!is_long || !it->last_is_futex)
    {
      process->n_idle += is_long && is_idle (it);
      process->n_others += !is_long || !is_idle (it);
      return;
    }
  if (!may_be_lock (it))
    return;
  g_array_append_val (process->stuck, it->thread->index);
  process->since_ns = MAX (process->since_ns, it->last_wait_ns);
  add_address (process->addresses, it->last_lock);
  process->n_known += it->last_detail != LSC_DETAIL_NONE;
}

/* Everybody else would be somebody who could release them. */
static bool
is_deadlock (const Process *process)
{
  return process->stuck->len >= 2 && process->addresses->len >= 2 && process->n_others == 0
         && (process->n_idle == 0 || process->n_known == process->stuck->len);
}

static void
tell (LscPatternScan *self, const Process *process)
{
  g_autofree char *names = lsc_pattern_name_threads (self, process->stuck);
  g_autofree char *since = lsc_duration_format (self->to_ns - process->since_ns);
  LscPattern *pattern = lsc_pattern_add (self, LSC_PATTERN_DEADLOCK, process->stuck);

  pattern->certainty = LSC_CERTAINTY_PROBABLE;
  pattern->share =
      (double) (self->to_ns - process->since_ns) / (double) (self->to_ns - self->from_ns);
  pattern->at_ns = process->since_ns;
  pattern->title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u thread waits for a lock that nobody is left to release",
                   "%u threads wait for locks that nobody is left to release", process->stuck->len),
      process->stuck->len);
  pattern->evidence = g_strdup_printf (
      _ ("%s sleep in futex at %u different addresses, and none has been woken for %s."), names,
      process->addresses->len, since);
  pattern->doubt = g_strdup (_ ("Who holds a lock is not visible to the kernel. Another process "
                                "that shares the memory, or a time limit on the wait, could still "
                                "end it."));
}

void
lsc_pattern_look_for_deadlock (LscPatternScan *self, uint32_t process_index)
{
  const GPtrArray *threads = lsc_pattern_threads_of (self, process_index);
  g_autoptr (GArray) stuck = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  g_autoptr (GArray) addresses = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  Process process = { .stuck = stuck, .addresses = addresses };

  for (guint i = 0; i < threads->len; i++)
    add_thread (&process, self, g_ptr_array_index (threads, i));
  if (is_deadlock (&process))
    tell (self, &process);
}
