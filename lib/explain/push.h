/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a thread that wanted to go on lost its CPU: to one that was just woken, or because its
 * timeslice was over and another's turn had come. The kernel does not tell; it follows from how
 * long the other had waited.
 */
#pragma once

#include "lib/trace/trace.h"

typedef enum
{
  LSC_PUSH_UNCLEAR,   /* nothing that points either way */
  LSC_PUSH_WOKEN,     /* by a thread that was woken right before */
  LSC_PUSH_TIMESLICE, /* by one that had waited for its turn while this one ran on */
} LscPushKind;

/* Woken at most so long before it took the CPU. */
#define LSC_PUSH_WOKEN_NS UINT64_C (100000)
/* The shortest timeslice and the shortest wait for it that count as such: the kernel's base slice
 * is 0.7 ms and more, kernel/sched/fair.c (sysctl_sched_base_slice). */
#define LSC_PUSH_SLICE_NS UINT64_C (700000)

/* `taker` (index) got the CPU at `time_ns` from a thread that had run for `ran_ns`. O(log n). */
LscPushKind
lsc_push_find_kind (const LscTrace *trace, uint32_t taker, uint64_t time_ns, uint64_t ran_ns);

/* The sentence: "Pushed off CPU 1 by firefox, which had just been woken." Translated, the caller's.
 */
char *lsc_push_describe (LscPushKind kind, uint32_t cpu, const char *taker);
