/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The critical path of a thread through a range: what its time there went into, followed through
 * its wakers. While the thread ran, that is the path; while it was queued, that is; while it slept
 * until another thread woke it, the path is what that thread did meanwhile, and so on.
 *
 * The segments touch, are in order of time and cover the range without holes: their lengths add up
 * to it. A wait is followed only as far as it lasted: then the path is back with the one that
 * waited. Valid when lsc_critical_path_step() has returned false; the thread rules are those of
 * survey.h.
 */
#pragma once

#include "lib/trace/reason.h"

typedef enum
{
  LSC_CRITICAL_RUNNING, /* `thread` had a CPU */
  LSC_CRITICAL_QUEUED, /* it was ready, and waited for one; `other` took it, or ran there longest */
  LSC_CRITICAL_WAITING, /* it slept for what no thread could bring: a timer, a disk, the network */
  LSC_CRITICAL_BLOCKED, /* it slept until `other` woke it, which is not followed further */
  LSC_CRITICAL_UNKNOWN, /* events are missing */
  LSC_CRITICAL_ABSENT,  /* it was not alive */
  LSC_N_CRITICAL_KINDS
} LscCriticalKind;

typedef struct
{
  uint64_t from_ns;
  uint64_t to_ns;
  LscCriticalKind kind;
  LscReason reason; /* of the wait */
  uint32_t thread;  /* index: whose time this is */
  uint32_t other;   /* see above; LSC_THREAD_NONE */
  uint32_t cpu;     /* running: where; else LSC_CPU_NONE */
  uint32_t depth;   /* 0: the thread itself; 1: the one that woke it; 2: the one that woke that */
} LscCriticalSegment;

/* One thread's part of the path. */
typedef struct
{
  uint32_t thread;
  uint64_t ns[LSC_N_CRITICAL_KINDS];
} LscCriticalShare;

typedef struct _LscCriticalPath LscCriticalPath;

/* Of the thread `thread` (index) in [from_ns, to_ns), cut to the trace's time so far. */
LscCriticalPath *
lsc_critical_path_new (const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns);
void lsc_critical_path_free (LscCriticalPath *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscCriticalPath, lsc_critical_path_free)

/* Makes about `budget` segments; false when the path is whole. */
bool lsc_critical_path_step (LscCriticalPath *self, uint32_t budget);
/* All steps; false when `*cancelled` (or NULL) became other than 0 before that. */
bool lsc_critical_path_run (LscCriticalPath *self, const int *cancelled);

uint32_t lsc_critical_path_get_n (const LscCriticalPath *self);
const LscCriticalSegment *lsc_critical_path_get (const LscCriticalPath *self, uint32_t index);
/* The segment at that time, or NULL. O(log n). */
const LscCriticalSegment *lsc_critical_path_find (const LscCriticalPath *self, uint64_t time_ns);

/* The kind's name for programs, "queued", and for people, "Ready, waiting for a CPU". */
const char *lsc_critical_kind_id (LscCriticalKind kind);
const char *lsc_critical_kind_name (LscCriticalKind kind);
/* Of all kinds together. */
uint64_t lsc_critical_share_get_ns (const LscCriticalShare *self);

/* Who the time went to, the largest part first; an array of LscCriticalShare, the caller's. */
GArray *lsc_critical_path_sum (const LscCriticalPath *self);
