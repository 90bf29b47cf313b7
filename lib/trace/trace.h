/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A trace: all lanes of one capture, by thread and by CPU, with who is who.
 *
 * Owned and used by one thread at a time. Threads, processes and CPUs are numbered from 0 in the
 * order they were first heard of, and keep their number, which is never used again. Times are
 * CLOCK_MONOTONIC ns.
 *
 * A trace with a memory limit drops its oldest events and forgets the threads that ended before
 * them, and processes with their last thread. A forgotten thread leaves its number only: who asks
 * for it gets one thread for all of them, without a lane, a name or a tid, and spans that are older
 * than the dropped part may still say that it woke somebody. So keep numbers, never pointers: those
 * to threads, processes and their lanes are valid until the trace is fed again.
 */
#pragma once

#include "lib/trace/thread.h"
#include "lib/wire/record.h"

#include <glib.h>

typedef struct _LscTrace LscTrace;

/* Events that are missing: of `cpu`, or of any CPU for LSC_CPU_NONE. */
typedef struct
{
  uint64_t first_ns;
  uint64_t last_ns;
  uint64_t count;
  uint32_t cpu;
  uint32_t cause; /* LscGapCause */
} LscGap;

LscTrace *lsc_trace_new (void);
void lsc_trace_free (LscTrace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscTrace, lsc_trace_free)

/* First and last moment the trace knows, ns. Equal while it is empty. */
uint64_t lsc_trace_get_start_ns (const LscTrace *self);
uint64_t lsc_trace_get_end_ns (const LscTrace *self);

/* Counts the trace's events (switches, wakeups, forks, execs, renames, exits), and those known to
 * be missing. */
uint64_t lsc_trace_get_n_events (const LscTrace *self);
uint64_t lsc_trace_get_n_lost (const LscTrace *self);

/* The header of the capture; its head.size is 0 before it was read. */
const LscRecordHeader *lsc_trace_get_header (const LscTrace *self);

/* How it ended (LSC_RECORD_END); NULL while it goes on, or when it was cut short. */
const LscRecordEnd *lsc_trace_get_end_record (const LscTrace *self);
/* The latest LSC_RECORD_STATUS, or NULL. */
const LscRecordStatus *lsc_trace_get_status (const LscTrace *self);
/* Whether LSC_RECORD_READY has come: the snapshot is complete. */
bool lsc_trace_is_ready (const LscTrace *self);

/* How many numbers have been given, forgotten threads' included. */
uint32_t lsc_trace_get_n_threads (const LscTrace *self);
/* NULL for a number nobody has had. */
const LscThread *lsc_trace_get_thread (const LscTrace *self, uint32_t index);
/* Whether there is one of that number, and it was not forgotten. */
bool lsc_trace_has_thread (const LscTrace *self, uint32_t index);
/* The first one from `index` on that was not forgotten; lsc_trace_get_n_threads() after the last.
 * To go through all that there are, however many there were. */
uint32_t lsc_trace_next_thread (const LscTrace *self, uint32_t index);
/* How many there are. */
uint32_t lsc_trace_get_n_threads_kept (const LscTrace *self);
/* How many threads and processes were forgotten so far: while it stays the same, all are there. */
uint64_t lsc_trace_get_n_forgotten (const LscTrace *self);
/* The living, or else the last, thread with that tid; NULL. */
const LscThread *lsc_trace_find_thread (const LscTrace *self, uint32_t tid);
/* The traced thread that had that tid at that moment; NULL. Looks at every thread. */
const LscThread *lsc_trace_find_thread_at (const LscTrace *self, uint32_t tid, uint64_t time_ns);

/* As threads. */
uint32_t lsc_trace_get_n_processes (const LscTrace *self);
bool lsc_trace_has_process (const LscTrace *self, uint32_t index);
uint32_t lsc_trace_next_process (const LscTrace *self, uint32_t index);
const LscProcess *lsc_trace_get_process (const LscTrace *self, uint32_t index);

/* CPU lanes. A CPU that no event came from has an empty lane. */
uint32_t lsc_trace_get_n_cpus (const LscTrace *self);
const LscLane *lsc_trace_get_cpu_lane (const LscTrace *self, uint32_t cpu);

uint32_t lsc_trace_get_n_gaps (const LscTrace *self);
const LscGap *lsc_trace_get_gap (const LscTrace *self, uint32_t index);

/* Grows with every change: equal numbers, equal trace. */
uint64_t lsc_trace_get_revision (const LscTrace *self);

/* Bytes held, everything counted. O(1). */
size_t lsc_trace_get_memory (const LscTrace *self);

/* From now on the oldest events are dropped when the trace holds more than `bytes`; 0: never. The
 * start of the trace moves on accordingly. */
void lsc_trace_set_memory_limit (LscTrace *self, size_t bytes);
/* Whether events from before the start have been dropped. */
bool lsc_trace_has_dropped (const LscTrace *self);

/* Time goes on even when nothing happens: makes the trace's end at least `time_ns`. For the live
 * view. */
void lsc_trace_advance (LscTrace *self, uint64_t time_ns);

/* Takes away every name that came from the machine: processes and threads get numbers for names,
 * the same one wherever they appear; the command and the host become empty. There is no way back.
 */
void lsc_trace_redact (LscTrace *self);
