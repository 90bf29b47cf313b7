/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/narrative-index.h"

#define BLOCK 64u

/* Spans [base + 64 * i, base + 64 * (i + 1)). */
typedef struct
{
  uint64_t lines;  /* a bit for each span with a line of its own */
  uint32_t before; /* lines of the blocks before this one, forgotten ones included */
} Block;

struct _LscNarrativeIndex
{
  const LscTrace *trace;
  uint32_t thread;
  GArray *blocks; /* of Block */
  uint64_t base;
  uint64_t first; /* spans [first, end) are known */
  uint64_t end;
  uint32_t n_lines; /* forgotten ones included */
  uint32_t n_forgotten;
  bool after_sleep; /* the last span read was one that the next may be told with */
};

/* NULL: it has none, or is forgotten. */
static const LscLane *
get_lane (const LscNarrativeIndex *self)
{
  return lsc_trace_get_thread (self->trace, self->thread)->lane;
}

LscNarrativeIndex *
lsc_narrative_index_new (const LscTrace *trace, uint32_t thread)
{
  LscNarrativeIndex *self = g_new0 (LscNarrativeIndex, 1);

  self->trace = trace;
  self->thread = thread;
  self->blocks = g_array_new (FALSE, TRUE, sizeof (Block));
  if (get_lane (self) != NULL)
    self->base = self->first = self->end = lsc_lane_get_first (get_lane (self));
  return self;
}

void
lsc_narrative_index_free (LscNarrativeIndex *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->blocks);
  g_free (self);
}

static Block *
get_block (const LscNarrativeIndex *self, uint64_t number)
{
  return &g_array_index (self->blocks, Block, (number - self->base) / BLOCK);
}

static uint32_t
count_bits (uint64_t bits)
{
  return (uint32_t) __builtin_popcountll (bits);
}

/* The same rule as lsc_narrative_is_told_before(), for spans that come one after the other. */
static void
add_span (LscNarrativeIndex *self, LscState state)
{
  uint64_t at = self->end - self->base;
  bool told_before = self->after_sleep && state == LSC_STATE_RUNNABLE;

  if (at % BLOCK == 0)
    {
      Block block = { .before = self->n_lines };
      g_array_append_val (self->blocks, block);
    }
  if (!told_before)
    {
      get_block (self, self->end)->lines |= UINT64_C (1) << (at % BLOCK);
      self->n_lines++;
    }
  self->after_sleep = state == LSC_STATE_SLEEPING || state == LSC_STATE_UNINTERRUPTIBLE;
  self->end++;
}

uint64_t
lsc_narrative_index_read (LscNarrativeIndex *self, uint32_t max_spans)
{
  const LscLane *lane = get_lane (self);
  LscSpan span;

  if (lane == NULL)
    return 0;
  for (uint64_t lane_end = lsc_lane_get_end (lane); max_spans > 0 && self->end < lane_end;
       max_spans--)
    {
      lsc_lane_get (lane, self->end, &span);
      add_span (self, (LscState) span.facts.state);
    }
  return lsc_lane_get_end (lane) - self->end;
}

/* Lines of spans before `number`, forgotten ones included. */
static uint32_t
count_before (const LscNarrativeIndex *self, uint64_t number)
{
  const Block *block;

  if (number >= self->end)
    return self->n_lines;
  block = get_block (self, number);
  return block->before
         + count_bits (block->lines & ((UINT64_C (1) << ((number - self->base) % BLOCK)) - 1));
}

uint32_t
lsc_narrative_index_forget (LscNarrativeIndex *self)
{
  const LscLane *lane = get_lane (self);
  uint64_t first = lane == NULL ? self->end : lsc_lane_get_first (lane);
  uint32_t before = self->n_forgotten;
  uint64_t n_blocks;

  if (first <= self->first)
    return 0;
  if (first > self->end)
    {
      /* all that was read has gone, and more */
      g_array_set_size (self->blocks, 0);
      self->n_forgotten = self->n_lines;
      self->base = self->first = self->end = first;
      self->after_sleep = false;
      return self->n_forgotten - before;
    }
  self->n_forgotten = count_before (self, first);
  self->first = first;
  n_blocks = (first - self->base) / BLOCK;
  if (n_blocks > self->blocks->len / 2)
    {
      g_array_remove_range (self->blocks, 0, (guint) n_blocks);
      self->base += n_blocks * BLOCK;
    }
  return self->n_forgotten - before;
}

uint32_t
lsc_narrative_index_get_n_lines (const LscNarrativeIndex *self)
{
  return self->n_lines - self->n_forgotten;
}

uint64_t
lsc_narrative_index_get_number (const LscNarrativeIndex *self, uint32_t line)
{
  uint32_t rank = line + self->n_forgotten;
  guint from = 0, to = self->blocks->len;
  uint64_t bits;

  while (to - from > 1)
    {
      guint middle = from + (to - from) / 2;

      if (g_array_index (self->blocks, Block, middle).before <= rank)
        from = middle;
      else
        to = middle;
    }
  bits = g_array_index (self->blocks, Block, from).lines;
  for (rank -= g_array_index (self->blocks, Block, from).before; rank > 0; rank--)
    bits &= bits - 1;
  return self->base + (uint64_t) from * BLOCK + (uint64_t) __builtin_ctzll (bits);
}

bool
lsc_narrative_index_find_line (const LscNarrativeIndex *self, uint64_t number, uint32_t *out_line)
{
  uint32_t rank;

  if (number < self->first || number >= self->end)
    return false;
  rank = count_before (self, number + 1);
  if (rank <= self->n_forgotten)
    return false; /* told with a span that is no longer kept */
  *out_line = rank - self->n_forgotten - 1;
  return true;
}
