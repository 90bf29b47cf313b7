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

#define LSC_KERNEL_CPUS_MAX 1024u         /* a power of two */
#define LSC_KERNEL_RING_BYTES (16u << 20) /* a power of two; about a second of 400 000 events/s */
#define LSC_KERNEL_SHOWN_SLOTS 65536u     /* a power of two */
#define LSC_KERNEL_SAMPLE_EVERY 64u       /* a power of two: runs, and records, between two looks */

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

/* Counters of one CPU, in a cache line of its own. Written by the programs on that CPU. */
typedef struct
{
  uint64_t seen;         /* events that passed the filter */
  uint64_t lost;         /* of these, how many found no room */
  uint64_t gap_count;    /* lost and not yet told by a gap record */
  uint64_t gap_first_ns; /* times of the first and the last of them */
  uint64_t gap_last_ns;
  uint64_t runs;       /* of any program */
  uint64_t sampled_ns; /* time of every LSC_KERNEL_SAMPLE_EVERY-th run */
  uint64_t shown_own;  /* 1: the last switch told led to the tracer or its client */
  uint64_t scratch;
  uint64_t reserved[7];
} LscKernelCpu;

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
