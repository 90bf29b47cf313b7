/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads that wait for locks which nobody is left to release: because all of the process wait, or
 * because all who use these locks do.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* Shorter than this, a wait for a lock is nothing to speak of. */
#define LEAST_NS UINT64_C (1000000000)

/* Who is killed dies of it at once: whoever is woken with the others sleeps no more, and runs no
 * longer than this. */
#define DYING_NS UINT64_C (100000000)

/* What a process's threads do at the end of the range, or when all of them are killed before. */
typedef struct
{
  uint64_t at_ns; /* that moment */
  bool killed;
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
  return it->last_reason == LSC_REASON_SIGNAL || it->last_reason == LSC_REASON_TIMER
         || it->last_reason == LSC_REASON_CHILD;
}

static void
add_stuck (Process *process, const LscPatternThread *it)
{
  g_array_append_val (process->stuck, it->thread.index);
  process->since_ns = MAX (process->since_ns, it->last_wait_ns);
  add_address (process->addresses, it->last_lock);
  process->n_known += it->last_detail != LSC_DETAIL_NONE;
}

/* Slept until then. */
static bool
is_asleep (const Process *process, const LscPatternThread *it)
{
  return it->last_goes_on
         || (process->killed && it->last_woken_ns + DYING_NS >= process->at_ns
             && it->ran_since_ns <= DYING_NS);
}

static void
add_thread (Process *process, const LscPatternThread *it)
{
  bool is_long = is_asleep (process, it) && process->at_ns - it->last_wait_ns >= LEAST_NS;

  if (process->killed ? it->last_ns <= process->at_ns
                      : it->thread.ended || it->last_ns < process->at_ns)
    return;
  if (!is_long || !it->last_is_futex)
    {
      process->n_idle += is_long && is_idle (it);
      process->n_others += !is_long || !is_idle (it);
      return;
    }
  if (!may_be_lock (it))
    return;
  add_stuck (process, it);
}

static bool
is_victim (const LscPatternThread *it)
{
  return it->last_is_futex && may_be_lock (it) && !it->last_goes_on && it->n_runs > 0
         && it->last_woken_ns - it->last_wait_ns >= LEAST_NS && it->ran_since_ns <= DYING_NS;
}

/* A program that is ended, as by Ctrl+C, has its threads woken by one and the same, all at once,
 * and none of them sleeps again. What they waited for until then is what counts. */
static void
find_death (Process *process, const LscPatternScan *self, const GPtrArray *threads)
{
  uint64_t at_ns = UINT64_MAX;
  uint32_t killer = LSC_THREAD_NONE;
  bool first = true, ended = false;

  for (guint i = 0; i < threads->len; i++)
    {
      const LscPatternThread *it = g_ptr_array_index (threads, i);

      if (!is_victim (it))
        continue;
      if (!first && it->last_waker != killer)
        return;
      killer = it->last_waker;
      at_ns = MIN (at_ns, it->last_woken_ns);
      first = false;
    }
  for (guint i = 0; i < threads->len; i++)
    {
      const LscPatternThread *it = g_ptr_array_index (threads, i);

      if (it->last_ns > at_ns && (it->last_goes_on || it->last_woken_ns > at_ns + DYING_NS))
        return;
      ended |= it->last_ns > at_ns && it->thread.ended
               && (it->last_ns < self->to_ns || self->to_ns >= lsc_trace_get_end_ns (self->trace));
    }
  if (first || !ended)
    return;
  process->at_ns = at_ns;
  process->killed = true;
}

static bool
is_circle (const Process *process)
{
  return process->stuck->len >= 2 && process->addresses->len >= 2;
}

/* Everybody else would be somebody who could release them. */
static bool
is_alone (const Process *process)
{
  return process->n_others == 0
         && (process->n_idle == 0 || process->n_known == process->stuck->len);
}

/* The locks of a process that somebody waits for as the range ends, by address. */
static GHashTable *
index_locks (const LscPatternScan *self, uint32_t process)
{
  GHashTable *locks = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (uint32_t i = 0; i < lsc_lock_table_get_n (self->locks); i++)
    {
      const LscLock *lock = lsc_lock_table_get (self->locks, i);

      if (lock->process == process && lock->n_unended > 0)
        g_hash_table_insert (locks, (gpointer) &lock->address, (gpointer) lock);
    }
  return locks;
}

