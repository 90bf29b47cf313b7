/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An interpreter's lock: threads that all want to compute, one at a time, and whose waits for their
 * turn run out at a fixed pace. That pace is what tells it from any other lock: CPython's waiters
 * ask for the lock after sys.getswitchinterval(), 5 ms (Python/ceval_gil.c, take_gil()).
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* A member runs for this part of what all of the process do, and spends this part of its life
 * running, ready or waiting for its turn. */
#define MEMBER_PERCENT 8u
#define EAGER_PERCENT 70u
#define TIMEOUTS_MIN 20u
/* So many more of the waits that ran out must be of one length than are not. Not all are: who is
 * woken too early goes on waiting for what is left of his time. */
#define PACE_VOTES_PERCENT 50u
/* One of them ran or was ready to for this part of the time at least, and no more than one ran:
 * CPUs in hundredths. */
#define READY_LEAST 60u
#define BUSY_MOST 120u
/* What keeps them apart is their turn, not that other work has the CPUs: they waited so much for
 * their turn, in per cent of their time in queues. */
#define TURN_LEAST 80u

typedef struct
{
  GArray *threads; /* indices */
  uint64_t running_ns;
  uint64_t queued_ns;
  uint64_t lock_ns;
  uint64_t first_ns;
  uint64_t last_ns;
  uint32_t n_timeouts;
  uint64_t timeout_ns;
} Group;

static uint64_t
running_of (const GPtrArray *threads)
{
  uint64_t ns = 0;

  for (guint i = 0; i < threads->len; i++)
    ns += ((const LscPatternThread *) g_ptr_array_index (threads, i))->running_ns;
  return ns;
}

static bool
has_a_pace (const LscPatternThread *it)
{
  return it->n_timeouts > 0 && it->pace_votes * 100 >= it->n_timeouts * PACE_VOTES_PERCENT;
}

static bool
is_member (const LscPatternThread *it, uint64_t process_ns)
{
  uint64_t active_ns = it->last_run_ns - it->first_run_ns;
  uint64_t eager_ns = it->running_ns + it->queued_ns + it->lock_ns;

  return it->n_runs > 0 && (double) it->running_ns * 100 >= (double) process_ns * MEMBER_PERCENT
         && (double) eager_ns * 100 >= (double) active_ns * EAGER_PERCENT && has_a_pace (it);
}

static void
collect (const GPtrArray *threads, Group *group)
{
  uint64_t process_ns = running_of (threads);

  for (guint i = 0; i < threads->len; i++)
    {
      const LscPatternThread *it = g_ptr_array_index (threads, i);

      if (!is_member (it, process_ns))
        continue;
      group->first_ns =
          group->threads->len == 0 ? it->first_run_ns : MIN (group->first_ns, it->first_run_ns);
      group->last_ns = MAX (group->last_ns, it->last_run_ns);
      group->running_ns += it->running_ns;
      group->queued_ns += it->queued_ns;
      group->lock_ns += it->lock_ns;
      group->n_timeouts += it->n_timeouts;
      group->timeout_ns += it->timeout_ns;
      g_array_append_val (group->threads, it->thread.index);
    }
}

static void
tell (LscPatternScan *self, const Group *group)
{
  g_autofree char *names = lsc_pattern_name_threads (self, group->threads);
  g_autofree char *pace = lsc_duration_format (group->timeout_ns / group->n_timeouts);
  LscPattern *pattern = lsc_pattern_add (self, LSC_PATTERN_ALTERNATION, group->threads);
  uint64_t window_ns = group->last_ns - group->first_ns;

  pattern->certainty = LSC_CERTAINTY_PROBABLE;
  pattern->share = (double) window_ns / (double) (self->to_ns - self->from_ns);
  pattern->at_ns = group->first_ns + window_ns / 2;
  pattern->until_ns =
      pattern->at_ns + MIN (window_ns / 2, 8 * group->timeout_ns / group->n_timeouts);
  pattern->title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u thread takes turns as under an interpreter's lock (GIL)",
                   "%u threads take turns as under an interpreter's lock (GIL)",
                   group->threads->len),
      group->threads->len);
  pattern->evidence = g_strdup_printf (
      _ ("%s all want to compute, but together they kept %.2f CPUs busy. %u of their waits for "
         "their "
         "turn ran out, after %s on average, and then the turn was passed on."),
      names, (double) group->running_ns / (double) window_ns, group->n_timeouts, pace);
  pattern->doubt =
      g_strdup (_ ("Inferred from the pace; any lock that is asked for with a time limit "
                   "looks the same. Processes instead of threads each have a lock of "
                   "their own."));
}

void
lsc_pattern_look_for_alternation (LscPatternScan *self, uint32_t process)
{
  g_autoptr (GArray) threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  Group group = { .threads = threads };
  double window_ns, busy_ns;

  collect (lsc_pattern_threads_of (self, process), &group);
  if (threads->len < 2 || group.n_timeouts < TIMEOUTS_MIN || group.last_ns <= group.first_ns)
    return;
  window_ns = (double) (group.last_ns - group.first_ns);
  busy_ns = (double) group.running_ns;
  if (100 * (busy_ns + (double) group.queued_ns) >= window_ns * READY_LEAST
      && 100 * busy_ns <= window_ns * BUSY_MOST
      && 100 * (double) group.lock_ns >= (double) group.queued_ns * TURN_LEAST)
    tell (self, &group);
}
