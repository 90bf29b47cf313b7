/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inside of a pattern scan, for the files pattern-*.c alone: what the walk over the lanes
 * collects of each thread, and how a finding is told.
 */
#pragma once

#include "lib/explain/lock-story.h"
#include "lib/explain/lock-table.h"
#include "lib/explain/pattern.h"

/* The range in this many parts, to say when something went on. */
#define LSC_PATTERN_PARTS 512u

/* What one thread did in the range. */
typedef struct
{
  LscThread thread; /* as it was then: the trace may have forgotten it */
  uint64_t running_ns;
  uint64_t queued_ns;
  uint64_t lock_ns; /* asleep for a futex */
  uint64_t yield_ns;
  uint64_t first_run_ns; /* 0: it never ran */
  uint64_t last_run_ns;  /* when its last run ended */
  uint64_t first_ns;     /* its life inside the range */
  uint64_t last_ns;
  uint32_t n_runs;
  uint32_t n_bounces; /* runs on another CPU than the one before, and the same as that before it */
  uint32_t n_yields;
  uint32_t n_naps;     /* timed sleeps below LSC_PATTERN_NAP_NS */
  uint32_t n_timeouts; /* futex waits whose time was up */
  uint64_t timeout_ns; /* how long these were, together, */
  uint64_t pace_ns;    /* the length that most of them have, if most have one */
  uint32_t pace_votes; /* how many more have it than have not, as far as one look can tell */
  /* Its last sleep. */
  LscReason last_reason;
  bool last_is_futex;
  bool last_goes_on; /* as the range ends */
  uint64_t last_lock;
  uint8_t last_detail;    /* LscDetail */
  uint64_t last_wait_ns;  /* when that began, */
  uint64_t last_woken_ns; /* when it ended, or the range did, */
  uint32_t last_waker;    /* by whom: a thread, or LSC_THREAD_NONE, */
  uint64_t ran_since_ns;  /* and how long it ran afterwards */
} LscPatternThread;

/* A wait for a lock that a less urgent thread released: it may have been kept from running. */
typedef struct
{
  uint32_t thread;
  uint32_t holder;
  uint64_t start_ns;
  uint64_t woken_ns;
  uint64_t lock;
} LscPatternUrgent;

#define LSC_PATTERN_NAP_NS UINT64_C (300000)

struct _LscPatternScan
{
  const LscTrace *trace;
  uint64_t from_ns;
  uint64_t to_ns;
  LscAbi abi;
  LscLockTable *locks;
  GArray *threads;        /* LscPatternThread, by index in the trace */
  GHashTable *by_process; /* index -> GPtrArray of LscPatternThread */
  GArray *urgent;         /* LscPatternUrgent */
  LscPatternThread now;
  uint32_t last_cpu;                  /* of the thread's last run, */
  uint32_t cpu_before;                /* and of the one before */
  uint64_t queued[LSC_PATTERN_PARTS]; /* time in queues, of all threads together */
  uint64_t running[LSC_PATTERN_PARTS];
  uint64_t *cpu_ns; /* time that threads ran, by CPU */
  uint32_t n_cpus;
  LscSurvey *second;  /* a second walk, for the stories of the locks that matter */
  GPtrArray *stories; /* LscLockStory, as the first locks of the table */
  GPtrArray *found;   /* LscPattern */
};

/* Adds a finding with these threads; takes over the three texts. */
LscPattern *lsc_pattern_add (LscPatternScan *self, LscPatternKind kind, const GArray *threads);

/* "worker-1, worker-2 and 3 others" of thread indices. The caller's. */
char *lsc_pattern_name_threads (const LscPatternScan *self, const GArray *threads);

/* The process of a thread index, or LSC_SURVEY_ALL. */
uint32_t lsc_pattern_process_of (const LscPatternScan *self, uint32_t thread);

/* The thread's summary, or NULL when it has none. */
const LscPatternThread *lsc_pattern_find (const LscPatternScan *self, uint32_t thread);

/* The threads of a process (LscPatternThread); NULL for none. */
const GPtrArray *lsc_pattern_threads_of (const LscPatternScan *self, uint32_t process);

/* The same for threads of one kind: of one process, and named alike but for a number at the end.
 * The caller's. */
char *lsc_pattern_kind_of_thread (const LscThread *thread);

/* Keeps a wait for a lock, when it may be one of a priority inversion. */
void lsc_pattern_note_urgent (LscPatternScan *self, const LscWait *wait);

/* The detectors: each adds what it finds. */
void lsc_pattern_look_for_locks (LscPatternScan *self);
void lsc_pattern_look_for_alternation (LscPatternScan *self, uint32_t process);
void lsc_pattern_look_for_crowding (LscPatternScan *self);
void lsc_pattern_look_for_restlessness (LscPatternScan *self);
void lsc_pattern_look_for_uneven_work (LscPatternScan *self);
void lsc_pattern_look_for_barriers (LscPatternScan *self);
void lsc_pattern_look_for_inversion (LscPatternScan *self);
void lsc_pattern_look_for_deadlock (LscPatternScan *self, uint32_t process);
