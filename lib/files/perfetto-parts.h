/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Perfetto's trace format, for lib/files alone: what the parts of the export have in common.
 *
 * A trace is packets one after another. Times are CLOCK_BOOTTIME, which Perfetto takes events of
 * the scheduler to be in. It is written in windows of time, so that memory is bounded by a window
 * and the number of threads, not by the length of the capture.
 */
#pragma once

#include "lib/files/export.h"
#include "perfetto.pb-c.h"

#define LSC_PERFETTO_TRACK(thread) ((UINT64_C (0x4c534300) << 32) | (thread))

/* Appends a packet to what is to be written. */
void lsc_perfetto_put (LscExportOut *out, const LscPb__TracePacket *packet);

#define LSC_PERFETTO_SMALL 1024u

/* The same in half the time, for a packet that takes at most LSC_PERFETTO_SMALL bytes: whose texts
 * are short. */
void lsc_perfetto_put_small (LscExportOut *out, const LscPb__TracePacket *packet);

/* Who is who: clocks, machine, processes, threads and a track for each thread exported. `names` are
 * the threads' by index, valid UTF-8. */
void lsc_perfetto_put_heads (const LscExport *what, LscExportOut *out, char *const *names);

/* Notes on bars as slices of tracks below their threads', markers as instants. */
void lsc_perfetto_put_notes (const LscExport *what, LscExportOut *out);

/* Switches and wakeups of the CPUs, gathered for one window and written in Perfetto's compact form.
 */
typedef struct _LscPerfettoSched LscPerfettoSched;

LscPerfettoSched *lsc_perfetto_sched_new (const LscExport *what, char *const *names);
void lsc_perfetto_sched_free (LscPerfettoSched *self);

/* A thread left `cpu`; `after` is what it does since. */
void lsc_perfetto_sched_add_leave (LscPerfettoSched *self,
                                   uint64_t time_ns,
                                   uint32_t cpu,
                                   const LscFacts *after);
/* `thread` was woken; `facts` are those of its stretch in the queue. */
void lsc_perfetto_sched_add_waking (LscPerfettoSched *self,
                                    uint64_t time_ns,
                                    const LscThread *thread,
                                    const LscFacts *facts);
/* Writes what happened before `to_ns`, and forgets what was gathered. */
void lsc_perfetto_sched_write (LscPerfettoSched *self, uint64_t to_ns, LscExportOut *out);

/* Why threads waited, as slices on their tracks, and who woke whom, as flows. */
typedef struct _LscPerfettoSlices LscPerfettoSlices;

LscPerfettoSlices *
lsc_perfetto_slices_new (const LscExport *what, LscExportOut *out, char *const *names);
void lsc_perfetto_slices_free (LscPerfettoSlices *self);

void lsc_perfetto_slices_begin (LscPerfettoSlices *self,
                                uint64_t time_ns,
                                const LscThread *thread,
                                const LscFacts *facts);
void lsc_perfetto_slices_end (LscPerfettoSlices *self, uint64_t time_ns, const LscThread *thread);
/* An arrow from the thread that woke it. */
void lsc_perfetto_slices_wake (LscPerfettoSlices *self,
                               uint64_t time_ns,
                               const LscThread *thread,
                               const LscFacts *facts);

/* CLOCK_BOOTTIME of a time of the trace. */
static inline uint64_t
lsc_perfetto_time (const LscExport *what, uint64_t time_ns)
{
  return time_ns + (uint64_t) lsc_trace_get_header (what->trace)->boottime_offset_ns;
}
