/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The locks of a range: what threads slept in futex for, by process and address, the most waited
 * for first.
 *
 * A wait is the time asleep, from leaving the CPU to the wakeup; the time in the queue after that
 * is not the lock's. Only its part inside the range counts. Whoever took the lock without sleeping
 * is not seen here: nothing of it reaches the scheduler. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

/* One thread's part. */
typedef struct
{
  uint32_t thread; /* index in the trace; LSC_THREAD_OTHER for all that may not be named */
  uint64_t n_waits;
  uint64_t wait_ns;
  uint64_t longest_ns;
  uint64_t longest_at_ns;
  uint64_t n_releases; /* wakeups of others that waited for it */
} LscLockUser;

typedef struct
{
  uint32_t process; /* index in the trace */
  uint64_t address;
  uint64_t n_waits;
  uint64_t wait_ns; /* of all threads together */
  uint64_t longest_ns;
  uint64_t longest_at_ns;  /* when it began */
  uint64_t longest_number; /* its span in the lane of... */
  uint32_t longest_thread; /* ...this thread */
  uint64_t n_timeouts;     /* waits that an interrupt ended: their time was up, or a signal came */
  uint64_t n_unended;      /* that went on at the end of the range */
  uint8_t detail;          /* LscDetail: the futex operation, when all waits had the same; else 0 */
  uint32_t n_waiters;      /* threads that waited */
  uint32_t n_users;
  const LscLockUser *users; /* the one that waited longest first */
} LscLock;

typedef struct _LscLockTable LscLockTable;

/* Joins `survey`, which must not have begun, and is to be freed after it. */
LscLockTable *lsc_lock_table_new (LscSurvey *survey);
void lsc_lock_table_free (LscLockTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscLockTable, lsc_lock_table_free)

uint32_t lsc_lock_table_get_n (const LscLockTable *self);
const LscLock *lsc_lock_table_get (const LscLockTable *self, uint32_t index);

/* Of the survey that it joined. */
uint64_t lsc_lock_table_get_n_waits (const LscLockTable *self);

/* Whether it may be what programs call a lock. Not for what one thread alone waited for with a
 * bitset: conditions, ends of threads and semaphores are waited for like that. */
bool lsc_lock_may_be_mutex (const LscLock *self);

/* Whether the wait was for a futex with an address. */
bool lsc_lock_is_futex (const LscWait *wait, LscAbi abi);
