/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Questions to a lane.
 */
#include "lib/trace/lane-private.h"

#include "lib/wire/record.h"

#include <string.h>

#define NEAR_ENTRIES 8u /* a line of the cache holds as many */

/* The last of the blocks [low, high) that starts at or before `time_ns`; at least `low`. */
static size_t
bisect_blocks (const LscLane *self, size_t low, size_t high, uint64_t time_ns)
{
  while (high - low > 1)
    {
      size_t middle = low + (high - low) / 2;

      if (self->blocks[middle].start_ns <= time_ns)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* The same from a guess `at`: every block looked at is a cache miss, and most guesses are near. */
static size_t
find_block_near (const LscLane *self, size_t at, uint64_t time_ns)
{
  size_t step = 1;

  if (self->blocks[at].start_ns <= time_ns)
    {
      while (at + step < self->n_blocks && self->blocks[at + step].start_ns <= time_ns)
        {
          at += step;
          step *= 2;
        }
      return bisect_blocks (self, at, MIN (at + step, self->n_blocks), time_ns);
    }
  while (at > step && self->blocks[at - step].start_ns > time_ns)
    {
      at -= step;
      step *= 2;
    }
  return bisect_blocks (self, at > step ? at - step : 0, at, time_ns);
}

size_t
lsc_lane_find_block (const LscLane *self, uint64_t time_ns)
{
  uint64_t start_ns = self->blocks[0].start_ns;
  uint64_t last_ns = self->blocks[self->n_blocks - 1].start_ns;

  if (time_ns < start_ns)
    return 0;
  if (time_ns >= last_ns)
    return self->n_blocks - 1;
  /* As if blocks were all as long. */
  return find_block_near (self,
                          (size_t) ((double) (time_ns - start_ns) / (double) (last_ns - start_ns)
                                    * (double) (self->n_blocks - 1)),
                          time_ns);
}

static uint32_t
bisect_entries (const LscLaneEntry *entries, uint32_t low, uint32_t high, uint64_t offset)
{
  while (high - low > 1)
    {
      uint32_t middle = low + (high - low) / 2;

      if (entries[middle].start <= offset)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* From a guess, as if spans were all as long: a block is 32 lines of the cache, and bisecting meets
 * five of them that are not there, one after the other. */
uint32_t
lsc_lane_find_entry (const LscLane *self, size_t b, uint64_t time_ns)
{
  const LscLaneBlock *block = &self->blocks[b];
  const LscLaneEntry *entries = block->entries;
  uint64_t offset = time_ns - block->start_ns;
  uint32_t n = lsc_lane_get_block_size (self, b), last = n - 1, at, step = NEAR_ENTRIES;

  if (time_ns <= block->start_ns || n <= NEAR_ENTRIES)
    return bisect_entries (entries, 0, time_ns < block->start_ns ? 1 : n, offset);
  if (entries[last].start <= offset)
    return last;
  at = (uint32_t) (offset * last / entries[last].start);
  if (entries[at].start <= offset)
    {
      while (at + step < last && entries[at + step].start <= offset)
        {
          at += step;
          step *= 2;
        }
      return bisect_entries (entries, at, MIN (at + step, last), offset);
    }
  while (at > step && entries[at - step].start > offset)
    {
      at -= step;
      step *= 2;
    }
  return bisect_entries (entries, at > step ? at - step : 0, at, offset);
}

/* Where the span after this one starts, or the lane ends. */
static uint64_t
end_of_entry (const LscLane *self, size_t b, uint32_t e)
{
  const LscLaneBlock *block = &self->blocks[b];

  if (e + 1 < lsc_lane_get_block_size (self, b))
    return block->start_ns + block->entries[e + 1].start;
  if (b + 1 < self->n_blocks)
    return self->blocks[b + 1].start_ns;
  return lsc_lane_get_end_ns (self);
}

/* The cause of the span before this one, or the span's own where there is none. */
static LscCause
cause_before (const LscLane *self, size_t b, uint32_t e)
{
  if (e > 0)
    return self->blocks[b].entries[e - 1].cause;
  if (b > 0)
    return self->blocks[b - 1].entries[lsc_lane_get_block_size (self, b - 1) - 1].cause;
  return self->blocks[b].entries[e].cause;
}

static void
read_span (const LscLane *self, size_t b, uint32_t e, LscSpan *out_span)
{
  const LscLaneBlock *block = &self->blocks[b];
  bool is_last = b + 1 == self->n_blocks && e + 1 == self->n_entries;
  LscCause before = cause_before (self, b, e);

  out_span->start_ns = block->start_ns + block->entries[e].start;
  out_span->end_ns = end_of_entry (self, b, e);
  out_span->facts = *lsc_cause_table_get (self->shared->causes, block->entries[e].cause);
  /* Where a thread left a CPU is not kept twice. */
  if (out_span->facts.cpu == LSC_CPU_NONE && lsc_cause_get_state (before) == LSC_STATE_RUNNING)
    out_span->facts.cpu = lsc_cause_table_get (self->shared->causes, before)->cpu;
  out_span->open_start = self->open_start && b == 0 && e == 0;
  out_span->open_end = is_last && !self->closed;
}

/* The block that holds span `number`, at least the first. */
static size_t
find_block_of (const LscLane *self, uint64_t number)
{
  size_t low = 0;
  size_t high = self->n_blocks;

  while (high - low > 1)
    {
      size_t middle = low + (high - low) / 2;

      if (self->blocks[middle].first <= number)
        low = middle;
      else
        high = middle;
    }
  return low;
}

void
lsc_lane_get (const LscLane *self, uint64_t number, LscSpan *out_span)
{
  size_t b = find_block_of (self, number);

  read_span (self, b, (uint32_t) (number - self->blocks[b].first), out_span);
}

uint64_t
lsc_lane_find (const LscLane *self, uint64_t time_ns)
{
  size_t b = lsc_lane_find_block (self, time_ns);

  return self->blocks[b].first + lsc_lane_find_entry (self, b, time_ns);
}

bool
lsc_lane_span_at (const LscLane *self, uint64_t time_ns, LscSpan *out_span)
{
  size_t b;

  if (self->n_blocks == 0 || time_ns < lsc_lane_get_start_ns (self)
      || time_ns >= lsc_lane_get_end_ns (self))
    {
      *out_span = (LscSpan){ time_ns, time_ns, { .state = LSC_STATE_ABSENT }, false, false };
      return false;
    }
  b = lsc_lane_find_block (self, time_ns);
  read_span (self, b, lsc_lane_find_entry (self, b, time_ns), out_span);
  return true;
}

const LscFacts *
lsc_lane_get_facts (const LscLane *self, LscCause cause)
{
  return lsc_cause_table_get (self->shared->causes, cause);
}

LscCauseBrief
lsc_lane_get_brief (const LscLane *self, LscCause cause)
{
  return lsc_cause_table_get_brief (self->shared->causes, cause);
}

static void
enter_block (LscLaneIter *self, size_t b)
{
  const LscLaneBlock *block = &self->lane->blocks[b];

  self->block = b;
  self->entry = 0;
  self->n_entries = 0;
  if (b >= self->lane->n_blocks)
    return;
  self->entries = block->entries;
  self->n_entries = lsc_lane_get_block_size (self->lane, b);
  self->block_start_ns = block->start_ns;
}

void
lsc_lane_iter_enter_last (LscLaneIter *self, size_t b)
{
  enter_block (self, b);
  self->entry = self->n_entries - 1;
}

void
lsc_lane_iter_init (LscLaneIter *self, const LscLane *lane, uint64_t time_ns)
{
  *self = (LscLaneIter){ .lane = lane };
  if (lane->n_blocks == 0)
    return;
  enter_block (self, lsc_lane_find_block (lane, time_ns));
  self->entry = lsc_lane_find_entry (lane, self->block, time_ns);
}

void
lsc_lane_iter_init_at (LscLaneIter *self, const LscLane *lane, uint64_t number)
{
  uint64_t first;

  *self = (LscLaneIter){ .lane = lane };
  if (lane->n_blocks == 0)
    return;
  enter_block (self, find_block_of (lane, number));
  first = lane->blocks[self->block].first;
  if (number >= first + self->n_entries)
    enter_block (self, lane->n_blocks);
  else
    self->entry = (uint32_t) (number - MIN (first, number));
}

void
lsc_lane_iter_seek (LscLaneIter *self, uint64_t time_ns)
{
  const LscLane *lane = self->lane;
  size_t b;

  if (lane->n_blocks == 0)
    return;
  b = find_block_near (lane, MIN (self->block, lane->n_blocks - 1), time_ns);
  if (b != self->block)
    enter_block (self, b);
  self->entry = lsc_lane_find_entry (lane, b, time_ns);
}

uint64_t
lsc_lane_iter_get_number (const LscLaneIter *self)
{
  return self->block < self->lane->n_blocks ? self->lane->blocks[self->block].first + self->entry
                                            : lsc_lane_get_n_spans (self->lane);
}

bool
lsc_lane_iter_next (LscLaneIter *self, LscSpan *out_span)
{
  if (self->block >= self->lane->n_blocks)
    return false;
  read_span (self->lane, self->block, self->entry, out_span);
  if (++self->entry == self->n_entries)
    enter_block (self, self->block + 1);
  return true;
}

bool
lsc_lane_iter_cross (LscLaneIter *self, LscStretch *out_stretch)
{
  const LscLaneEntry *entry;

  if (self->block >= self->lane->n_blocks)
    return false;
  entry = &self->entries[self->entry];
  out_stretch->start_ns = self->block_start_ns + entry->start;
  out_stretch->end_ns = end_of_entry (self->lane, self->block, self->entry);
  out_stretch->cause = entry->cause;
  enter_block (self, self->block + 1);
  return true;
}

/* Adds the time in each state of [from_ns, to_ns), which begins in block `b`, as far as the block
 * goes. */
static void
add_entries (
    const LscLane *self, size_t b, uint64_t from_ns, uint64_t to_ns, uint64_t ns[LSC_N_STATES])
{
  const LscLaneBlock *block = &self->blocks[b];
  uint32_t n = lsc_lane_get_block_size (self, b);

  for (uint32_t e = lsc_lane_find_entry (self, b, from_ns); e < n && from_ns < to_ns; e++)
    {
      uint64_t end_ns =
          e + 1 < n ? block->start_ns + block->entries[e + 1].start : end_of_entry (self, b, e);

      ns[lsc_cause_get_state (block->entries[e].cause)] += MIN (end_ns, to_ns) - from_ns;
      from_ns = end_ns;
    }
}

void
lsc_lane_cumulate (const LscLane *self, uint64_t time_ns, uint64_t out_ns[LSC_N_STATES])
{
  size_t b;

  memset (out_ns, 0, sizeof (uint64_t) * LSC_N_STATES);
  if (self->n_blocks == 0)
    return;
  memcpy (out_ns, self->blocks[0].before_ns, sizeof self->blocks[0].before_ns);
  if (time_ns <= self->blocks[0].start_ns)
    return;
  time_ns = MIN (time_ns, lsc_lane_get_end_ns (self));
  b = lsc_lane_find_block (self, time_ns);
  memcpy (out_ns, self->blocks[b].before_ns, sizeof self->blocks[b].before_ns);
  add_entries (self, b, self->blocks[b].start_ns, time_ns, out_ns);
}

/* Adds the time in each state between two moments, of its life only. Most stretches that somebody
 * asks for lie in one block: then what is before them there need not be looked at. */
static void
add_between (const LscLane *self, uint64_t from_ns, uint64_t to_ns, uint64_t ns[LSC_N_STATES])
{
  uint64_t before[LSC_N_STATES], after[LSC_N_STATES];
  size_t b;

  if (self->n_blocks == 0)
    return;
  from_ns = MAX (from_ns, self->blocks[0].start_ns);
  b = lsc_lane_find_block (self, from_ns);
  if (b + 1 == self->n_blocks || to_ns <= self->blocks[b + 1].start_ns)
    {
      add_entries (self, b, from_ns, MIN (to_ns, lsc_lane_get_end_ns (self)), ns);
      return;
    }
  lsc_lane_cumulate (self, from_ns, before);
  lsc_lane_cumulate (self, to_ns, after);
  for (int state = 0; state < LSC_N_STATES; state++)
    ns[state] += after[state] - before[state];
}

void
lsc_lane_sum (const LscLane *self, uint64_t from_ns, uint64_t to_ns, uint64_t ns[LSC_N_STATES])
{
  uint64_t inside[LSC_N_STATES] = { 0 }, sum = 0;

  if (to_ns <= from_ns)
    return;
  add_between (self, from_ns, to_ns, inside);
  for (int state = 0; state < LSC_N_STATES; state++)
    {
      ns[state] += inside[state];
      sum += inside[state];
    }
  ns[LSC_STATE_ABSENT] += to_ns - from_ns - sum;
}

bool
lsc_lane_get_shares (const LscLane *self,
                     uint64_t from_ns,
                     uint64_t to_ns,
                     float out_shares[LSC_N_STATES])
{
  uint64_t ns[LSC_N_STATES] = { 0 };
  float inside = 0;

  if (self->pyramid == NULL || !lsc_pyramid_get_shares (self->pyramid, from_ns, to_ns, out_shares))
    return false;
  lsc_lane_sum (self, MAX (self->block_start_ns, from_ns), to_ns, ns);
  for (int state = 0; state < LSC_STATE_ABSENT; state++)
    out_shares[state] += (float) ns[state] / (float) (to_ns - from_ns);
  out_shares[LSC_STATE_ABSENT] = 0;
  for (int state = 0; state < LSC_STATE_ABSENT; state++)
    inside += out_shares[state];
  /* Rounding must not push anything out of the column. */
  for (int state = 0; inside > 1 && state < LSC_STATE_ABSENT; state++)
    out_shares[state] /= inside;
  out_shares[LSC_STATE_ABSENT] = MAX (0.0f, 1 - inside);
  return true;
}

bool
lsc_lane_read_buckets (
    const LscLane *self, unsigned level, uint64_t first, uint32_t n, uint64_t *out_buckets)
{
  return self->pyramid != NULL && lsc_pyramid_read (self->pyramid, level, first, n, out_buckets);
}
