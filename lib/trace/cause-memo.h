/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a thread did last time, by the bytes of the record that told it: it mostly waits in the same
 * place again, and wakes from the same CPU. So the cause of a span is found without making its
 * facts and looking them up. For lib/trace alone; memos begin as zeros.
 */
#pragma once

#include "lib/trace/cause-table.h"
#include "lib/wire/record.h"

/* How a thread last left a CPU for a wait. */
typedef struct
{
  uint64_t how; /* lsc_leaving_memo_of(); 0, which is no wait: nothing is remembered */
  uint64_t arg;
  LscCause cause;
} LscLeavingMemo;

/* How the one left from which a thread last took a CPU, when that is still queued and there is no
 * argument to remember. */
typedef struct
{
  uint64_t how;
  LscCause cause; /* 0: nothing is remembered */
} LscTakingMemo;

/* All of a switch that says how prev left, but the argument of its system call. The priorities,
 * which are shifted out, make one load of it. */
static inline uint64_t
lsc_leaving_memo_of (const LscRecordSwitch *record)
{
  uint64_t word = record->prev_state | (uint64_t) (uint16_t) record->prev_syscall << 32
                  | (uint64_t) record->prev_prio << 48 | (uint64_t) record->next_prio << 56;

  return word << 16 | record->head.flags;
}

/* Whether prev is still queued, so that what is known of it is who took the CPU. */
static inline bool
lsc_leaving_memo_is_queued (const LscRecordSwitch *record)
{
  return record->prev_state == 0 || (record->head.flags & LSC_SWITCH_PREEMPT) != 0;
}

/* How a thread last woke others, from a few CPUs. */
#define LSC_WAKING_MEMO_CPUS 8u

typedef struct
{
  uint32_t cpu;
  LscCause cause; /* 0: nothing is remembered */
} LscWakingMemo;
