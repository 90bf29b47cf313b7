/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One stop of a thread: from leaving a CPU to being back on one, taken apart. And what a run did to
 * others: whom it woke.
 */
#pragma once

#include "lib/trace/reason.h"

/* Each stretch of the stop: `first` is the number of its first span, blocked_ns + queued_ns is its
 * whole length. */
typedef struct
{
  uint64_t first;
  uint64_t end; /* the span after its last one: the run it came back with, if has_back */
  bool has_back;
  LscReason reason; /* why it left the CPU */
  LscFacts facts;   /* of its first span */
  uint64_t start_ns;
  uint64_t woken_ns; /* where blocked ends and queued begins */
  uint64_t end_ns;
  uint64_t blocked_ns;
  uint64_t queued_ns;
  bool has_waker; /* its wakeup was seen: `waker` are the facts of it */
  LscFacts waker;
  uint32_t cpu_back; /* LSC_CPU_NONE unless has_back */
} LscStop;

/* The stop that span `number` of the thread is part of; false when that span is no part of one, but
 * a run, unknown, or not there. O(log n); of a stop with more than LSC_STOP_SPANS_MAX spans, the
 * part around that span. */
#define LSC_STOP_SPANS_MAX 64u
bool lsc_stop_find (const LscTrace *trace, uint32_t thread, uint64_t number, LscStop *out_stop);

/* A wakeup: span `number` of `thread` begins with it. */
typedef struct
{
  uint32_t thread;
  uint64_t number;
  uint64_t time_ns;
} LscWakeup;

/* Whom `thread` woke in [from_ns, to_ns): an array of LscWakeup in order of time, owned by the
 * caller. Looks at no more than `max_spans` spans of all lanes. */
GArray *lsc_stop_list_woken_by (
    const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns, uint32_t max_spans);
