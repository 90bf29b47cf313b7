/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The story of one lock: its waits in order of time, and who held it, by inference.
 *
 * Nothing tells the kernel who holds a lock in a process's memory. What can be told: whoever wakes
 * a waiter released it at that moment; the one that was woken has it from when it runs, until it
 * wakes the next; and while somebody waits, somebody holds it. So every stretch here is inferred,
 * and there is none where nothing can be told. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

/* A story of more waits than these ends earlier, see lsc_lock_story_get_until_ns(). */
#define LSC_LOCK_STORY_MAX (1u << 17)

typedef struct
{
  uint64_t start_ns;
  uint64_t woken_ns;
  uint64_t end_ns; /* back on a CPU */
  uint32_t thread; /* who waited */
  uint32_t waker;  /* who released it; LSC_THREAD_NONE: an interrupt, or nobody known */
  bool cut_end;    /* it went on at the end of the range */
} LscLockWait;

typedef struct
{
  uint64_t from_ns;
  uint64_t to_ns;
  uint32_t thread;
} LscLockHold;

typedef struct _LscLockStory LscLockStory;

/* Of the futex at `address` of that process (index). Joins `survey`, which must not have begun, and
 * is to be freed after it. */
LscLockStory *lsc_lock_story_new (LscSurvey *survey, uint32_t process, uint64_t address);
void lsc_lock_story_free (LscLockStory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscLockStory, lsc_lock_story_free)

/* Keeps no more than `max` waits, before its survey begins. */
void lsc_lock_story_set_max (LscLockStory *self, uint32_t max);
/* The story is whole up to here: the end of the range, or earlier when there were too many waits.
 */
uint64_t lsc_lock_story_get_until_ns (const LscLockStory *self);

/* In order of start_ns. */
uint32_t lsc_lock_story_get_n_waits (const LscLockStory *self);
const LscLockWait *lsc_lock_story_get_wait (const LscLockStory *self, uint32_t index);

/* The wait that a release ended, releases in order of time. */
const LscLockWait *lsc_lock_story_get_release (const LscLockStory *self, uint32_t index);

/* In order of time; they do not overlap. */
uint32_t lsc_lock_story_get_n_holds (const LscLockStory *self);
const LscLockHold *lsc_lock_story_get_hold (const LscLockStory *self, uint32_t index);

/* Time in which at least one thread slept for it. */
uint64_t lsc_lock_story_get_contended_ns (const LscLockStory *self);
/* Time in which it was nobody's: from a release to when the one that was woken ran, summed. */
uint64_t lsc_lock_story_get_handing_ns (const LscLockStory *self);
/* Releases: wakeups of a waiter by a thread. */
uint64_t lsc_lock_story_get_n_releases (const LscLockStory *self);
/* Of these, such as came within LSC_LOCK_STORY_BURST_NS of the one before by the same thread: it
 * let several go at once, as a barrier or a condition variable does, and no lock. */
#define LSC_LOCK_STORY_BURST_NS UINT64_C (20000)
uint64_t lsc_lock_story_get_n_bursts (const LscLockStory *self);
/* Of the releases, those by threads that wait for it too at other times. */
uint64_t lsc_lock_story_get_n_mutual (const LscLockStory *self);
/* Time of all holds. */
uint64_t lsc_lock_story_get_held_ns (const LscLockStory *self);

/* Releases after which another thread than the one that released had it. */
uint64_t lsc_lock_story_get_n_handovers (const LscLockStory *self);
