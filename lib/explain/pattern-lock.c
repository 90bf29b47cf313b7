/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One lock that holds everybody up.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* Told when somebody waits for the lock this part of the time that it is in use, per cent, and that
 * is this part of the range. */
#define CONTENDED_PERCENT 50u
#define RANGE_PERCENT 20u
#define WAITS_MIN 10u
/* It behaves like a lock: those who release it wait for it too, and let one go at a time. */
#define MUTUAL_PERCENT 80u
#define BURSTS_PERCENT 20u
/* Who holds it can be told for this part of the time somebody waits. */
#define HELD_PERCENT 50u
/* One wait that takes this part of all tells of no turns. */
#define ONE_WAIT_PERCENT 50u
/* Those who use it do little beside each other: CPUs they keep busy, in hundredths. */
#define BESIDE_PERCENT 140u
/* A convoy: as many wait at once (in tenths), hold it shortly, and hand it on often. */
#define CONVOY_QUEUE_TENTHS 18u
#define CONVOY_HOLD_NS UINT64_C (2000000)
#define CONVOY_HANDOVERS_A_SECOND 200u

typedef struct
{
  const LscLock *lock;
  const LscLockStory *story;
  uint64_t window_ns;    /* from the first wait for it to the end of the last */
  uint64_t waited_ns;    /* by all together */
  uint64_t contended_ns; /* in which somebody waited */
  uint64_t whole_ns;     /* that the story tells of */
  uint64_t running_ns;   /* of its users, for as long as that */
  uint64_t hold_ns;      /* mean */
} Use;

static Use
measure (const LscPatternScan *self, const LscLock *lock, const LscLockStory *story)
{
  Use use = { .lock = lock, .story = story };
  uint32_t n = lsc_lock_story_get_n_waits (story);
  uint32_t n_holds = lsc_lock_story_get_n_holds (story);
  uint64_t last_ns = 0;

  for (uint32_t i = 0; i < n; i++)
    {
      const LscLockWait *wait = lsc_lock_story_get_wait (story, i);

      last_ns = MAX (last_ns, wait->end_ns);
      use.waited_ns += wait->woken_ns - wait->start_ns;
    }
  use.whole_ns = lsc_lock_story_get_until_ns (story) - self->from_ns;
  last_ns = MIN (last_ns, lsc_lock_story_get_until_ns (story));
  if (n > 0)
    use.window_ns = last_ns - lsc_lock_story_get_wait (story, 0)->start_ns;
  use.contended_ns = lsc_lock_story_get_contended_ns (story);
  use.hold_ns = n_holds > 0 ? lsc_lock_story_get_held_ns (story) / n_holds : 0;
  for (uint32_t i = 0; i < lock->n_users; i++)
    {
      const LscPatternThread *it = lsc_pattern_find (self, lock->users[i].thread);

      if (it != NULL)
        use.running_ns += (uint64_t) ((double) it->running_ns * (double) use.whole_ns
                                      / (double) (self->to_ns - self->from_ns));
    }
  return use;
}

static bool
is_at_least (uint64_t part, uint64_t whole, uint64_t percent)
{
  return (double) part * 100 >= (double) whole * (double) percent;
}

static bool
behaves_like_a_lock (const Use *use)
{
  uint64_t n_releases = lsc_lock_story_get_n_releases (use->story);

  return n_releases >= WAITS_MIN
         && is_at_least (lsc_lock_story_get_n_mutual (use->story), n_releases, MUTUAL_PERCENT)
         && !is_at_least (lsc_lock_story_get_n_bursts (use->story), n_releases, BURSTS_PERCENT)
         && is_at_least (lsc_lock_story_get_held_ns (use->story), use->contended_ns, HELD_PERCENT);
}

