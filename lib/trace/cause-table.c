/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/cause-table.h"

#include "lib/trace/bulk.h"
#include "lib/trace/reason.h"
#include "lib/wire/record.h"

#include <glib.h>

#define FIRST_SLOTS 256u
#define FREE LSC_N_STATES      /* the state of facts nobody has */
#define CPUS_TOLD 4096u        /* where the table is nearly full */
#define N_REDUCED (1u << 16)   /* numbers that are kept for reduced facts */
#define N_BARE (2 * CPUS_TOLD) /* the last of these: for bare ones, which are fewer */

_Static_assert(LSC_N_STATES <= 1 << (LSC_CAUSE_BITS - LSC_CAUSE_NUMBER_BITS),
               "the state fits above the number");

/* Facts as three words, to hash and compare them in registers: facts that were just made, a field
 * at a time, would be slow to read back from memory as anything wider. */
typedef struct
{
  uint64_t w[3];
} Words;

static inline Words
words_of (LscFacts facts)
{
  return (
      Words){ { facts.state | (uint64_t) facts.flags << 8
                    | (uint64_t) (uint16_t) facts.syscall << 16 | (uint64_t) facts.cpu << 32,
                facts.thread | (uint64_t) facts.kernel_state << 32 | (uint64_t) facts.detail << 48,
                facts.arg } };
}

static void
set_capacity (LscCauseTable *self, uint32_t capacity)
{
  uint32_t old = self->capacity;

  self->capacity = capacity;
  self->facts =
      lsc_bulk_resize (self->facts, old * sizeof *self->facts, capacity * sizeof *self->facts);
  self->briefs =
      lsc_bulk_resize (self->briefs, old * sizeof *self->briefs, capacity * sizeof *self->briefs);
  if (self->marks != NULL)
    self->marks = lsc_bulk_resize (self->marks, old, capacity);
}

void
lsc_cause_table_free (LscCauseTable *self)
{
  if (self == NULL)
    return;
  lsc_cause_table_end_sweep (self);
  set_capacity (self, 0);
  lsc_bulk_resize (self->slots, self->n_slots * sizeof *self->slots, 0);
  g_free (self);
}

static uint32_t
hash_words (Words words)
{
  uint64_t h = words.w[0] * UINT64_C (0x9E3779B97F4A7C15);

  h = (h ^ (h >> 29) ^ words.w[1]) * UINT64_C (0xBF58476D1CE4E5B9);
  h = (h ^ (h >> 32) ^ words.w[2]) * UINT64_C (0x94D049BB133111EB);
  return (uint32_t) (h >> 32);
}

static bool
is_equal (LscFacts facts, Words b)
{
  Words a = words_of (facts);

  return ((a.w[0] ^ b.w[0]) | (a.w[1] ^ b.w[1]) | (a.w[2] ^ b.w[2])) == 0;
}

/* The slot that holds those facts, or the empty one where they belong. */
static uint32_t *
find_slot (const LscCauseTable *self, Words words)
{
  uint32_t mask = self->n_slots - 1;
  uint32_t i = hash_words (words) & mask;

  while (self->slots[i] != 0 && !is_equal (self->facts[self->slots[i] - 1], words))
    i = (i + 1) & mask;
  return &self->slots[i];
}

static void
grow_slots (LscCauseTable *self)
{
  lsc_bulk_resize (self->slots, self->n_slots * sizeof *self->slots, 0);
  self->n_slots *= 2;
  self->slots = lsc_bulk_new0 (self->n_slots * sizeof *self->slots);
  for (uint32_t number = 0; number < self->n_facts; number++)
    if (self->facts[number].state != FREE)
      *find_slot (self, words_of (self->facts[number])) = number + 1;
}

static uint8_t
marks_of (const LscFacts *facts)
{
  LscState state = (LscState) facts->state;
  bool inferred = (facts->flags & LSC_FACT_INFERRED) != 0;

  return (uint8_t) ((state == LSC_STATE_RUNNABLE && !inferred ? LSC_MARK_WOKEN : 0)
                    | (state == LSC_STATE_RUNNING ? LSC_MARK_RUNNING : 0)
                    | (lsc_state_is_off_cpu (state) ? LSC_MARK_OFF : 0));
}

static LscCauseBrief
brief_of (const LscFacts *facts, LscAbi abi)
{
  return (LscCauseBrief){ .reasons = { (uint8_t) lsc_reason_of_facts (facts, abi, false),
                                       (uint8_t) lsc_reason_of_facts (facts, abi, true) },
                          .inferred = (facts->flags & LSC_FACT_INFERRED) != 0,
                          .marks = marks_of (facts),
                          .cpu = facts->cpu };
}

void
lsc_cause_table_set_abi (LscCauseTable *self, uint32_t abi)
{
  if (self->abi == abi)
    return;
  self->abi = abi;
  for (uint32_t number = 0; number < self->n_facts; number++)
    self->briefs[number] = brief_of (&self->facts[number], (LscAbi) abi);
}

uint32_t
lsc_cause_table_get_n (const LscCauseTable *self)
{
  return self->n_facts - self->n_free;
}

