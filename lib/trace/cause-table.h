/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every distinct LscFacts once, so that a lane keeps 4 bytes a span for all of them.
 *
 * A cause is the facts' number in the table with their state in the upper bits. The table is
 * bounded: past LSC_CAUSES_MAX distinct facts, the rarer parts (argument, then the other thread)
 * are left out of new ones.
 */
#pragma once

#include "lib/trace/span.h"

#include <stddef.h>

#define LSC_CAUSES_MAX (1u << 24)

typedef uint32_t LscCause;

/* Nobody there: always in the table. */
#define LSC_CAUSE_ABSENT ((LscCause) LSC_STATE_ABSENT << 28)

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
} LscCauseTable;

LscCauseTable *lsc_cause_table_new (void);
void lsc_cause_table_free (LscCauseTable *self);

/* From which table (LscAbi) reasons come; LSC_ABI_UNKNOWN until this is called. O(n) on a change.
 */
void lsc_cause_table_set_abi (LscCauseTable *self, uint32_t abi);

/* The cause of these facts. O(1). */
LscCause lsc_cause_table_intern (LscCauseTable *self, const LscFacts *facts);

/* Facts as three words, to hash and compare them in registers: facts that were just made, a field
 * at a time, would be slow to read back from memory as anything wider. */
typedef struct
{
  uint64_t w[3];
} LscFactsWords;

static inline LscFactsWords
lsc_facts_to_words (LscFacts facts)
{
  return (LscFactsWords){
    { facts.state | (uint64_t) facts.flags << 8 | (uint64_t) (uint16_t) facts.syscall << 16
          | (uint64_t) facts.cpu << 32,
      facts.thread | (uint64_t) facts.kernel_state << 32 | (uint64_t) facts.detail << 48,
      facts.arg }
  };
}

/* The cause of these facts, when they are probably those that were asked for with this memo before:
 * a thread mostly waits in the same place again. Begin with a zeroed memo. */
typedef struct
{
  uint32_t words[6]; /* of an LscFactsWords, but packed: two memos share a cache line */
  LscCause cause;    /* 0: none yet */
} LscCauseMemo;

/* The slow way of lsc_cause_table_intern_again(). */
LscCause lsc_cause_table_renew (LscCauseTable *self, LscFactsWords words, LscCauseMemo *memo);

static inline LscCause
lsc_cause_table_intern_again (LscCauseTable *self, LscFacts facts, LscCauseMemo *memo)
{
  LscFactsWords words = lsc_facts_to_words (facts);
  LscFactsWords known;

  __builtin_memcpy (&known, memo->words, sizeof known);
  if (((known.w[0] ^ words.w[0]) | (known.w[1] ^ words.w[1]) | (known.w[2] ^ words.w[2])) == 0
      && memo->cause != 0)
    return memo->cause;
  return lsc_cause_table_renew (self, words, memo);
}

/* Its place among the facts and the briefs. */
static inline uint32_t
lsc_cause_get_number (LscCause cause)
{
  return cause & ((1u << 28) - 1);
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
  return (LscState) (cause >> 28);
}
