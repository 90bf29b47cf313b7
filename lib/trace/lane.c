/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a lane is filled, and how it forgets.
 */
#include "lib/trace/bulk.h"
#include "lib/trace/lane-private.h"

#include <string.h>

#define BLOCK_FIRST_ENTRIES 4u
#define PYRAMID_FROM 512u /* fewer spans are walked as fast */

void
lsc_lane_shared_init (LscLaneShared *self)
{
  *self = (LscLaneShared){ .causes = lsc_cause_table_new () };
  for (unsigned i = 0; i < LSC_N_CAPACITIES; i++)
    lsc_piece_pool_init (&self->entries[i], &self->store,
                         (BLOCK_FIRST_ENTRIES << i) * sizeof (LscLaneEntry));
  lsc_piece_pool_init (&self->single_blocks, &self->store, sizeof (LscLaneBlock));
  lsc_piece_pool_init (&self->lanes, &self->store, sizeof (LscLane));
}

void
lsc_lane_shared_clear (LscLaneShared *self)
{
  lsc_cause_table_free (self->causes);
  lsc_slab_store_clear (&self->store);
}

LscLane *
lsc_lane_new (LscLaneShared *shared)
{
  LscLane *self = lsc_piece_pool_take (&shared->lanes);

  *self = (LscLane){ .shared = shared };
  self->first.cause = self->open.cause = self->last.cause = LSC_CAUSE_ABSENT;
  shared->memory += sizeof *self;
  return self;
}

/* Most lanes are short: their one block does not come from the heap. */
static LscLaneBlock *
new_blocks (LscLaneShared *shared, uint32_t capacity)
{
  return capacity == 1 ? lsc_piece_pool_take (&shared->single_blocks)
                       : lsc_bulk_resize (NULL, 0, capacity * sizeof (LscLaneBlock));
}

static void
free_block_list (LscLaneShared *shared, LscLaneBlock *blocks, uint32_t capacity)
{
  if (capacity == 1)
    lsc_piece_pool_give (&shared->single_blocks, blocks);
  else
    lsc_bulk_resize (blocks, capacity * sizeof *blocks, 0);
}

static void
set_blocks_capacity (LscLane *self, uint32_t capacity)
{
  LscLaneBlock *blocks = self->blocks;
  uint32_t old = self->blocks_capacity;

  self->shared->memory += capacity * sizeof *blocks;
  self->shared->memory -= old * sizeof *blocks;
  self->blocks_capacity = capacity;
  if (capacity > 1 && old > 1)
    self->blocks = lsc_bulk_resize (blocks, old * sizeof *blocks, capacity * sizeof *blocks);
  else if (capacity != old)
    {
      self->blocks = new_blocks (self->shared, capacity);
      if (old > 0 && capacity > 0)
        memcpy (self->blocks, blocks, MIN (capacity, old) * sizeof *blocks);
      free_block_list (self->shared, blocks, old);
    }
}

/* What there really is for a capacity of `n`, which is at least one. */
static uint32_t
capacity_for (uint32_t n)
{
  return n <= BLOCK_FIRST_ENTRIES ? BLOCK_FIRST_ENTRIES : 1u << g_bit_storage (n - 1);
}

static LscPiecePool *
pool_of (LscLane *self, uint32_t capacity)
{
  return &self->shared->entries[g_bit_storage (capacity / BLOCK_FIRST_ENTRIES) - 1];
}

static void
free_block (LscLane *self, LscLaneEntry *entries, uint32_t capacity)
{
  if (capacity == 0)
    return;
  self->shared->memory -= capacity_for (capacity) * sizeof (LscLaneEntry);
  lsc_piece_pool_give (pool_of (self, capacity_for (capacity)), entries);
}

/* Makes room for `capacity` entries in the last block. */
static void
set_capacity (LscLane *self, uint32_t capacity)
{
  LscLaneEntry *entries;

  if (capacity == self->capacity)
    return;
  entries = lsc_piece_pool_take (pool_of (self, capacity_for (capacity)));
  if (self->n_entries > 0)
    memcpy (entries, self->entries, self->n_entries * sizeof *entries);
  self->shared->memory += capacity_for (capacity) * sizeof (LscLaneEntry);
  free_block (self, self->entries, self->capacity);
  self->capacity = (uint16_t) capacity;
  self->entries = self->blocks[self->n_blocks - 1].entries = entries;
}

