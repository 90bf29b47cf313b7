/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What each event means for the lanes of the threads and the CPU it is about. For lib/trace alone.
 *
 * The rule: a span says only what the events prove. What an event shows about the time before it (a
 * thread that leaves a CPU was running on it) mends a span that a gap had left unknown; what
 * contradicts the span (a switch-in that was never seen) makes it UNKNOWN.
 */
#pragma once

#include "lib/trace/trace-private.h"

/* prev and next are NULL for idle and for whoever may not be named. */
void lsc_lane_builder_switch (LscTrace *trace,
                              const LscRecordSwitch *record,
                              LscTraceThread *prev,
                              LscTraceThread *next);

/* waker is NULL for an interrupt and for whoever may not be named. */
void lsc_lane_builder_waking (LscTrace *trace,
                              const LscRecordWaking *record,
                              LscTraceThread *wakee,
                              LscTraceThread *waker);

/* What the thread was doing when it was introduced, unless events have told already. */
void
lsc_lane_builder_snapshot (LscTrace *trace, const LscRecordTask *record, LscTraceThread *thread);

/* An exec by `caller`, which takes over the leader's id: it goes on running in the lane of
 * `leader`. */
void lsc_lane_builder_take_over (LscTrace *trace,
                                 const LscRecordExec *record,
                                 LscTraceThread *leader,
                                 LscTraceThread *caller);

/* Events are missing: what may have changed meanwhile is unknown. */
void lsc_lane_builder_gap (LscTrace *trace, const LscRecordGap *record);

/* The thread's life is over at `time_ns`. */
void lsc_lane_builder_end (LscTraceThread *thread, uint64_t time_ns);
