/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel's rings, one a CPU, read as one stream in the order of time.
 *
 * LscKernelCpu (lib/wire/kernel-state.h) says what the programs promise. Reading goes in rounds: at
 * its begin each CPU is waited for until none of its programs is running (they take less than a
 * microsecond), so every event from before that moment is there, and only these are handed out.
 * Those of the last microsecond wait for the next round: that a program is running may reach this
 * CPU later than the time which that program read.
 */
#pragma once

#include "lib/wire/kernel-state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a CPU has written is seen by the others within much less. */
#define LSC_RING_VISIBLE_NS 1000u

/* Where the rings are. */
typedef struct
{
  LscKernelCpu *cpus;
  const uint8_t *bytes; /* of the first CPU's ring */
  size_t stride;        /* from one CPU's ring to the next */
  uint64_t ring_bytes;  /* a power of two; LSC_KERNEL_RING_SLACK more are there */
  uint32_t n_cpus;      /* at most LSC_KERNEL_CPUS_MAX */
} LscRings;

typedef struct
{
  uint64_t begin;   /* positions, see LscKernelCpu: of the next record */
  uint64_t end;     /* and behind the last one that is whole */
  uint64_t time_ns; /* of the next record, or of the last when that was later */
} LscRingState;

typedef struct
{
  LscRings rings;
  LscRingState states[LSC_KERNEL_CPUS_MAX];
  uint32_t waiting[LSC_KERNEL_CPUS_MAX]; /* CPUs with records of this round, in no order */
  uint32_t n_waiting;
} LscRingReader;

/* Called with each record. Returns 0, or a negative number to stop after this one. */
typedef int (*LscRingSink) (void *data, const void *record, size_t size);

typedef enum
{
  LSC_RING_EMPTIED, /* nothing is left that is old enough */
  LSC_RING_STOPPED, /* by the sink */
  LSC_RING_BUSY,    /* a program did not end in time: later */
  LSC_RING_BROKEN,  /* what is in a ring is no record */
} LscRingOutcome;

void lsc_ring_reader_init (LscRingReader *self, const LscRings *rings);

/* One round: hands out, in the order of time, what happened LSC_RING_VISIBLE_NS and more before
 * now_ns (CLOCK_MONOTONIC, read before the call). The order within a CPU is kept whatever the times
 * say. */
LscRingOutcome
lsc_ring_reader_drain (LscRingReader *self, uint64_t now_ns, LscRingSink sink, void *data);
