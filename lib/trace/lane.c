/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a lane is filled, and how it forgets.
 */
#include "lib/trace/lane-private.h"

#include <string.h>

#define BLOCK_FIRST_ENTRIES 4u
#define PYRAMID_FROM 512u /* fewer spans are walked as fast */

LscLane *
lsc_lane_new (LscLaneShared *shared)
{
  LscLane *self = g_new0 (LscLane, 1);

  self->shared = shared;
  shared->memory += sizeof *self;
  return self;
}

/* Makes room for `capacity` entries; 0 gives all back. */
static void
set_capacity (LscLane *self, LscLaneBlock *block, uint32_t capacity)
{
  self->shared->memory += capacity * sizeof (LscLaneEntry);
  self->shared->memory -= block->capacity * sizeof (LscLaneEntry);
  block->capacity = (uint16_t) capacity;
  block->entries = g_renew (LscLaneEntry, block->entries, capacity);
}

void
lsc_lane_free (LscLane *self)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < self->n_blocks; i++)
    set_capacity (self, &self->blocks[i], 0);
  self->shared->memory -= sizeof *self + self->capacity * sizeof *self->blocks;
  g_free (self->blocks);
  lsc_pyramid_free (self->pyramid);
  g_free (self);
}

uint64_t
lsc_lane_get_start_ns (const LscLane *self)
{
  return self->n_blocks == 0 ? self->shared->end_ns : self->blocks[0].start_ns;
}

uint64_t
lsc_lane_get_end_ns (const LscLane *self)
{
  return self->closed ? self->closed_ns : MAX (self->shared->end_ns, self->last_start_ns);
}

bool
lsc_lane_is_open (const LscLane *self)
{
  return !self->closed;
}

uint64_t
lsc_lane_get_first (const LscLane *self)
{
  return self->n_blocks == 0 ? self->n_spans : self->blocks[0].first;
}

uint64_t
lsc_lane_get_end (const LscLane *self)
{
  return self->n_spans;
}

static void
add_block (LscLane *self, uint64_t time_ns)
{
  uint32_t capacity = BLOCK_FIRST_ENTRIES;

  if (self->tail != NULL && self->tail->n_entries == LSC_BLOCK_ENTRIES)
    capacity = LSC_BLOCK_ENTRIES; /* it was filled: so will be the next */
  else if (self->tail != NULL)
    set_capacity (self, self->tail, self->tail->n_entries); /* time went on too far for it */
  if (self->n_blocks == self->capacity)
    {
      size_t more = MAX (4, self->capacity / 4);

      self->capacity += more;
      self->shared->memory += more * sizeof (LscLaneBlock);
      self->blocks = g_renew (LscLaneBlock, self->blocks, self->capacity);
    }
  self->tail = &self->blocks[self->n_blocks++];
  *self->tail = (LscLaneBlock){ .start_ns = time_ns, .first = self->n_spans };
  memcpy (self->tail->before_ns, self->total_ns, sizeof self->total_ns);
  if (self->n_blocks > 1 && !self->uncounted)
    {
      const LscLaneBlock *before = self->tail - 1;

      self->tail->before = before->before;
      self->tail->last_run = before->last_run;
      lsc_lane_count_block (self, self->n_blocks - 2, before->n_entries, &self->tail->before,
                            &self->tail->last_run);
    }
  set_capacity (self, self->tail, capacity);
}

static void
push_entry (LscLane *self, uint64_t time_ns, LscCause cause)
{
  LscLaneBlock *block = self->tail;

  if (block == NULL || block->n_entries == LSC_BLOCK_ENTRIES
      || time_ns - block->start_ns > UINT32_MAX)
    {
      add_block (self, time_ns);
      block = self->tail;
    }
  if (block->n_entries == block->capacity)
    set_capacity (self, block, MIN (block->capacity * 4, LSC_BLOCK_ENTRIES));
  block->entries[block->n_entries++] =
      (LscLaneEntry){ (uint32_t) (time_ns - block->start_ns), cause };
  self->n_spans++;
  self->last_start_ns = time_ns;
  self->last_cause = cause;
}

static void
build_pyramid (LscLane *self)
{
  LscLaneIter iter;
  LscStretch stretch;

  self->pyramid = lsc_pyramid_new (&self->shared->memory);
  lsc_lane_iter_init (&iter, self, 0);
  while (lsc_lane_iter_step (&iter, &stretch) && iter.block < self->n_blocks)
    lsc_pyramid_add (self->pyramid, lsc_cause_get_state (stretch.cause), stretch.start_ns,
                     stretch.end_ns);
}

/* What lsc_lane_append_inline() leaves: the first span, a full block, a lane that lives again. */
void
lsc_lane_append (LscLane *self, uint64_t time_ns, LscCause cause)
{
  if (self->closed)
    {
      /* It lives again (an exec by another thread of the process): the time between was nobody's.
       */
      self->closed = false;
      if (time_ns > self->closed_ns)
        lsc_lane_append (self, self->closed_ns, LSC_CAUSE_ABSENT);
    }
  if (self->n_blocks > 0)
    {
      time_ns = MAX (time_ns, self->last_start_ns);
      if (self->pyramid == NULL && self->n_spans >= PYRAMID_FROM)
        build_pyramid (self);
      lsc_lane_finish_span (self, time_ns);
    }
  push_entry (self, time_ns, cause);
}

void
lsc_lane_amend (LscLane *self, LscCause cause)
{
  LscLaneBlock *block = self->tail;

  block->entries[block->n_entries - 1].cause = cause;
  self->last_cause = cause;
}

void
lsc_lane_close (LscLane *self, uint64_t time_ns)
{
  self->closed = true;
  self->closed_ns = MAX (time_ns, self->last_start_ns);
  if (self->tail == NULL)
    return;
  /* Most lanes are short, and most stay closed. */
  set_capacity (self, self->tail, self->tail->n_entries);
  self->shared->memory -= (self->capacity - self->n_blocks) * sizeof (LscLaneBlock);
  self->capacity = self->n_blocks;
  self->blocks = g_renew (LscLaneBlock, self->blocks, self->capacity);
  self->tail = &self->blocks[self->n_blocks - 1];
  if (self->pyramid != NULL)
    lsc_pyramid_trim (self->pyramid);
}

void
lsc_lane_set_open_start (LscLane *self, bool open_start)
{
  self->open_start = open_start;
}

void
lsc_lane_set_uncounted (LscLane *self)
{
  self->uncounted = true;
}

size_t
lsc_lane_drop_before (LscLane *self, uint64_t time_ns)
{
  size_t n_dropped = 0;

  while (n_dropped + 1 < self->n_blocks && self->blocks[n_dropped + 1].start_ns <= time_ns)
    set_capacity (self, &self->blocks[n_dropped++], 0);
  if (n_dropped + 1 == self->n_blocks && self->closed && self->closed_ns <= time_ns)
    set_capacity (self, &self->blocks[n_dropped++], 0);
  if (n_dropped == 0)
    return 0;
  self->n_blocks -= n_dropped;
  memmove (self->blocks, self->blocks + n_dropped, self->n_blocks * sizeof *self->blocks);
  self->tail = self->n_blocks == 0 ? NULL : &self->blocks[self->n_blocks - 1];
  self->open_start = true;
  if (self->pyramid != NULL)
    lsc_pyramid_drop_before (self->pyramid, time_ns);
  return n_dropped;
}
