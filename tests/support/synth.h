/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A seeded generator of record streams, as an honest tracer would send them: a small scheduler
 * simulation with threads that compute, take turns on locks, sleep, wait for events and for the
 * disk. The same seed gives the same bytes on every machine.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct
{
  uint64_t seed;
  uint64_t n_events;    /* stops after this many switches and wakeups */
  uint32_t n_cpus;      /* 1 .. 256 */
  uint32_t n_threads;   /* 1 .. 100000, at the start */
  uint32_t n_processes; /* 1 .. n_threads */
  uint32_t churn;       /* of 1000 blocking threads, how many end and make room for a new one */
  uint32_t lost;        /* of 1000 events, how many vanish; each loss is told in a gap record */
} LscSynthConfig;

/* What the simulation itself knows about one thread, for comparison. */
typedef struct
{
  uint32_t tid;
  uint64_t running_ns;
  uint64_t queued_ns;
  uint64_t n_switches; /* away from a CPU, its end included */
} LscSynthTruth;

typedef struct _LscSynth LscSynth;

LscSynth *lsc_synth_new (const LscSynthConfig *config);
void lsc_synth_free (LscSynth *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscSynth, lsc_synth_free)

/* Appends whole records to `out` until it has grown by at least `n_bytes` or the stream is over;
 * FALSE when nothing was left to add. Header, tasks, READY come first; END comes last. */
gboolean lsc_synth_fill (LscSynth *self, GByteArray *out, size_t n_bytes);

/* The whole stream at once. */
GByteArray *lsc_synth_all (const LscSynthConfig *config);

/* LscSynthTruth of every thread that ever lived, in the order of their tids; valid when the stream
 * is over. */
const GArray *lsc_synth_get_truth (const LscSynth *self);
