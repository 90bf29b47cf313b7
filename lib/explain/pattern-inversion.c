/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Priority inversion: an urgent thread waits for a lock, and the less urgent one that is to release
 * it may not run because a third one, between the two, has its CPU.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pair-map.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* Waits below this are not looked at, and more of them than these are not. */
#define LEAST_NS UINT64_C (1000000)
#define URGENT_MAX 2000u
/* The holder was kept from running for this part of the wait. */
#define KEPT_PERCENT 30u
/* Real-time priorities, include/linux/sched/prio.h (MAX_RT_PRIO). */
#define REAL_TIME_BELOW 100

typedef struct
{
  uint64_t wait_ns;
  uint64_t kept_ns;
  uint32_t n;
  uint32_t between; /* who ran instead, in the longest one */
  const LscPatternUrgent *longest;
} Inversion;

static uint8_t
prio_of (const LscPatternScan *self, uint32_t thread)
{
  const LscThread *found = lsc_trace_get_thread (self->trace, thread);

  return found != NULL ? found->prio : UINT8_MAX;
}

/* SCHED_DEADLINE is kept as 255, and more urgent than all. */
static int
rank_of (uint8_t prio)
{
  return prio == LSC_PRIO_DEADLINE ? -1 : prio;
}

void
lsc_pattern_note_urgent (LscPatternScan *self, const LscWait *wait)
{
  LscPatternUrgent urgent = {
    .thread = wait->thread,
    .start_ns = wait->start_ns,
    .woken_ns = wait->woken_ns,
    .lock = wait->facts->arg,
  };

  if (!wait->woken || wait->woken_ns - wait->start_ns < LEAST_NS || self->urgent->len >= URGENT_MAX
      || lsc_trace_get_thread (self->trace, wait->waker->thread) == NULL
      || rank_of (prio_of (self, wait->thread)) >= rank_of (prio_of (self, wait->waker->thread)))
    return;
  urgent.holder = wait->waker->thread;
  g_array_append_val (self->urgent, urgent);
}

/* How long threads between the two ran on `cpu` in [from, to), and the one of them. */
static uint64_t
time_between (const LscPatternScan *self,
              const LscPatternUrgent *urgent,
              const LscSpan *queued,
              uint32_t *between)
{
  const LscLane *lane = lsc_trace_get_cpu_lane (self->trace, queued->facts.cpu);
  uint64_t from_ns = MAX (queued->start_ns, urgent->start_ns);
  uint64_t to_ns = MIN (queued->end_ns, urgent->woken_ns);
  int high = rank_of (prio_of (self, urgent->thread)),
      low = rank_of (prio_of (self, urgent->holder));
  LscLaneIter iter;
  LscStretch stretch;
  uint64_t ns = 0;

  if (lane == NULL)
    return 0;
  lsc_lane_iter_init (&iter, lane, from_ns);
  while (lsc_lane_iter_step (&iter, &stretch) && stretch.start_ns < to_ns)
    {
      uint32_t thread;
      int rank;

      if (lsc_cause_get_state (stretch.cause) != LSC_STATE_RUNNING || stretch.end_ns <= from_ns)
        continue;
      thread = lsc_lane_get_facts (lane, stretch.cause)->thread;
      rank = rank_of (prio_of (self, thread));
      if (thread == urgent->thread || thread == urgent->holder || rank < high || rank >= low)
        continue;
      ns += MIN (stretch.end_ns, to_ns) - MAX (stretch.start_ns, from_ns);
      *between = thread;
    }
  return ns;
}

/* How long the holder was kept from running in the wait. */
static uint64_t
time_kept (const LscPatternScan *self, const LscPatternUrgent *urgent, uint32_t *between)
{
  const LscLane *lane = lsc_trace_get_thread (self->trace, urgent->holder)->lane;
  LscSpan span, run;
  uint64_t ns = 0;

  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    return 0;
  for (uint64_t n = lsc_lane_find (lane, urgent->start_ns); n + 1 < lsc_lane_get_end (lane); n++)
    {
      lsc_lane_get (lane, n, &span);
      if (span.start_ns >= urgent->woken_ns)
        break;
      if (span.facts.state != LSC_STATE_PREEMPTED && span.facts.state != LSC_STATE_RUNNABLE)
        continue;
      lsc_lane_get (lane, n + 1, &run);
      span.facts.cpu = run.facts.cpu;
      ns += time_between (self, urgent, &span, between);
    }
  return ns;
}

