/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How often things happened on a thread's lane: kept up to each chapter, counted within two.
 */
#include "lib/trace/lane-private.h"
#include "lib/wire/record.h"

#include <string.h>

static const LscFacts *
facts_of (const LscLane *self, LscCause cause)
{
  return lsc_cause_table_get (self->shared->causes, cause);
}

/* What going from one state to another counts for: counts of 16 bits, one above the other. A block
 * has too few spans for one to overflow. */
#define VOLUNTARY UINT64_C (1)
#define INVOLUNTARY (UINT64_C (1) << 16)
#define WAKEUP (UINT64_C (1) << 32)
#define FOUND_OUT (UINT64_C (1) << 48) /* from UNKNOWN: what it was depends on more than states */
#define COUNT_OF(changes, what) (uint32_t) ((changes) / (what) &UINT16_MAX)

_Static_assert(LSC_BLOCK_ENTRIES <= UINT16_MAX, "counts of a block have 16 bits");

#define NO_SWITCH                                                                                  \
  {                                                                                                \
    [LSC_STATE_RUNNABLE] = WAKEUP                                                                  \
  }

static const uint64_t changes_of[LSC_N_STATES][LSC_N_STATES] = {
  [LSC_STATE_UNKNOWN] = { [LSC_STATE_RUNNABLE] = WAKEUP,
                          [LSC_STATE_PREEMPTED] = FOUND_OUT,
                          [LSC_STATE_SLEEPING] = FOUND_OUT,
                          [LSC_STATE_UNINTERRUPTIBLE] = FOUND_OUT,
                          [LSC_STATE_STOPPED] = FOUND_OUT },
  [LSC_STATE_RUNNING] = { [LSC_STATE_RUNNABLE] = WAKEUP + VOLUNTARY,
                          [LSC_STATE_PREEMPTED] = INVOLUNTARY,
                          [LSC_STATE_SLEEPING] = VOLUNTARY,
                          [LSC_STATE_UNINTERRUPTIBLE] = VOLUNTARY,
                          [LSC_STATE_STOPPED] = VOLUNTARY,
                          [LSC_STATE_ABSENT] = VOLUNTARY },
  [LSC_STATE_RUNNABLE] = NO_SWITCH,
  [LSC_STATE_PREEMPTED] = NO_SWITCH,
  [LSC_STATE_SLEEPING] = NO_SWITCH,
  [LSC_STATE_UNINTERRUPTIBLE] = NO_SWITCH,
  [LSC_STATE_STOPPED] = NO_SWITCH,
  [LSC_STATE_ABSENT] = NO_SWITCH,
};

/* After an unknown stretch a switch was seen when it is what the span itself was told by. */
static void
count_found_out (const LscLane *self,
                 LscState before,
                 const LscLaneEntry *entries,
                 uint32_t n,
                 LscLaneCounts *counts)
{
  for (uint32_t e = 0; e < n; e++)
    {
      LscState state = lsc_cause_get_state (entries[e].cause);

      if (changes_of[before][state] == FOUND_OUT
          && (facts_of (self, entries[e].cause)->flags & LSC_FACT_INFERRED) == 0)
        {
          counts->involuntary += state == LSC_STATE_PREEMPTED;
          counts->voluntary += state != LSC_STATE_PREEMPTED;
        }
      before = state;
    }
}

/* The last time RUNNING among those spans, or what it was before. */
static LscCause
find_last_run (const LscLaneEntry *entries, uint32_t n, LscCause before)
{
  while (n > 0 && lsc_cause_get_state (entries[n - 1].cause) != LSC_STATE_RUNNING)
    n--;
  return n > 0 ? entries[n - 1].cause : before;
}

/* Brings `mark`, which stands at block `b`, up to its first `n` spans. What every span takes part
 * in is without branches, which nobody could foresee. */
static void
count_spans (const LscLane *self, LscLaneMark *mark, size_t b, uint32_t n)
{
  const LscLaneBlock *block = &self->blocks[b];
  const LscLaneEntry *entries = block->entries;
  const LscCauseBrief *briefs = self->shared->causes->briefs;
  LscState first = lsc_cause_get_state (mark->cause), before = first;
  uint32_t cpu = briefs[lsc_cause_get_number (mark->last_run)].cpu;
  uint32_t migrations = 0;
  uint64_t changes = 0;

  if (n == 0)
    return;
  for (uint32_t e = 0; e < n; e++)
    {
      LscState state = lsc_cause_get_state (entries[e].cause);
      uint32_t other = briefs[lsc_cause_get_number (entries[e].cause)].cpu;

      changes += changes_of[before][state];
      other = state == LSC_STATE_RUNNING ? other : cpu;
      migrations += (other != cpu) & (cpu != LSC_CPU_NONE);
      cpu = other;
      before = state;
    }
  mark->before.voluntary += COUNT_OF (changes, VOLUNTARY);
  mark->before.involuntary += COUNT_OF (changes, INVOLUNTARY);
  mark->before.wakeups += COUNT_OF (changes, WAKEUP);
  mark->before.migrations += migrations;
  if (COUNT_OF (changes, FOUND_OUT) > 0)
    count_found_out (self, first, entries, n, &mark->before);
  /* It was woken before the capture began. */
  if (block->first == 0 && self->open_start)
    mark->before.wakeups -= lsc_cause_get_state (entries[0].cause) == LSC_STATE_RUNNABLE;
  mark->last_run = find_last_run (entries, n, mark->last_run);
  mark->cause = entries[n - 1].cause;
}