/* A number for new facts. */
static uint32_t
take_number (LscCauseTable *self)
{
  uint32_t number = self->free;

  if (self->n_free > 0)
    {
      self->n_free--;
      self->free = (uint32_t) self->facts[number].arg;
      return number;
    }
  if (self->n_facts == self->capacity)
    set_capacity (self, self->capacity == 0 ? 64 : self->capacity + self->capacity / 2);
  return self->n_facts++;
}

static uint32_t
add_facts (LscCauseTable *self, const LscFacts *facts)
{
  uint32_t number = take_number (self);

  self->briefs[number] = brief_of (facts, (LscAbi) self->abi);
  self->facts[number] = *facts;
  if (lsc_cause_table_get_n (self) * 2 > self->n_slots)
    grow_slots (self);
  else
    *find_slot (self, words_of (*facts)) = number + 1;
  return number;
}

/* Empties the slot. Those behind it that would no longer be found move up. */
static void
empty_slot (LscCauseTable *self, uint32_t *slot)
{
  uint32_t mask = self->n_slots - 1, hole = (uint32_t) (slot - self->slots), i = hole;

  while (self->slots[i = (i + 1) & mask] != 0)
    {
      uint32_t wanted = hash_words (words_of (self->facts[self->slots[i] - 1])) & mask;

      if (((i - wanted) & mask) < ((i - hole) & mask))
        continue;
      self->slots[hole] = self->slots[i];
      hole = i;
    }
  self->slots[hole] = 0;
}

void
lsc_cause_table_begin_sweep (LscCauseTable *self)
{
  lsc_cause_table_end_sweep (self);
  self->marks = lsc_bulk_new0 (self->capacity);
  self->marks[0] = 1; /* LSC_CAUSE_ABSENT */
  self->next_mark = 0;
}

bool
lsc_cause_table_sweep (LscCauseTable *self, uint32_t n)
{
  for (; n > 0 && self->next_mark < self->n_facts; n--, self->next_mark++)
    {
      LscFacts *facts = &self->facts[self->next_mark];

      if (facts->state == FREE || self->marks[self->next_mark])
        continue;
      empty_slot (self, find_slot (self, words_of (*facts)));
      *facts = (LscFacts){ .state = FREE, .arg = self->free };
      self->free = self->next_mark;
      self->n_free++;
    }
  if (self->next_mark < self->n_facts)
    return false;
  lsc_cause_table_end_sweep (self);
  return true;
}

void
lsc_cause_table_end_sweep (LscCauseTable *self)
{
  if (self->marks != NULL)
    self->marks = lsc_bulk_resize (self->marks, self->capacity, 0);
}

LscCauseTable *
lsc_cause_table_new (void)
{
  static const LscFacts absent = { .state = LSC_STATE_ABSENT,
                                   .syscall = LSC_SYSCALL_NONE,
                                   .cpu = LSC_CPU_NONE,
                                   .thread = LSC_THREAD_NONE };
  LscCauseTable *self = g_new0 (LscCauseTable, 1);

  self->n_slots = FIRST_SLOTS;
  self->slots = lsc_bulk_new0 (self->n_slots * sizeof *self->slots);
  add_facts (self, &absent);
  return self;
}

/* Without what varies most. */
static LscFacts
reduce (LscFacts facts)
{
  facts.arg = 0;
  facts.thread = LSC_THREAD_NONE;
  facts.cpu =
      facts.state == LSC_STATE_RUNNING ? MIN (facts.cpu, CPUS_TOLD - 1) : (uint32_t) LSC_CPU_NONE;
  facts.kernel_state = 0;
  return facts;
}

/* Nothing but the state, and where it runs. */
static LscFacts
strip (LscFacts facts)
{
  facts = reduce (facts);
  facts.flags = facts.detail = 0;
  facts.syscall = LSC_SYSCALL_NONE;
  return facts;
}

LscCause
lsc_cause_table_intern (LscCauseTable *self, const LscFacts *wanted)
{
  LscFacts facts = *wanted;
  uint32_t *slot = find_slot (self, words_of (facts)), number;

  /* A hostile stream could make every span's facts different. */
  if (*slot == 0 && lsc_cause_table_get_n (self) >= LSC_CAUSES_MAX - N_REDUCED)
    {
      facts = reduce (facts);
      slot = find_slot (self, words_of (facts));
    }
  if (*slot == 0 && lsc_cause_table_get_n (self) >= LSC_CAUSES_MAX - N_BARE)
    {
      facts = strip (facts);
      slot = find_slot (self, words_of (facts));
    }
  number = *slot != 0 ? *slot - 1 : add_facts (self, &facts);
  if (self->marks != NULL)
    self->marks[number] = 1;
  return (uint32_t) facts.state << LSC_CAUSE_NUMBER_BITS | number;
}

size_t
lsc_cause_table_get_memory (const LscCauseTable *self)
{
  return sizeof *self + self->capacity * (sizeof *self->facts + sizeof *self->briefs)
         + (self->marks != NULL ? self->capacity : 0) + self->n_slots * sizeof *self->slots;
}
