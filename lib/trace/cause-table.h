/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every distinct LscFacts once, so that a lane keeps 4 bytes a span for all of them.
 *
 * A cause is the facts' number in the table with their state in the upper bits. The table is
 * bounded: past LSC_CAUSES_MAX distinct facts, the rarer parts (argument, then the other thread)
 * are left out of new ones. Numbers of facts that no span has any more are given to others (see
 * cause-sweep.h), so a cause is kept by lanes only.
 */
#pragma once

#include "lib/trace/span.h"

#include <stddef.h>

/* Bits of a cause: its number, and above that its state. */
#define LSC_CAUSE_NUMBER_BITS 24u
#define LSC_CAUSE_BITS 28u

#define LSC_CAUSES_MAX (1u << LSC_CAUSE_NUMBER_BITS)

typedef uint32_t LscCause;

/* Nobody there: always in the table. */
#define LSC_CAUSE_ABSENT ((LscCause) LSC_STATE_ABSENT << LSC_CAUSE_NUMBER_BITS)

/* LscCauseBrief.marks, made so that what two neighbours have to do with each other is one operation
 * on theirs. */
#define LSC_MARK_WOKEN 1u   /* RUNNABLE, and somebody was seen to wake it */
#define LSC_MARK_RUNNING 2u /* RUNNING */
#define LSC_MARK_OFF 4u     /* lsc_state_is_off_cpu() */

/* What is asked of a cause most, in one load. */
typedef struct
{
  uint8_t reasons[2]; /* LscReason: of a thread, of a kernel thread */
  bool inferred;      /* LSC_FACT_INFERRED */
  uint8_t marks;      /* LSC_MARK_* */
  uint32_t cpu;       /* LscFacts.cpu */
} LscCauseBrief;

/* To be touched by lsc_cause_table_*() only. */
typedef struct
{
  LscCauseBrief *briefs; /* by number */
  uint32_t abi;          /* LscAbi */
  LscFacts *facts;       /* by number */
  uint32_t n_facts;
  uint32_t capacity;
  uint32_t *slots; /* open addressing: number + 1, or 0 */
  uint32_t n_slots;
  uint32_t n_free;    /* numbers nobody has */
  uint32_t free;      /* the first of them; the next one stands in its facts' `arg` */
  uint8_t *marks;     /* by number, while a sweep goes on: some span has it; else NULL */
  uint32_t next_mark; /* the number that is looked at next */
} LscCauseTable;

LscCauseTable *lsc_cause_table_new (void);
void lsc_cause_table_free (LscCauseTable *self);

/* From which table (LscAbi) reasons come; LSC_ABI_UNKNOWN until this is called. O(n) on a change.
 */
void lsc_cause_table_set_abi (LscCauseTable *self, uint32_t abi);

/* The cause of these facts. O(1). */
LscCause lsc_cause_table_intern (LscCauseTable *self, const LscFacts *facts);

/* How many facts there are. */
uint32_t lsc_cause_table_get_n (const LscCauseTable *self);

/* A sweep begins: causes are marked from now on, or forgotten at its end. O(n). */
void lsc_cause_table_begin_sweep (LscCauseTable *self);
/* Forgets what is not marked among the next `n` numbers. Returns whether the sweep is over. */
bool lsc_cause_table_sweep (LscCauseTable *self, uint32_t n);
/* Nothing is forgotten any more until the next sweep. */
void lsc_cause_table_end_sweep (LscCauseTable *self);

/* Its place among the facts and the briefs. */
static inline uint32_t
lsc_cause_get_number (LscCause cause)
{
  return cause & (LSC_CAUSES_MAX - 1);
}

/* While a sweep goes on: a span has it. */
static inline void
lsc_cause_table_mark (LscCauseTable *self, LscCause cause)
{
  self->marks[lsc_cause_get_number (cause)] = 1;
}

static inline const LscFacts *
lsc_cause_table_get (const LscCauseTable *self, LscCause cause)
{
  return &self->facts[lsc_cause_get_number (cause)];
}

static inline LscCauseBrief
lsc_cause_table_get_brief (const LscCauseTable *self, LscCause cause)
{
  return self->briefs[lsc_cause_get_number (cause)];
}

size_t lsc_cause_table_get_memory (const LscCauseTable *self);

static inline LscState
lsc_cause_get_state (LscCause cause)
{
  return (LscState) (cause >> LSC_CAUSE_NUMBER_BITS);
}
