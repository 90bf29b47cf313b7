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

/* Running before, it is in one of these by its own will. */
#define OWN_WILL                                                                                   \
  (1u << LSC_STATE_RUNNABLE | 1u << LSC_STATE_SLEEPING | 1u << LSC_STATE_UNINTERRUPTIBLE           \
   | 1u << LSC_STATE_STOPPED | 1u << LSC_STATE_ABSENT)

/* After an unknown stretch a switch was seen when it is what the span itself was told by; a wakeup
 * is none. */
static void
count_after_unknown (const LscLane *self, LscCause cause, LscLaneCounts *counts)
{
  LscState state = lsc_cause_get_state (cause);

  if (state == LSC_STATE_RUNNABLE || state == LSC_STATE_ABSENT || state == LSC_STATE_RUNNING
      || state == LSC_STATE_UNKNOWN || (facts_of (self, cause)->flags & LSC_FACT_INFERRED) != 0)
    return;
  counts->involuntary += state == LSC_STATE_PREEMPTED;
  counts->voluntary += state != LSC_STATE_PREEMPTED;
}

static inline bool
is_elsewhere (const LscLane *self, LscCause last_run, LscCause run)
{
  uint32_t last_cpu;

  if (last_run == run || last_run == 0)
    return false;
  last_cpu = facts_of (self, last_run)->cpu;
  return last_cpu != LSC_CPU_NONE && facts_of (self, run)->cpu != last_cpu;
}

/* Brings `mark`, which stands at block `b`, up to its first `n` spans. */
static void
count_spans (const LscLane *self, LscLaneMark *mark, size_t b, uint32_t n)
{
  const LscLaneBlock *block = &self->blocks[b];
  LscState before = lsc_cause_get_state (mark->cause);
  LscLaneCounts counts = mark->before;

  for (uint32_t e = 0; e < n; e++)
    {
      LscCause cause = block->entries[e].cause;
      LscState state = lsc_cause_get_state (cause);

      /* Without branches where they could not be foreseen. */
      counts.voluntary += (before == LSC_STATE_RUNNING) & (OWN_WILL >> state);
      counts.involuntary += (before == LSC_STATE_RUNNING) & (state == LSC_STATE_PREEMPTED);
      counts.wakeups += state == LSC_STATE_RUNNABLE;
      if (before == LSC_STATE_UNKNOWN)
        count_after_unknown (self, cause, &counts);
      if (state == LSC_STATE_RUNNING)
        {
          counts.migrations += is_elsewhere (self, mark->last_run, cause);
          mark->last_run = cause;
        }
      before = state;
    }
  /* It was woken before the capture began. */
  if (n > 0 && block->first == 0 && self->open_start)
    counts.wakeups -= lsc_cause_get_state (block->entries[0].cause) == LSC_STATE_RUNNABLE;
  mark->before = counts;
  if (n > 0)
    mark->cause = block->entries[n - 1].cause;
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