/* Gives back the first `n` blocks' entries. */
static void
free_blocks (LscLane *self, size_t n)
{
  for (size_t b = 0; b < n; b++)
    free_block (self, self->blocks[b].entries,
                b + 1 < self->n_blocks ? lsc_lane_get_block_size (self, b) : self->capacity);
}

void
lsc_lane_free (LscLane *self)
{
  if (self == NULL)
    return;
  lsc_lane_drop_chapters (self, self->n_chapters);
  lsc_lane_digest_stop (self);
  free_blocks (self, self->n_blocks);
  set_blocks_capacity (self, 0);
  lsc_pyramid_free (self->pyramid);
  self->shared->memory -= sizeof *self;
  lsc_piece_pool_give (&self->shared->lanes, self);
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
  return self->n_blocks == 0 ? lsc_lane_get_n_spans (self) : self->blocks[0].first;
}

uint64_t
lsc_lane_get_end (const LscLane *self)
{
  return lsc_lane_get_n_spans (self);
}

/* What ends before that, counted from the last block's start, lies in the pyramid's open bucket. */
static uint64_t
get_edge (const LscLane *self)
{
  uint64_t edge_ns = self->pyramid != NULL ? lsc_pyramid_get_edge (self->pyramid) : UINT64_MAX;

  return edge_ns - MIN (edge_ns, self->block_start_ns);
}

static void
add_to_pyramid (const LscLane *self, LscState state, uint64_t from_ns, uint64_t to_ns)
{
  if (self->pyramid != NULL && to_ns > from_ns)
    lsc_pyramid_add_long (self->pyramid, state, from_ns, to_ns);
}

/* Moves times to what they are part of. */
static void
move_times (uint64_t ns[LSC_N_STATES], uint64_t total_ns[LSC_N_STATES], LscPyramid *pyramid)
{
  for (unsigned state = 0; state < LSC_N_STATES; state++)
    {
      total_ns[state] += ns[state];
      if (pyramid != NULL)
        pyramid->open_ns[state] += ns[state];
      ns[state] = 0;
    }
}

/* The last block is complete, its last span ends at `end_ns`: what there is to know of it is added
 * to `total_ns` and to the pyramid. */
static void
finish_block (LscLane *self, uint64_t end_ns, uint64_t total_ns[LSC_N_STATES])
{
  const LscLaneEntry *entries = self->entries;
  uint64_t block_ns = self->block_start_ns, ns[LSC_N_STATES] = { 0 };
  uint64_t edge = get_edge (self), start = 0;
  uint32_t last = self->n_entries - 1u;
  LscState last_state = lsc_cause_get_state (self->last_cause);

  if (self->pyramid != NULL)
    self->pyramid->n_spans += self->n_entries;
  for (uint32_t e = 0; e < last; e++)
    {
      LscState state = lsc_cause_get_state (entries[e].cause);
      uint64_t next = entries[e + 1].start;

      if (next < edge)
        ns[state] += next - start;
      else
        {
          move_times (ns, total_ns, self->pyramid);
          total_ns[state] += next - start;
          add_to_pyramid (self, state, block_ns + start, block_ns + next);
          edge = get_edge (self);
        }
      start = next;
    }
  move_times (ns, total_ns, self->pyramid);
  total_ns[last_state] += end_ns - self->last_start_ns;
  add_to_pyramid (self, last_state, self->last_start_ns, end_ns);
}

/* Of all blocks but the last. */
static void
build_pyramid (LscLane *self)
{
  LscLaneIter iter;
  LscStretch stretch;

  self->pyramid = lsc_pyramid_new (&self->shared->memory);
  lsc_pyramid_expect (self->pyramid, self->blocks[0].start_ns, self->block_start_ns);
  lsc_lane_iter_init (&iter, self, 0);
  for (uint64_t number = self->blocks[0].first; number < self->block_first; number++)
    if (lsc_lane_iter_step (&iter, &stretch))
      lsc_pyramid_add (self->pyramid, lsc_cause_get_state (stretch.cause), stretch.start_ns,
                       stretch.end_ns);
}

/* What finishing the last block will touch, and nobody has for long. */
static void
fetch_block (const LscLane *self)
{
  for (uint32_t e = 0; e < self->n_entries; e += LSC_CACHE_LINE / sizeof (LscLaneEntry))
    __builtin_prefetch (&self->entries[e]);
  __builtin_prefetch (&self->blocks[self->n_blocks - 1]);
  __builtin_prefetch (&self->blocks[self->n_blocks], 1);
  lsc_lane_digest_fetch (self);
  if (self->pyramid != NULL)
    lsc_pyramid_fetch (self->pyramid);
}

