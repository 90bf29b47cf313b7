/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * More threads ready than CPUs.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* A part of the range is crowded when half a thread waits in a queue all through it. */
#define CROWDED_PERCENT 50u
/* Told when this much of the range is. */
#define LEAST_SHARE 0.2
/* A thread is concerned when it was queued for this part of the time it was ready, per cent. */
#define CONCERNED_PERCENT 15u
/* CPUs that ran for so many per cent of the range are those the threads had. */
#define USED_PERCENT 10u
/* They were all in use: their time that was, per cent. */
#define FULL_PERCENT 85u
/* Or there were so many threads, per CPU of the machine in per cent, that not even all of them
 * would have been enough. */
#define ANYWAY_PERCENT 125u

typedef struct
{
  uint32_t n_crowded; /* parts */
  uint32_t worst;
  uint64_t queued_ns;
  uint64_t running_ns;
} Crowd;

static Crowd
measure (const LscPatternScan *self)
{
  uint64_t width = (self->to_ns - self->from_ns) / LSC_PATTERN_PARTS + 1;
  Crowd crowd = { 0 };

  for (uint32_t i = 0; i < LSC_PATTERN_PARTS; i++)
    {
      if (self->queued[i] > self->queued[crowd.worst])
        crowd.worst = i;
      if (self->queued[i] < width / 100 * CROWDED_PERCENT)
        continue;
      crowd.n_crowded++;
      crowd.queued_ns += self->queued[i];
      crowd.running_ns += self->running[i];
    }
  return crowd;
}

static uint32_t
count_used_cpus (const LscPatternScan *self)
{
  uint64_t least_ns = (self->to_ns - self->from_ns) / 100 * USED_PERCENT;
  uint32_t n = 0;

  for (uint32_t cpu = 0; cpu < self->n_cpus; cpu++)
    n += self->cpu_ns[cpu] >= least_ns;
  return n;
}

static int
compare_queued (gconstpointer a, gconstpointer b, gpointer scan)
{
  const LscPatternThread *x = lsc_pattern_find (scan, *(const uint32_t *) a);
  const LscPatternThread *y = lsc_pattern_find (scan, *(const uint32_t *) b);

  return (x->queued_ns < y->queued_ns) - (x->queued_ns > y->queued_ns);
}

static GArray *
choose_threads (LscPatternScan *self)
{
  GArray *threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));

  for (guint i = 0; i < self->threads->len; i++)
    {
      const LscPatternThread *it = &g_array_index (self->threads, LscPatternThread, i);
      uint64_t ready_ns = it->running_ns + it->queued_ns;

      if (it->queued_ns > ready_ns / 100 * CONCERNED_PERCENT
          && ready_ns > (self->to_ns - self->from_ns) / 20)
        g_array_append_val (threads, it->thread.index);
    }
  g_array_sort_with_data (threads, compare_queued, self);
  return threads;
}

void
lsc_pattern_look_for_crowding (LscPatternScan *self)
{
  Crowd crowd = measure (self);
  uint64_t width = (self->to_ns - self->from_ns) / LSC_PATTERN_PARTS + 1;
  uint32_t n_cpus = count_used_cpus (self);
  g_autoptr (GArray) threads = choose_threads (self);
  double share = (double) crowd.n_crowded / LSC_PATTERN_PARTS;
  double crowded_ns = (double) crowd.n_crowded * (double) width;
  bool full, anyway;
  g_autofree char *names = NULL;
  LscPattern *pattern;

  full = (double) crowd.running_ns >= crowded_ns * n_cpus * FULL_PERCENT / 100;
  anyway = (double) crowd.running_ns + (double) crowd.queued_ns
           >= crowded_ns * self->n_cpus * ANYWAY_PERCENT / 100;
  /* Whoever keeps the CPUs busy must be seen: else it may all be somebody outside the capture. */
  if (share < LEAST_SHARE || threads->len < 2 || n_cpus == 0 || !(full || anyway))
    return;
  if (!full)
    n_cpus = self->n_cpus;
  names = lsc_pattern_name_threads (self, threads);
  pattern = lsc_pattern_add (self, LSC_PATTERN_OVERSUBSCRIBED, threads);
  pattern->certainty = LSC_CERTAINTY_CLEAR;
  pattern->share = share;
  pattern->at_ns = self->from_ns + crowd.worst * width;
  pattern->until_ns = MIN (pattern->at_ns + width, self->to_ns);
  pattern->title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "More threads were ready than the %u CPU they had",
                   "More threads were ready than the %u CPUs they had", n_cpus),
      n_cpus);
  pattern->evidence = g_strdup_printf (
      _ ("For %.0f %% of the time, %.1f threads ran and %.1f more were ready and waited in queues. "
         "Concerned: %s."),
      100 * share, (double) crowd.running_ns / crowded_ns, (double) crowd.queued_ns / crowded_ns,
      names);
  pattern->doubt =
      full ? g_strdup (_ ("Harmless when only the total work matters; it costs delay when an "
                          "answer is awaited."))
           : g_strdup (
               _ ("Others, whom this capture does not show, had a part of the CPUs too, but even "
                  "without them there would not have been enough."));
}
