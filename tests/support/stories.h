/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Synthetic captures of known truth: for each pattern one that shows it, and parameters for the
 * ones that nearly do. Workers are worker-0 and so on with tids from 11, main (10) waits for
 * events. Each returns a stream of records, the caller's.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#define LOCK_A UINT64_C (0x7f0000001000)
#define LOCK_B UINT64_C (0x7f0000002000)
#define LOCK_C UINT64_C (0x7f0000003000)
#define SECOND UINT64_C (1000000000)

/* `n` threads take turns on LOCK_A: each waits until the one before it releases. `beside_ns` is
 * how long nobody wants the lock after each turn: then the next one takes it without waiting. */
GByteArray *story_of_turns (uint32_t n, uint64_t hold_ns, uint64_t beside_ns);

/* One computes under the lock, then the turn goes on. The others wait for it: */
typedef enum
{
  STORY_INTERPRETER, /* until their time runs out, 5 ms, and again */
  STORY_UNTIMED,     /* as long as it takes */
  STORY_IDLE,        /* but nobody computes: a pool that looks around every 5 ms */
  STORY_QUEUED,      /* for 1 ms; then they are ready, and there is no CPU for them */
} StoryTurns;
GByteArray *story_of_interpreter (uint32_t n, StoryTurns kind);

/* `n` threads compute on `n_cpus` CPUs, 4 ms at a time. */
GByteArray *story_of_crowd (uint32_t n, uint32_t n_cpus);

/* Threads that begin together, each on its own CPU, and run work_ns[i] before they end. */
GByteArray *story_of_shares (const uint64_t *work_ns, uint32_t n, const char *const *names);

/* Four threads meet at a barrier (LOCK_A) 40 times; the last lets the others go. The slow one is
 * worker-0, or with `in_turn` each in turn. */
GByteArray *story_of_barrier (gboolean in_turn);

/* high (11) waits 10 ms for a lock that low (12) releases; while it waits, middle (13) has low's
 * CPU, but for `inherits`: then low goes on running. */
GByteArray *story_of_priorities (gboolean inherits);

/* worker-0 runs 1 ms every 2 ms, `period` times on one CPU before it changes. */
GByteArray *story_of_moves (uint32_t period);

/* worker-0 and worker-1 share CPU 0 and yield it to each other every `slice_ns`. */
GByteArray *story_of_yields (uint64_t slice_ns);

/* worker-0 sleeps `nap_ns` and looks for 20 us, again and again. */
GByteArray *story_of_naps (uint64_t nap_ns);

/* Three threads run, and from `stuck_ns` before the end on each waits for another lock (or, with
 * `one_lock`, all for the same) with the operation `detail` (LscDetail); main waits for them, or
 * with `watched` for events. */
GByteArray *
story_of_deadlock (uint64_t stuck_ns, gboolean one_lock, gboolean watched, uint8_t detail);

/* Such a deadlock, of which all are woken a second before the end: to die, or to sleep for a time.
 */
GByteArray *story_of_killing (gboolean dies);

/* Three workers, each of which has waited for a lock that another of them gave it, wait for each
 * other's locks from the middle on, while worker-3 is busy until the end. */
typedef enum
{
  STORY_TANGLE,          /* so it is */
  STORY_TANGLE_OUTSIDER, /* but worker-3 was seen to release one of the locks */
  STORY_TANGLE_SUDDEN,   /* but nobody used a lock before */
  STORY_TANGLE_PARKED,   /* but each waits where it alone has waited before */
} StoryTangle;
GByteArray *story_of_tangle (StoryTangle tangle);