static void
add_block (LscLane *self, uint64_t time_ns)
{
  LscLaneBlock block = { .start_ns = time_ns, .first = lsc_lane_get_n_spans (self) };
  uint32_t capacity = BLOCK_FIRST_ENTRIES;

  if (self->n_blocks > 0)
    {
      fetch_block (self);
      lsc_lane_count_on (self, time_ns);
      memcpy (block.before_ns, self->blocks[self->n_blocks - 1].before_ns, sizeof block.before_ns);
      finish_block (self, time_ns, block.before_ns);
      if (self->n_entries == LSC_BLOCK_ENTRIES)
        capacity = LSC_BLOCK_ENTRIES; /* it was filled: so will be the next */
      else
        set_capacity (self, self->n_entries); /* time went on too far for it */
    }
  if (self->n_blocks == self->blocks_capacity)
    set_blocks_capacity (self,
                         self->n_blocks == 0 ? 1 : self->n_blocks + MAX (4, self->n_blocks / 4));
  self->blocks[self->n_blocks++] = block;
  self->block_start_ns = time_ns;
  self->block_first = block.first;
  self->n_entries = self->capacity = 0;
  self->entries = NULL;
  set_capacity (self, capacity);
  if (self->pyramid == NULL && block.first - self->blocks[0].first >= PYRAMID_FROM)
    build_pyramid (self);
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
  time_ns = MAX (time_ns, self->last_start_ns);
  if (self->n_blocks == 0 || self->n_entries == LSC_BLOCK_ENTRIES
      || time_ns - self->block_start_ns >= LSC_BLOCK_NS)
    add_block (self, time_ns);
  if (self->n_entries == self->capacity)
    set_capacity (self, MIN (MAX (self->capacity * 4, BLOCK_FIRST_ENTRIES), LSC_BLOCK_ENTRIES));
  self->entries[self->n_entries++] = lsc_lane_make_entry (time_ns - self->block_start_ns, cause);
  self->last_start_ns = time_ns;
  self->last_cause = cause;
}

void
lsc_lane_amend (LscLane *self, LscCause cause)
{
  LscLaneEntry *last = &self->entries[self->n_entries - 1];

  *last = lsc_lane_make_entry (last->start, cause);
  self->last_cause = cause;
}

void
lsc_lane_close (LscLane *self, uint64_t time_ns)
{
  self->closed = true;
  self->closed_ns = MAX (time_ns, self->last_start_ns);
  if (self->n_blocks == 0)
    return;
  /* Most lanes are short, and most stay closed. */
  set_capacity (self, self->n_entries);
  set_blocks_capacity (self, self->n_blocks);
  lsc_lane_digest_stop (self);
  if (self->pyramid != NULL)
    lsc_pyramid_trim (self->pyramid);
}

void
lsc_lane_set_open_start (LscLane *self, bool open_start)
{
  self->open_start = open_start;
}

void
lsc_lane_set_kernel_thread (LscLane *self, bool kernel_thread)
{
  self->kernel_thread = kernel_thread;
}

void
lsc_lane_set_uncounted (LscLane *self)
{
  self->uncounted = true;
}

size_t
lsc_lane_drop_before (LscLane *self, uint64_t time_ns)
{
  uint32_t n_dropped = 0;

  while (n_dropped + 1 < self->n_blocks && self->blocks[n_dropped + 1].start_ns <= time_ns)
    n_dropped++;
  if (n_dropped + 1 == self->n_blocks && self->closed && self->closed_ns <= time_ns)
    n_dropped++;
  if (n_dropped == 0)
    return 0;
  lsc_lane_cut_chapters (self, n_dropped);
  free_blocks (self, n_dropped);
  self->n_blocks -= n_dropped;
  self->first_block += n_dropped;
  memmove (self->blocks, self->blocks + n_dropped, self->n_blocks * sizeof *self->blocks);
  if (self->n_blocks == 0)
    {
      self->block_first += self->n_entries;
      self->n_entries = self->capacity = 0;
      self->entries = NULL;
    }
  self->open_start = true;
  if (self->pyramid != NULL)
    lsc_pyramid_drop_before (self->pyramid, time_ns);
  return n_dropped;
}
