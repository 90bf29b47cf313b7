/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inside of a trace, for lib/trace alone: the assembler writes what everybody else reads.
 */
#pragma once

#include "lib/trace/cause-memo.h"
#include "lib/trace/cause-sweep.h"
#include "lib/trace/sparse-array.h"
#include "lib/trace/tid-map.h"
#include "lib/trace/trace.h"

#include <stddef.h>

#define LSC_CPUS_MAX 4096u         /* a capture that names more is not believed */
#define LSC_THREADS_MAX (1u << 22) /* as many as can live at once; more are not kept at a time */

/* LscTraceThread.odd: what makes the next event of a thread mean more than most do. */
#define LSC_ODD_UNTRACED 1u /* as LscThread.traced, turned round */
#define LSC_ODD_ENDED 2u    /* as LscThread.ended */
#define LSC_ODD_RESUMING                                                                           \
  4u /* its last span, UNKNOWN, began where a gap ended: the next event tells what it was */
#define LSC_ODD_PENDING 8u /* `pending` holds a wakeup that came while it was still on its CPU */
#define LSC_ODD_ANY 15u

/* A thread with what the assembler must remember between two of its events. A plain event touches
 * one cache line of it: the end of `thread`, where its lane and its priority are, and what follows
 * up to `woke`. */
typedef struct
{
  bool neighbour; /* introduced as one whose events are not told */
  bool exiting; /* its exit was announced; it ends at its next switch, which a neighbour's is not */
  uint8_t reserved[6];
  uint64_t ended_ns; /* as far as `thread` has ended, or the neighbour is exiting */
  LscThread thread;
  LscCause on_cpu; /* on CPU lanes: it runs; 0: not asked for yet */
  uint32_t odd;    /* LSC_ODD_*, mostly none */
  LscLeavingMemo left;
  LscTakingMemo took;
  LscWakingMemo woke[LSC_WAKING_MEMO_CPUS]; /* by the CPU, modulo their number */
  LscFacts pending;
} __attribute__ ((aligned (LSC_CACHE_LINE))) LscTraceThread;

_Static_assert(offsetof (LscTraceThread, thread.prio) == LSC_CACHE_LINE
                   && offsetof (LscTraceThread, woke) <= 2 * LSC_CACHE_LINE,
               "what plain events touch is in one cache line");

/* A CPU, and the causes that are the same for all threads on it; 0: not asked for yet. */
typedef struct
{
  LscLane *lane;
  LscCause running;   /* runs here */
  LscCause interrupt; /* was woken by an interrupt here */
  LscCause stranger;  /* was woken here by somebody who may not be named */
  bool resuming;      /* as LSC_ODD_RESUMING */
} LscTraceCpu;

struct _LscTrace
{
  LscLaneShared shared;     /* the causes, the end, the lanes' memory */
  LscTidMap *tids;          /* tid -> thread */
  LscTidMap *tgids;         /* tgid -> process */
  LscSparseArray threads;   /* LscTraceThread *, by index; NULL: forgotten */
  LscSparseArray processes; /* LscProcess *, the same */
  uint32_t n_threads;       /* the next index */
  uint32_t n_processes;
  uint32_t n_threads_kept;
  uint32_t n_processes_kept;
  uint64_t n_forgotten; /* threads and processes */
  LscPiecePool thread_pool;
  LscTraceCpu *cpus;
  uint32_t n_cpus;
  LscTraceThread *idle;  /* stands for who is no thread, with `on_cpu` only: the idle task */
  LscTraceThread *other; /* somebody who is not known */
  int16_t yield;         /* number of sched_yield */
  GArray *gaps;          /* LscGap */
  LscRecordHeader header;
  LscRecordEnd end;
  LscRecordStatus status;
  uint64_t start_ns;
  uint64_t trim_ns;   /* what ended before is being dropped; 0: nothing is */
  uint32_t trim_next; /* thread that is looked at next; all of them, then CPUs */
  uint32_t trim_next_cpu;
  bool sweeps; /* `sweep` goes on: nothing is dropped meanwhile */
  LscCauseSweep sweep;
  size_t memory_limit; /* bytes; 0: none */
  uint64_t n_events;
  uint64_t n_lost;
  uint64_t revision;
  bool has_start;
  bool is_ready;
  bool has_dropped;
};

/* The living thread with that tid, or NULL. */
static inline LscTraceThread *
lsc_trace_lookup (const LscTrace *self, uint32_t tid)
{
  return lsc_tid_map_get (self->tids, tid);
}

/* The thread of that index; NULL when it was forgotten, or nobody has had it. */
static inline LscTraceThread *
lsc_trace_peek_thread (const LscTrace *self, uint32_t index)
{
  LscTraceThread *const *place = lsc_sparse_array_get (&self->threads, index);

  return place != NULL ? *place : NULL;
}

/* The same of processes. */
static inline LscProcess *
lsc_trace_peek_process (const LscTrace *self, uint32_t index)
{
  LscProcess *const *place = lsc_sparse_array_get (&self->processes, index);

  return place != NULL ? *place : NULL;
}

/* A new thread of the process `tgid` that has `tid` from now on; NULL when the tid is impossible or
 * the trace is full. */
LscTraceThread *lsc_trace_add_thread (LscTrace *self, uint32_t tid, uint32_t tgid);
/* From now on its lane is kept. */
void lsc_trace_set_traced (LscTrace *self, LscTraceThread *thread);
/* The process of that tgid, made if it is not there. */
LscProcess *lsc_trace_ensure_process (LscTrace *self, uint32_t tgid);
/* A new process that has `tgid` from now on. */
LscProcess *lsc_trace_add_process (LscTrace *self, uint32_t tgid);
/* Forgets the thread, and its process with the last one; both pointers end here. */
void lsc_trace_forget_thread (LscTrace *self, LscTraceThread *thread);
/* Moves the thread into the process. */
void lsc_trace_set_process (LscTrace *self, LscTraceThread *thread, LscProcess *process);
/* Makes the CPUs up to that one; NULL for a number no machine has. */
LscTraceCpu *lsc_trace_add_cpu (LscTrace *self, uint32_t cpu);
/* That CPU with its lane, made if it is not there; NULL for a number no machine has. Valid until
 * one is made. */
static inline LscTraceCpu *
lsc_trace_ensure_cpu (LscTrace *self, uint32_t cpu)
{
  return cpu < self->n_cpus ? &self->cpus[cpu] : lsc_trace_add_cpu (self, cpu);
}

/* Something happened at `time_ns`. */
static inline void
lsc_trace_touch (LscTrace *self, uint64_t time_ns)
{
  if (!self->has_start)
    {
      self->has_start = true;
      self->start_ns = self->shared.end_ns = time_ns;
    }
  self->start_ns = MIN (self->start_ns, time_ns);
  self->shared.end_ns = MAX (self->shared.end_ns, time_ns);
  self->revision++;
}

/* Drops the oldest events, a bounded number at a time, while the trace is over its limit. */
void lsc_trace_trim (LscTrace *self);
