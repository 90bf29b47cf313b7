/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads that meet at a barrier, and wait there for the same one round after round.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>

/* Rounds in which one lets at least two others go: so many, and so often the same one. */
#define ROUNDS_MIN 5u
#define SAME_PERCENT 70u
/* Told when they wait for it this part of the range. */
#define WAIT_PERCENT 20u

/* The rounds of a barrier: who came last, and how often the same. */
typedef struct
{
  uint32_t n;
  uint32_t last; /* the thread that most often let the others go, by a vote of pairs */
  uint32_t votes;
  uint32_t n_last;
} Rounds;

/* How many releases from `at` on are one round. */
static uint32_t
length_of_round (const LscLockStory *story, uint32_t at)
{
  uint32_t n = 1;

  for (; at + n < lsc_lock_story_get_n_releases (story); n++)
    {
      const LscLockWait *a = lsc_lock_story_get_release (story, at + n - 1);
      const LscLockWait *b = lsc_lock_story_get_release (story, at + n);

      if (a->waker != b->waker || b->woken_ns - a->woken_ns >= LSC_LOCK_STORY_BURST_NS)
        break;
    }
  return n;
}

static Rounds
count_rounds (const LscLockStory *story)
{
  Rounds rounds = { .last = LSC_THREAD_NONE };
  uint32_t n_releases = (uint32_t) lsc_lock_story_get_n_releases (story);

  for (int pass = 0; pass < 2; pass++)
    for (uint32_t at = 0, n; at < n_releases; at += n)
      {
        uint32_t waker = lsc_lock_story_get_release (story, at)->waker;

        n = length_of_round (story, at);
        if (n < 2)
          continue;
        if (pass == 1)
          {
            rounds.n_last += waker == rounds.last;
            continue;
          }
        rounds.n++;
        if (rounds.votes == 0)
          rounds.last = waker;
        rounds.votes += waker == rounds.last ? 1 : UINT32_MAX;
      }
  return rounds;
}

/* One that only hands out work is no slow one among equals. */
static bool
is_one_of_them (const LscPatternScan *self, const LscLock *lock, uint32_t slow)
{
  const LscThread *thread = lsc_trace_get_thread (self->trace, slow);
  g_autofree char *kind = thread != NULL ? lsc_pattern_kind_of_thread (thread) : NULL;

  for (uint32_t i = 0; thread != NULL && i < lock->n_users; i++)
    {
      const LscThread *other = lsc_trace_get_thread (self->trace, lock->users[i].thread);

      g_autofree char *others = other != NULL ? lsc_pattern_kind_of_thread (other) : NULL;

      if (lock->users[i].n_waits > 0 && g_strcmp0 (kind, others) == 0)
        return true;
    }
  return false;
}

static void
tell_barrier (LscPatternScan *self, const LscLock *lock, const Rounds *rounds)
{
  g_autoptr (GArray) threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  g_autoptr (GArray) slow = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  g_autofree char *name = NULL, *waited = NULL;
  LscPattern *pattern;

  g_array_append_val (slow, rounds->last);
  g_array_append_val (threads, rounds->last);
  for (uint32_t i = 0; i < lock->n_users; i++)
    if (lock->users[i].thread != rounds->last)
      g_array_append_val (threads, lock->users[i].thread);
  name = lsc_pattern_name_threads (self, slow);
  waited = lsc_duration_format (lock->wait_ns);
  pattern = lsc_pattern_add (self, LSC_PATTERN_UNEVEN, threads);
  pattern->certainty = LSC_CERTAINTY_PROBABLE;
  pattern->share =
      (double) lock->wait_ns / ((double) (self->to_ns - self->from_ns) * MAX (lock->n_waiters, 1));
  pattern->lock = lock->address;
  pattern->at_ns = lock->longest_at_ns;
  pattern->until_ns = lock->longest_at_ns + lock->longest_ns;
  pattern->title = g_strdup_printf (_ ("The others wait for %s, round after round"), name);
  pattern->evidence = g_strdup_printf (
      _ ("In %u of %u rounds it was the one that let at least two others go at once; together "
         "they waited %s for it."),
      rounds->n_last, rounds->n, waited);
  pattern->doubt = g_strdup (
      _ ("That the threads meet at a barrier, where it comes last, is inferred from who "
         "wakes them. One that hands out work to others of its name, or changes what they "
         "read under a lock, looks the same."));
}

static void
look_at_barrier (LscPatternScan *self, guint index)
{
  const LscLock *lock = lsc_lock_table_get (self->locks, index);
  Rounds rounds = count_rounds (g_ptr_array_index (self->stories, index));

  if (rounds.n >= ROUNDS_MIN && (uint64_t) rounds.n_last * 100 >= (uint64_t) rounds.n * SAME_PERCENT
      && (double) lock->wait_ns * 100
             >= (double) (self->to_ns - self->from_ns) * lock->n_waiters * WAIT_PERCENT
      && is_one_of_them (self, lock, rounds.last))
    tell_barrier (self, lock, &rounds);
}

void
lsc_pattern_look_for_barriers (LscPatternScan *self)
{
  for (guint i = 0; i < self->stories->len; i++)
    look_at_barrier (self, i);
}