static void
tell (LscPatternScan *self, const Inversion *inversion)
{
  const LscPatternUrgent *longest = inversion->longest;
  const uint32_t three[] = { longest->thread, longest->holder, inversion->between };
  g_autoptr (GArray) threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  g_autofree char *waited = lsc_duration_format (inversion->wait_ns);
  g_autofree char *kept = lsc_duration_format (inversion->kept_ns);
  char *names[3];
  LscPattern *pattern;

  for (size_t i = 0; i < G_N_ELEMENTS (three); i++)
    {
      g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (uint32_t));

      g_array_append_val (one, three[i]);
      g_array_append_val (threads, three[i]);
      names[i] = lsc_pattern_name_threads (self, one);
    }
  pattern = lsc_pattern_add (self, LSC_PATTERN_INVERSION, threads);
  pattern->certainty = prio_of (self, longest->thread) < REAL_TIME_BELOW ? LSC_CERTAINTY_CLEAR
                                                                         : LSC_CERTAINTY_PROBABLE;
  pattern->share = (double) inversion->wait_ns / (double) (self->to_ns - self->from_ns);
  pattern->lock = longest->lock;
  pattern->at_ns = longest->start_ns;
  pattern->until_ns = longest->woken_ns;
  pattern->title =
      g_strdup_printf (_ ("%s waits for a less urgent thread that may not run"), names[0]);
  pattern->evidence = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "%s waited %s for a lock in %u wait; %s released it, but was itself kept from "
                   "running for %s of that by more urgent threads such as %s.",
                   "%s waited %s for a lock in %u waits; %s released it, but was itself kept from "
                   "running for %s of that by more urgent threads such as %s.",
                   inversion->n),
      names[0], waited, inversion->n, names[1], kept, names[2]);
  pattern->doubt =
      g_strdup (_ ("A mutex with priority inheritance (PTHREAD_PRIO_INHERIT) would let "
                   "the holder run. Priorities are those last seen."));
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (names[i]);
}

static void
count (const LscPatternScan *self, Inversion *inversion, const LscPatternUrgent *urgent)
{
  uint64_t ns = urgent->woken_ns - urgent->start_ns;
  uint32_t between = LSC_THREAD_NONE;
  uint64_t kept_ns = time_kept (self, urgent, &between);

  if ((double) kept_ns * 100 < (double) ns * KEPT_PERCENT)
    return;
  inversion->n++;
  inversion->wait_ns += ns;
  inversion->kept_ns += kept_ns;
  if (inversion->longest != NULL
      && ns <= inversion->longest->woken_ns - inversion->longest->start_ns)
    return;
  inversion->longest = urgent;
  inversion->between = between;
}

void
lsc_pattern_look_for_inversion (LscPatternScan *self)
{
  LscPairMap pairs;
  g_autoptr (GArray) inversions = g_array_new (FALSE, TRUE, sizeof (Inversion));

  lsc_pair_map_init (&pairs);
  for (guint i = 0; i < self->urgent->len; i++)
    {
      const LscPatternUrgent *urgent = &g_array_index (self->urgent, LscPatternUrgent, i);
      uint32_t number = lsc_pair_map_number (&pairs, urgent->thread, urgent->holder);

      if (number == inversions->len)
        g_array_set_size (inversions, number + 1);
      count (self, &g_array_index (inversions, Inversion, number), urgent);
    }
  for (guint i = 0; i < inversions->len; i++)
    if (g_array_index (inversions, Inversion, i).n > 0)
      tell (self, &g_array_index (inversions, Inversion, i));
  lsc_pair_map_clear (&pairs);
}
