/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane-piece.h"

#include "lib/trace/lane-private.h"

#include <string.h>

_Static_assert(LSC_PIECE_SPANS >= LSC_BLOCK_ENTRIES, "each span may be a place");

/* 1 or 0: whether a span with the one marks, after one with the other, is such a place. */
static inline uint32_t
ends_latency (uint32_t before, uint32_t marks)
{
  return before & (marks / LSC_MARK_RUNNING) & LSC_MARK_WOKEN;
}

static inline uint32_t
is_turn (uint32_t before, uint32_t marks)
{
  return (before ^ marks) / LSC_MARK_OFF;
}

void
lsc_lane_piece_look (LscLanePiece *self, const LscLane *lane)
{
  const LscCauseBrief *briefs = lane->shared->causes->briefs;
  const LscLaneEntry *entries = self->entries;
  size_t kernel_thread = lane->kernel_thread;
  uint32_t n_runs = 0, n_turns = 0, before = self->marks;
  uint64_t sums[LSC_N_REASONS] = { 0 };
  uint64_t start = self->from < self->to ? entries[self->from].start : 0;

  for (uint32_t e = self->from; e < self->to; e++)
    {
      const LscCauseBrief *brief = &briefs[lsc_cause_get_number (entries[e].cause)];

      uint64_t end = entries[e + 1].start;

      sums[brief->reasons[kernel_thread]] += (UINT64_C (1) << LSC_PIECE_COUNT_SHIFT) + end - start;
      start = end;
      self->runs[n_runs] = self->turns[n_turns] = (uint16_t) e;
      n_runs += ends_latency (before, brief->marks);
      n_turns += is_turn (before, brief->marks);
      before = brief->marks;
    }
  memcpy (self->sums, sums, sizeof sums);
  self->n_runs = n_runs;
  self->n_turns = n_turns;
  self->marks = (uint8_t) before;
}

void
lsc_lane_piece_note_next (LscLanePiece *self, uint8_t marks)
{
  self->runs[self->n_runs] = self->turns[self->n_turns] = (uint16_t) self->to;
  self->n_runs += ends_latency (self->marks, marks);
  self->n_turns += is_turn (self->marks, marks);
  self->marks = marks;
}

bool
lsc_lane_iter_take_piece (LscLaneIter *iter,
                          uint64_t limit_ns,
                          uint8_t marks,
                          LscLanePiece *out_piece)
{
  uint64_t block_ns = iter->block_start_ns;
  uint32_t from = iter->entry, to = iter->n_entries - 1;

  if (from + 1 >= iter->n_entries || block_ns + iter->entries[from + 1].start >= limit_ns)
    return false;
  if (block_ns + iter->entries[to].start >= limit_ns)
    to = lsc_lane_find_entry (iter->lane, iter->block, limit_ns - 1);
  out_piece->entries = iter->entries;
  out_piece->block_start_ns = block_ns;
  out_piece->from = from;
  out_piece->to = to;
  out_piece->marks = marks;
  lsc_lane_piece_look (out_piece, iter->lane);
  iter->entry = to;
  return true;
}
