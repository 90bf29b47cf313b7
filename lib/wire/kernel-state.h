/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tracer and its programs in the kernel hold in common: the memory-mapped state.
 *
 * The tracer maps it, so that after giving up its privileges it can still say what to trace and
 * count what was lost, without any bpf() call. Nothing here can widen what a session sees: the
 * scope stands in the programs' read-only data, which the kernel froze. Never leaves the machine
 * and is of one build on both sides, so it has no version.
 */
#pragma once

#include "lib/wire/command.h"

#include <stdint.h>

#define LSC_KERNEL_CPUS_MAX 1024u /* a power of two */
/* All rings together, as near as one ring's bounds allow. Powers of two. */
#define LSC_KERNEL_RINGS_BYTES (64u << 20)
#define LSC_KERNEL_RING_BYTES_MAX (8u << 20) /* half a second of 400 000 events/s */
#define LSC_KERNEL_RING_BYTES_MIN (256u << 10)
/* Behind each ring: a record that begins before the ring's end is whole. */
#define LSC_KERNEL_RING_SLACK 128u
#define LSC_KERNEL_DOORBELL_BYTES 4096u
#define LSC_KERNEL_SHOWN_SLOTS 65536u /* a power of two */
#define LSC_KERNEL_SAMPLE_EVERY 64u   /* a power of two: runs, and records, between two looks */

typedef enum
{
  LSC_KERNEL_OFF = 0, /* attached, but silent */
  LSC_KERNEL_ON = 1,
} LscKernelPhase;

/* What to trace: written by the tracer, read by the programs. */
typedef struct
{
  uint32_t phase;        /* LscKernelPhase; written last */
  uint32_t flags;        /* LSC_START_* */
  uint32_t n_targets;    /* at most LSC_COMMAND_TARGETS_MAX */
  uint32_t exclude_tgid; /* the client; 0 = nobody */
  uint32_t own_tgid;     /* the tracer; the snapshot program writes what the kernel calls it */
  uint32_t reserved;
  LscCommandTarget targets[LSC_COMMAND_TARGETS_MAX];
} LscKernelControl;

/* One CPU: its counters and its ring. Written by the programs on that CPU, but for ring_begin.
 *
 * The ring's positions count bytes since the start and only grow; a record lies at its position
 * modulo the ring's size. What is before ring_end is whole whenever no program is running: whoever
 * sees busy = 0 after he saw ring_end may read up to there. */
typedef struct
{
  /* What every record touches, in one cache line. */
  uint64_t busy;      /* programs that are running now: one, and what interrupted it */
  uint64_t ring_end;  /* the position behind the last record */
  uint64_t seen;      /* events that passed the filter */
  uint64_t gap_count; /* lost and not yet told by a gap record */
  uint64_t runs;      /* of any program that had something to tell */
  uint64_t shown_own; /* 1: the last switch told led to the tracer or its client */
  uint64_t scratch;
  uint64_t sampled_ns; /* time of every LSC_KERNEL_SAMPLE_EVERY-th run */

  uint64_t ring_begin;   /* written by the tracer: what is before it may be written over */
  uint64_t lost;         /* of the events seen, how many found no room */
  uint64_t gap_first_ns; /* times of the first and the last that gap_count counts */
  uint64_t gap_last_ns;
  uint64_t reserved[4];
} LscKernelCpu;

/* How large each CPU's ring is: a power of two, in bytes. */
static inline uint64_t
lsc_kernel_ring_bytes (uint32_t n_cpus)
{
  uint64_t bytes = LSC_KERNEL_RING_BYTES_MAX;

  while (bytes > LSC_KERNEL_RING_BYTES_MIN && bytes * n_cpus > LSC_KERNEL_RINGS_BYTES)
    bytes /= 2;
  return bytes;
}

typedef struct
{
  int32_t n_alive;      /* chosen threads that have not ended */
  int32_t n_renamed;    /* threads whose new name has not been told */
  uint32_t n_processes; /* that the snapshot introduced */
  uint32_t n_threads;
} LscKernelTotals;

_Static_assert(sizeof (LscKernelControl) == 24 + 64 * 16, "one layout on both sides");
_Static_assert(sizeof (LscKernelCpu) == 128, "two cache lines");
_Static_assert(sizeof (LscKernelTotals) == 16, "one layout on both sides");
