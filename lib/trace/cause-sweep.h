/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Forgetting causes that no span has any more: when the trace drops events, the table of causes
 * would keep theirs (who woke, who ran, arguments of system calls) for ever. For lib/trace alone.
 *
 * It marks the causes of all spans and then lets go of the rest, a bounded number at a call.
 * Meanwhile events go on: a cause that anybody asks for is marked, and nobody remembers one from
 * before without asking. No events are dropped while it works: what takes too long can be ended
 * half done, and leaves causes that the next time finds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct _LscTrace LscTrace;

/* Begins as zeros. */
typedef struct
{
  bool marks;           /* the spans are gone through */
  uint32_t end_thread;  /* those from there on came later, and have marked causes only */
  uint32_t next_thread; /* first threads, */
  uint32_t next_cpu;    /* then CPUs */
  uint64_t next_block;  /* of the lane; counted from its first ever */
  uint32_t n_left;      /* causes that the last time left */
} LscCauseSweep;

/* Begins, if there may be enough to forget. Returns whether it did. */
bool lsc_cause_sweep_begin (LscTrace *trace);
/* Goes on for a while. Returns whether there is more to do. */
bool lsc_cause_sweep_step (LscTrace *trace);
/* Ends it, done or not. */
void lsc_cause_sweep_end (LscTrace *trace);