/* It went from hand to hand before, among these alone, and nobody's patience had an end. */
static bool
is_closed (const LscLock *lock, GHashTable *circle)
{
  uint64_t n_releases = 0;

  for (uint32_t i = 0; i < lock->n_users; i++)
    {
      if (!g_hash_table_contains (circle, GUINT_TO_POINTER (lock->users[i].thread)))
        return false;
      n_releases += lock->users[i].n_releases;
    }
  return lock->n_waiters >= 2 && n_releases > 0 && lock->n_timeouts == 0;
}

/* Others of the process are busy, and might release somebody; but not where all who were seen to
 * use a lock wait for one another. Whoever waits for another kind of lock leaves the circle, and
 * with him those who share a lock with him. */
static void
find_circle (const LscPatternScan *self, Process *process, uint32_t process_index)
{
  g_autoptr (GHashTable) locks = index_locks (self, process_index);
  g_autoptr (GHashTable) circle = g_hash_table_new (NULL, NULL); /* of thread indices */
  g_autoptr (GArray) all = process->stuck;
  guint before = 0;

  for (guint i = 0; i < all->len; i++)
    g_hash_table_add (circle, GUINT_TO_POINTER (g_array_index (all, uint32_t, i)));
  while (before != g_hash_table_size (circle))
    {
      before = g_hash_table_size (circle);
      for (guint i = 0; i < all->len; i++)
        {
          uint32_t thread = g_array_index (all, uint32_t, i);
          const LscLock *lock =
              g_hash_table_lookup (locks, &lsc_pattern_find (self, thread)->last_lock);

          if (lock == NULL || !is_closed (lock, circle))
            g_hash_table_remove (circle, GUINT_TO_POINTER (thread));
        }
    }
  *process = (Process){ .at_ns = process->at_ns,
                        .stuck = g_array_new (FALSE, FALSE, sizeof (uint32_t)),
                        .addresses = process->addresses };
  g_array_set_size (process->addresses, 0);
  for (guint i = 0; i < all->len; i++)
    if (g_hash_table_contains (circle, GUINT_TO_POINTER (g_array_index (all, uint32_t, i))))
      add_stuck (process, lsc_pattern_find (self, g_array_index (all, uint32_t, i)));
}

/* `alone`: nobody else of the process does anything. */
static void
tell (LscPatternScan *self, const Process *process, bool alone)
{
  g_autofree char *names = lsc_pattern_name_threads (self, process->stuck);
  g_autofree char *since = lsc_duration_format (process->at_ns - process->since_ns);
  LscPattern *pattern = lsc_pattern_add (self, LSC_PATTERN_DEADLOCK, process->stuck);
  const char *title =
      alone ? g_dngettext (
          GETTEXT_PACKAGE, "%u thread waits for a lock that nobody is left to release",
          "%u threads wait for locks that nobody is left to release", process->stuck->len)
            : g_dngettext (GETTEXT_PACKAGE, "%u thread waits for its own lock",
                           "%u threads wait for each other's locks", process->stuck->len);
  const char *evidence =
      process->killed
          ? _ ("%s slept in futex at %u different addresses, and none was woken for %s, until the "
               "program was ended.")
      : alone ? _ ("%s sleep in futex at %u different addresses, and none has been woken for %s.")
              : _ ("%s sleep in futex at %u different addresses, and none has been woken for %s. "
                   "These locks went from hand to hand before, and nobody but them was seen to use "
                   "one.");

  pattern->certainty = LSC_CERTAINTY_PROBABLE;
  pattern->share =
      (double) (process->at_ns - process->since_ns) / (double) (self->to_ns - self->from_ns);
  pattern->at_ns = process->since_ns;
  pattern->until_ns = process->at_ns;
  pattern->title = g_strdup_printf (title, process->stuck->len);
  pattern->evidence = g_strdup_printf (evidence, names, process->addresses->len, since);
  pattern->doubt = g_strdup (_ ("Who holds a lock is not visible to the kernel. Another process "
                                "that shares the memory, or a time limit on the wait, could still "
                                "end it."));
}

void
lsc_pattern_look_for_deadlock (LscPatternScan *self, uint32_t process_index)
{
  const GPtrArray *threads = lsc_pattern_threads_of (self, process_index);
  g_autoptr (GArray) addresses = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  Process process = { .at_ns = self->to_ns,
                      .stuck = g_array_new (FALSE, FALSE, sizeof (uint32_t)),
                      .addresses = addresses };
  bool alone;

  find_death (&process, self, threads);
  for (guint i = 0; i < threads->len; i++)
    add_thread (&process, g_ptr_array_index (threads, i));
  alone = is_alone (&process);
  if (!alone)
    find_circle (self, &process, process_index);
  if (is_circle (&process))
    tell (self, &process, alone);
  g_array_unref (process.stuck);
}