static bool
holds_up (const Use *use)
{
  return use->lock->n_waiters >= 2 && use->lock->n_waits >= WAITS_MIN
         && is_at_least (use->contended_ns, use->window_ns, CONTENDED_PERCENT)
         && is_at_least (use->contended_ns, use->whole_ns, RANGE_PERCENT)
         && !is_at_least (use->lock->longest_ns, use->lock->wait_ns, ONE_WAIT_PERCENT)
         && !is_at_least (use->running_ns, use->window_ns, BESIDE_PERCENT);
}

static bool
is_convoy (const Use *use)
{
  return use->lock->n_waiters >= 3 && use->hold_ns <= CONVOY_HOLD_NS
         && use->waited_ns * 10 >= use->contended_ns * CONVOY_QUEUE_TENTHS
         && (double) lsc_lock_story_get_n_handovers (use->story)
                >= (double) use->window_ns / 1e9 * CONVOY_HANDOVERS_A_SECOND;
}

static GArray *
users_of (const LscLock *lock)
{
  GArray *threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));

  for (uint32_t i = 0; i < lock->n_users; i++)
    if (lock->users[i].n_waits > 0)
      g_array_append_val (threads, lock->users[i].thread);
  return threads;
}

static void
tell (LscPatternScan *self, const Use *use, LscPatternKind kind)
{
  const LscLock *lock = use->lock;
  g_autoptr (GArray) threads = users_of (lock);
  g_autofree char *names = lsc_pattern_name_threads (self, threads);
  g_autofree char *hold = lsc_duration_format (use->hold_ns);
  g_autofree char *waited = lsc_duration_format (lock->wait_ns);
  g_autofree char *longest = lsc_duration_format (lock->longest_ns);
  LscPattern *pattern = lsc_pattern_add (self, kind, threads);
  double share = (double) use->contended_ns / (double) use->whole_ns;
  double queue = (double) use->waited_ns / (double) MAX (use->contended_ns, 1);

  pattern->certainty = LSC_CERTAINTY_PROBABLE;
  pattern->share = share;
  pattern->lock = lock->address;
  pattern->at_ns = lock->longest_at_ns;
  pattern->until_ns = lock->longest_at_ns + lock->longest_ns;
  pattern->at_thread = lock->longest_thread;
  pattern->title = g_strdup_printf (
      kind == LSC_PATTERN_CONVOY
          ? g_dngettext (GETTEXT_PACKAGE, "%u thread queues for one lock again and again",
                         "%u threads queue for one lock again and again", threads->len)
          : g_dngettext (GETTEXT_PACKAGE, "One lock lets only one of %u thread work at a time",
                         "One lock lets only one of %u threads work at a time", threads->len),
      threads->len);
  pattern->evidence = g_strdup_printf (
      _ ("For %.0f %% of the time somebody waited for the lock at 0x%lx: %s. Together they waited "
         "%s in %lu waits, the longest %s. On average %.1f waited at once, and one held it for "
         "%s."),
      100 * share, (unsigned long) lock->address, names, waited, (unsigned long) lock->n_waits,
      longest, queue, hold);
  pattern->doubt = g_strdup (_ ("Who held the lock is inferred from who woke whom; whoever got it "
                                "without waiting is not seen."));
}

/* An interpreter's lock is told as such, and not a second time. */
static bool
is_told (const LscPatternScan *self, uint32_t process)
{
  for (guint i = 0; i < self->found->len; i++)
    {
      const LscPattern *pattern = g_ptr_array_index (self->found, i);

      if (pattern->kind == LSC_PATTERN_ALTERNATION && pattern->process == process)
        return true;
    }
  return false;
}

void
lsc_pattern_look_for_locks (LscPatternScan *self)
{
  for (guint i = 0; i < self->stories->len; i++)
    {
      const LscLock *lock = lsc_lock_table_get (self->locks, i);
      Use use = measure (self, lock, g_ptr_array_index (self->stories, i));

      if (holds_up (&use) && behaves_like_a_lock (&use) && !is_told (self, lock->process))
        tell (self, &use, is_convoy (&use) ? LSC_PATTERN_CONVOY : LSC_PATTERN_SERIALISED);
    }
}