/* Brings `mark` to a later block. */
static void
advance (const LscLane *self, LscLaneMark *mark, uint64_t block)
{
  for (; mark->block < block; mark->block++)
    {
      size_t b = mark->block - self->first_block;

      count_spans (self, mark, b, lsc_lane_get_block_size (self, b));
    }
}

static size_t
get_chapter_memory (const LscLaneChapter *chapter)
{
  return sizeof *chapter
         + (chapter->digest != NULL ? lsc_lane_digest_get_memory (chapter->digest) : 0);
}

void
lsc_lane_count_on (LscLane *self, uint64_t time_ns)
{
  bool is_last = lsc_lane_get_n_spans (self) - self->chapter_first >= LSC_CHAPTER_SPANS;
  LscLaneChapter chapter;

  if (self->uncounted)
    return;
  advance (self, &self->last, self->first_block + self->n_blocks);
  chapter.mark = self->open;
  chapter.digest = lsc_lane_digest_add_block (self, time_ns, is_last);
  if (!is_last)
    return;
  self->shared->memory += get_chapter_memory (&chapter);
  self->chapters = g_renew (LscLaneChapter, self->chapters, self->n_chapters + 1);
  self->chapters[self->n_chapters++] = chapter;
  self->open = self->last;
  self->chapter_first = lsc_lane_get_n_spans (self);
}

void
lsc_lane_drop_chapters (LscLane *self, uint32_t n)
{
  if (n == 0)
    return;
  for (uint32_t i = 0; i < n; i++)
    {
      self->shared->memory -= get_chapter_memory (&self->chapters[i]);
      lsc_lane_digest_free (self->chapters[i].digest);
    }
  self->n_chapters -= n;
  memmove (self->chapters, self->chapters + n, self->n_chapters * sizeof (LscLaneChapter));
  self->chapters = g_renew (LscLaneChapter, self->chapters, self->n_chapters);
}

void
lsc_lane_cut_chapters (LscLane *self, uint32_t n)
{
  uint64_t block = self->first_block + n;
  uint32_t n_gone = 0;

  if (self->uncounted)
    return;
  while (n_gone < self->n_chapters && self->chapters[n_gone].mark.block < block)
    self->first = self->chapters[n_gone++].mark;
  if (self->open.block < block)
    self->first = self->open;
  advance (self, &self->first, block);
  if (self->open.block < block)
    {
      lsc_lane_digest_stop (self);
      self->open = self->first;
      self->chapter_first =
          n < self->n_blocks ? self->blocks[n].first : lsc_lane_get_n_spans (self);
    }
  if (self->last.block < block)
    self->last = self->first;
  lsc_lane_drop_chapters (self, n_gone);
}

/* The last mark that stands at or before block `b`. */
static const LscLaneMark *
find_mark (const LscLane *self, size_t b)
{
  uint64_t block = self->first_block + b;
  size_t low = 0, high = self->n_chapters;

  if (self->last.block == block)
    return &self->last;
  if (self->open.block <= block)
    return &self->open;
  while (low < high)
    {
      size_t middle = low + (high - low) / 2;

      if (self->chapters[middle].mark.block <= block)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? &self->chapters[low - 1].mark : &self->first;
}

/* What happened before `time_ns`. */
static LscLaneCounts
count_before (const LscLane *self, uint64_t time_ns)
{
  LscLaneMark mark;
  size_t b;

  if (time_ns <= self->blocks[0].start_ns)
    return self->first.before;
  b = lsc_lane_find_block (self, time_ns - 1);
  mark = *find_mark (self, b);
  advance (self, &mark, self->first_block + b);
  count_spans (self, &mark, b, lsc_lane_find_entry (self, b, time_ns - 1) + 1);
  return mark.before;
}

void
lsc_lane_count (const LscLane *self, uint64_t from_ns, uint64_t to_ns, LscLaneCounts *out_counts)
{
  bool to_the_end = to_ns >= self->shared->end_ns;
  LscLaneCounts before, after;

  *out_counts = (LscLaneCounts){ 0 };
  if (self->n_blocks == 0 || from_ns > to_ns)
    return;
  before = count_before (self, from_ns);
  after = count_before (self, to_the_end ? UINT64_MAX : to_ns);
  out_counts->voluntary = after.voluntary - before.voluntary;
  out_counts->involuntary = after.involuntary - before.involuntary;
  out_counts->migrations = after.migrations - before.migrations;
  out_counts->wakeups = after.wakeups - before.wakeups;
  /* Its last switch is the one it did not come back from. */
  if (self->closed && lsc_cause_get_state (self->last_cause) == LSC_STATE_RUNNING
      && self->closed_ns >= from_ns && (self->closed_ns < to_ns || to_the_end))
    out_counts->voluntary++;
}
