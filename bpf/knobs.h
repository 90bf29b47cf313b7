/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What one session holds in the kernel: knobs that are frozen, state that the tracer maps, maps.
 */
#pragma once

#include "bpf/kernel-types.h"
#include "lib/wire/kernel-state.h"
#include "lib/wire/record.h"

#include <bpf/bpf_helpers.h>

/* Frozen when loaded. Facts about the kernel are here too, so that the verifier never walks the
 * branch that this kernel does not have. */
const volatile bool scope_own = true; /* only what scope_uid may trace */
const volatile uint32_t scope_uid = UINT32_MAX;
const volatile bool has_prev_state = false;  /* sched_switch has its fourth argument (5.18) */
const volatile bool has_group_dead = false;  /* sched_process_exit has its second (6.16) */
const volatile bool has_pid_numbers = false; /* pid->numbers has no fixed length (6.5) */
/* From a CPU's run queue to its preempt count (level-run-queue.h). */
const volatile int64_t preempt_count_distance = 0;
const volatile uint64_t ring_bytes = LSC_KERNEL_RING_BYTES_MIN; /* of each CPU's ring */

LscKernelControl control;
LscKernelTotals totals;
LscKernelCpu cpus[LSC_KERNEL_CPUS_MAX];

/* Which tasks the stream has introduced: by slot of the tid, the start time and one, with a bit
 * that says whether the task is chosen. A slot that two tasks want makes one of them be introduced
 * again, which does no harm. */
uint64_t shown[LSC_KERNEL_SHOWN_SLOTS];
#define SHOWN_CHOSEN (1ull << 63)

/* A chosen task, or one with a new name to tell. Made only where memory may be had: never under a
 * run queue's lock. */
typedef struct
{
  uint32_t flags;
  uint32_t reserved;
  uint64_t renamed_ns;
} Mark;

enum
{
  MARK_CHOSEN = 1,
  MARK_ALIVE = 2,   /* counted in totals.n_alive */
  MARK_RENAMED = 4, /* counted in totals.n_renamed */
};

struct
{
  __uint (type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint (map_flags, BPF_F_NO_PREALLOC);
  __type (key, int);
  __type (value, Mark);
} marks SEC (".maps");

/* A ring for each CPU, LscKernelCpu says what is in it; the tracer sets how large and how many. */
struct
{
  __uint (type, BPF_MAP_TYPE_ARRAY);
  __uint (map_flags, BPF_F_MMAPABLE);
  __uint (key_size, sizeof (uint32_t));
  __uint (value_size, LSC_KERNEL_RING_BYTES_MIN + LSC_KERNEL_RING_SLACK);
  __uint (max_entries, 1);
} rings SEC (".maps");

/* Wakes the tracer. What is put in means nothing. */
struct
{
  __uint (type, BPF_MAP_TYPE_RINGBUF);
  __uint (max_entries, LSC_KERNEL_DOORBELL_BYTES);
} doorbell SEC (".maps");

/* From a task's stack to the registers that it saved when it entered the kernel: one distance for
 * all tasks. Found by the snapshot; 0 before. */
uint64_t registers_distance;
volatile uint64_t registers_address; /* of the task that the snapshot learns it from */

/* One run of a program: where, when, and whether an interrupt can come between two instructions. */
typedef struct
{
  LscKernelCpu *counters;
  uint64_t now_ns;     /* the time of what it tells */
  uint64_t started_ns; /* 0: this run is not timed */
  uint32_t cpu;
  bool interruptible;
} Run;
