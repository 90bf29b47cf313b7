/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads that do not come to rest: they change their CPU nearly every time, or burn a CPU to wait.
 */
#include "lsc-config.h"

#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* Ping-pong: changes there and back a second, the part of all runs that begin with one, and how
 * many at least. Two CPUs at random would make a quarter. */
#define BOUNCES_A_SECOND 100.0
#define BOUNCES_PERCENT 70u
#define BOUNCES_MIN 50u

/* Spinning: yields or naps a second, and the part of the time it was ready. */
#define SPINS_A_SECOND 1000.0
#define SPINS_MIN 100u
#define SPIN_PERCENT 40u
/* Naps cost less: they count when the thread wakes up for nothing that often. */
#define NAPS_A_SECOND 2000.0

static double
seconds_of (const LscPatternThread *it)
{
  return (double) (it->last_ns - it->first_ns) / 1e9;
}

static LscPattern *
begin (LscPatternScan *self, LscPatternKind kind, const LscPatternThread *it, char **out_name)
{
  g_autoptr (GArray) threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  LscPattern *pattern;

  g_array_append_val (threads, it->thread.index);
  pattern = lsc_pattern_add (self, kind, threads);
  pattern->certainty = LSC_CERTAINTY_PROBABLE;
  pattern->at_ns = it->first_run_ns;
  pattern->until_ns = it->last_run_ns;
  *out_name = lsc_pattern_name_threads (self, threads);
  return pattern;
}

static void
look_for_ping_pong (LscPatternScan *self, const LscPatternThread *it)
{
  double a_second = (double) it->n_bounces / seconds_of (it);
  g_autofree char *name = NULL;
  LscPattern *pattern;

  if (it->n_bounces < BOUNCES_MIN || a_second < BOUNCES_A_SECOND
      || (uint64_t) it->n_bounces * 100 < (uint64_t) it->n_runs * BOUNCES_PERCENT)
    return;
  pattern = begin (self, LSC_PATTERN_PING_PONG, it, &name);
  pattern->share = (double) it->running_ns / (double) (self->to_ns - self->from_ns);
  pattern->title =
      g_strdup_printf (_ ("%s goes back and forth between CPUs nearly every time it runs"), name);
  pattern->evidence = g_strdup_printf (
      _ ("%u of its %u runs began on the CPU that it had left two runs before, and not on the last "
         "one: %.0f a second."),
      it->n_bounces, it->n_runs, a_second);
  pattern->doubt = g_strdup (_ ("Each change leaves the caches behind. It matters for threads that "
                                "work on much data; it hardly does for those that only pass "
                                "something on."));
}

static void
look_for_yields (LscPatternScan *self, const LscPatternThread *it)
{
  uint64_t ready_ns = it->running_ns + it->queued_ns;
  double a_second = (double) it->n_yields / seconds_of (it);
  double share = (double) ready_ns / (double) (self->to_ns - self->from_ns);
  g_autofree char *name = NULL;
  LscPattern *pattern;

  if (it->n_yields < SPINS_MIN || a_second < SPINS_A_SECOND || it->n_yields < it->n_runs / 2
      || share * 100 < SPIN_PERCENT)
    return;
  pattern = begin (self, LSC_PATTERN_SPINNING, it, &name);
  pattern->share = share;
  pattern->title = g_strdup_printf (_ ("%s waits without sleeping"), name);
  pattern->evidence = g_strdup_printf (
      _ ("It gave its CPU away %u times, %.0f a second (sched_yield), and was back at once: for "
         "%.0f %% of the time it ran or was ready to."),
      it->n_yields, a_second, 100 * share);
  pattern->doubt = g_strdup (_ ("What it waits for cannot be seen: it never told the kernel. A "
                                "thread that does useful work between its yields looks the same."));
}

static void
look_for_naps (LscPatternScan *self, const LscPatternThread *it)
{
  double a_second = (double) it->n_naps / seconds_of (it);
  g_autofree char *name = NULL;
  LscPattern *pattern;

  if (it->n_naps < SPINS_MIN || a_second < NAPS_A_SECOND || it->n_naps < it->n_runs / 4 * 3)
    return;
  pattern = begin (self, LSC_PATTERN_SPINNING, it, &name);
  pattern->share = (double) it->running_ns / (double) (self->to_ns - self->from_ns);
  pattern->title = g_strdup_printf (_ ("%s looks again and again instead of waiting"), name);
  pattern->evidence = g_strdup_printf (
      _ ("It slept %u times for a very short time, %.0f a second, and ran between for %.0f %% of "
         "the time."),
      it->n_naps, a_second, 100 * pattern->share);
  pattern->doubt =
      g_strdup (_ ("A thread that has something to do at a fixed, very fast pace looks "
                   "the same."));
}

void
lsc_pattern_look_for_restlessness (LscPatternScan *self)
{
  for (guint i = 0; i < self->threads->len; i++)
    {
      const LscPatternThread *it = &g_array_index (self->threads, LscPatternThread, i);

      if (it->last_ns <= it->first_ns)
        continue;
      look_for_ping_pong (self, it);
      look_for_yields (self, it);
      look_for_naps (self, it);
    }
}
