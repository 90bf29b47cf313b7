/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane-digest.h"

#include "lib/trace/lane-private.h"

#include <string.h>

typedef struct
{
  uint64_t ns;
  uint64_t count;
} Total;

#define COUNTED (UINT64_C (1) << 40) /* once, above the bits that the times in a block have */

/* The digest of the open chapter, as far as its blocks are full. */
struct _LscDigestSum
{
  LscLaneDigest head;
  bool broken;        /* not all of the chapter was seen */
  bool off;           /* in a stretch off the CPU */
  bool before;        /* which had begun before */
  uint8_t last_marks; /* of the latest span */
  uint64_t last_ns;   /* where that began */
  uint64_t off_ns;
  Total totals[LSC_N_REASONS];
  uint16_t *codes;
  uint32_t capacity;
};

/* Places in a block where something came about. Finding them needs no branch, which could not be
 * foreseen; what they mean is worked out for these few. */
typedef struct
{
  uint32_t n_runs;
  uint32_t n_turns;
  uint16_t runs[LSC_BLOCK_ENTRIES];  /* it runs, right after it was woken */
  uint16_t turns[LSC_BLOCK_ENTRIES]; /* it has left the CPUs, or come back */
} Places;

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

/* The stretch off the CPU that ends or begins at `time_ns`. */
static inline void
turn (LscDigestSum *self, uint64_t time_ns)
{
  LscLaneDigest *head = &self->head;

  if (!self->off)
    self->off_ns = time_ns;
  else if (self->before)
    head->on_ns = time_ns;
  else if (time_ns - self->off_ns > head->max_off_ns)
    {
      head->max_off_ns = time_ns - self->off_ns;
      head->max_off_at_ns = self->off_ns;
    }
  self->off = !self->off;
  self->before = false;
}

/* Woken at `from_ns`, it runs at `to_ns`. There is room for a code. */
static inline void
add_latency (LscDigestSum *self, uint64_t from_ns, uint64_t to_ns)
{
  LscLaneDigest *head = &self->head;
  uint64_t ns = to_ns - from_ns;

  if (head->n_latencies == 0 || ns > head->max_latency_ns)
    {
      head->max_latency_ns = ns;
      head->max_latency_at_ns = from_ns;
    }
  self->codes[head->n_latencies++] = lsc_latency_to_code (ns);
}

void
lsc_lane_digest_sort_codes (uint16_t *codes, uint16_t *space, size_t n)
{
  uint32_t ends[2][256] = { { 0 } };

  for (size_t i = 0; i < n; i++)
    {
      ends[0][codes[i] & 255]++;
      ends[1][codes[i] >> 8]++;
    }
  for (unsigned byte = 0; byte < 2; byte++)
    {
      uint16_t *from = byte == 0 ? codes : space, *to = byte == 0 ? space : codes;
      uint32_t at = 0;

      for (unsigned value = 0; value < 256; value++)
        {
          uint32_t count = ends[byte][value];

          ends[byte][value] = at;
          at += count;
        }
      for (size_t i = 0; i < n; i++)
        to[ends[byte][from[i] >> (8 * byte) & 255]++] = from[i];
    }
}

/* Begins a chapter with the lane's last block, of which the second span only says what was before
 * the third. */
static void
begin_chapter (LscLane *lane)
{
  const LscCauseTable *causes = lane->shared->causes;
  LscDigestSum *self = lane->sum;
  const LscLaneEntry *second = &lane->entries[1];

  self->head = (LscLaneDigest){ .on_ns = UINT64_MAX,
                                .off_ns = UINT64_MAX,
                                .kernel_thread = lane->kernel_thread,
                                .abi = (LscAbi) causes->abi };
  memset (self->totals, 0, sizeof self->totals);
  self->broken = lane->n_entries < 4;
  if (self->broken)
    return;
  self->last_marks = lsc_cause_table_get_brief (causes, second->cause).marks;
  self->last_ns = lane->block_start_ns + second->start;
  self->off = self->before = self->head.inherits = (self->last_marks & LSC_MARK_OFF) != 0;
}

static void
set_codes_capacity (LscLane *lane, uint32_t capacity)
{
  LscDigestSum *self = lane->sum;

  lane->shared->memory += capacity * sizeof *self->codes;
  lane->shared->memory -= self->capacity * sizeof *self->codes;
  self->capacity = capacity;
  self->codes = g_renew (uint16_t, self->codes, capacity);
}

/* Adds what a block holds of each reason: counts above times, which are short within a block. */
static void
add_totals (LscDigestSum *self, const uint64_t sums[LSC_N_REASONS])
{
  for (unsigned reason = 0; reason < LSC_N_REASONS; reason++)
    {
      self->totals[reason].ns += sums[reason] & (COUNTED - 1);
      self->totals[reason].count += sums[reason] / COUNTED;
    }
}

/* Adds the times of the spans from `from` on of the lane's last block, which ends at `end_ns`, and
 * finds the places among them. */
static void
add_spans (const LscLane *lane, uint32_t from, uint64_t end_ns, Places *places)
{
  const LscCauseBrief *briefs = lane->shared->causes->briefs, *brief;
  const LscLaneEntry *entries = lane->entries;
  LscDigestSum *self = lane->sum;
  size_t kernel_thread = self->head.kernel_thread;
  uint64_t sums[LSC_N_REASONS] = { 0 };
  uint32_t last = lane->n_entries - 1u, n_runs = 0, n_turns = 0;
  uint32_t before = self->last_marks;

  for (uint32_t e = from; e < last; e++)
    {
      brief = &briefs[lsc_cause_get_number (entries[e].cause)];
      sums[brief->reasons[kernel_thread]] += COUNTED + entries[e + 1].start - entries[e].start;
      places->runs[n_runs] = places->turns[n_turns] = (uint16_t) e;
      n_runs += ends_latency (before, brief->marks);
      n_turns += is_turn (before, brief->marks);
      before = brief->marks;
    }
  brief = &briefs[lsc_cause_get_number (entries[last].cause)];
  sums[brief->reasons[kernel_thread]] += COUNTED;
  self->totals[brief->reasons[kernel_thread]].ns += end_ns - lane->last_start_ns;
  places->runs[n_runs] = places->turns[n_turns] = (uint16_t) last;
  places->n_runs = n_runs + ends_latency (before, brief->marks);
  places->n_turns = n_turns + is_turn (before, brief->marks);
  self->last_marks = brief->marks;
  add_totals (self, sums);
}

/* The last span of a chapter is left out, but for the latency that ends with it. */
static void
leave_out_last (const LscLane *lane, uint64_t end_ns, Places *places)
{
  const LscLaneEntry *last = &lane->entries[lane->n_entries - 1];
  LscDigestSum *self = lane->sum;
  LscCauseBrief brief = lsc_cause_table_get_brief (lane->shared->causes, last->cause);
  Total *total = &self->totals[brief.reasons[self->head.kernel_thread]];

  total->ns -= end_ns - lane->last_start_ns;
  total->count--;
  if (places->n_turns > 0 && places->turns[places->n_turns - 1] == lane->n_entries - 1)
    places->n_turns--;
}

static void
look_at_places (const LscLane *lane, const Places *places)
{
  const LscLaneEntry *entries = lane->entries;
  LscDigestSum *self = lane->sum;
  uint64_t block_ns = lane->block_start_ns;

  for (uint32_t i = 0; i < places->n_runs; i++)
    {
      uint32_t e = places->runs[i];

      add_latency (self, e > 0 ? block_ns + entries[e - 1].start : self->last_ns,
                   block_ns + entries[e].start);
    }
  for (uint32_t i = 0; i < places->n_turns; i++)
    turn (self, block_ns + entries[places->turns[i]].start);
  self->last_ns = lane->last_start_ns;
}

/* What was gathered, in as few bytes as it takes. */
static LscLaneDigest *
pack (LscDigestSum *sum)
{
  LscLaneDigest *self;
  uint16_t n_reasons = 0;

  for (unsigned i = 0; i < LSC_N_REASONS; i++)
    n_reasons = (uint16_t) (n_reasons + (sum->totals[i].count > 0));
  sum->head.n_reasons = n_reasons;
  if (sum->off && !sum->before)
    sum->head.off_ns = sum->off_ns;
  self = g_malloc (lsc_lane_digest_get_memory (&sum->head));
  *self = sum->head;
  for (unsigned i = 0, at = 0; i < LSC_N_REASONS; i++)
    if (sum->totals[i].count > 0)
      self->reasons[at++] =
          (LscDigestReason){ sum->totals[i].ns, (uint32_t) sum->totals[i].count, i };
  lsc_lane_digest_sort_codes (sum->codes, (uint16_t *) (void *) &self->reasons[n_reasons],
                              self->n_latencies);
  if (self->n_latencies > 0)
    memcpy (&self->reasons[n_reasons], sum->codes, self->n_latencies * sizeof *sum->codes);
  return self;
}

LscLaneDigest *
lsc_lane_digest_add_block (LscLane *lane, uint64_t end_ns, bool is_last)
{
  LscDigestSum *self = lane->sum;
  bool is_first = lane->block_first == lane->chapter_first;
  Places places;

  if (self == NULL)
    {
      self = lane->sum = g_new0 (LscDigestSum, 1);
      self->broken = true;
      lane->shared->memory += sizeof *self;
    }
  if (is_first)
    begin_chapter (lane);
  self->broken |= lane->kernel_thread != self->head.kernel_thread;
  if (self->broken)
    return NULL;
  add_spans (lane, is_first ? 2 : 0, end_ns, &places);
  if (is_last)
    leave_out_last (lane, end_ns, &places);
  if (self->capacity < self->head.n_latencies + places.n_runs)
    set_codes_capacity (lane, MAX (self->capacity * 2, self->head.n_latencies + places.n_runs));
  look_at_places (lane, &places);
  return is_last ? pack (self) : NULL;
}

void
lsc_lane_digest_stop (LscLane *lane)
{
  if (lane->sum == NULL)
    return;
  set_codes_capacity (lane, 0);
  lane->shared->memory -= sizeof *lane->sum;
  g_clear_pointer (&lane->sum, g_free);
}

void
lsc_lane_digest_free (LscLaneDigest *self)
{
  g_free (self);
}

size_t
lsc_lane_digest_get_memory (const LscLaneDigest *self)
{
  return sizeof *self + self->n_reasons * sizeof (LscDigestReason)
         + self->n_latencies * sizeof (uint16_t);
}

/* The chapter that begins with that block, or -1. */
static ssize_t
find_chapter (const LscLane *lane, uint64_t block)
{
  size_t low = 0, high = lane->n_chapters;

  while (low < high)
    {
      size_t middle = low + (high - low) / 2;

      if (lane->chapters[middle].mark.block == block)
        return (ssize_t) middle;
      if (lane->chapters[middle].mark.block < block)
        low = middle + 1;
      else
        high = middle;
    }
  return -1;
}

const LscLaneDigest *
lsc_lane_digest_skip (LscLaneIter *iter, uint64_t limit_ns)
{
  const LscLane *lane = iter->lane;
  ssize_t chapter = find_chapter (lane, lane->first_block + iter->block);
  const LscLaneDigest *digest;
  size_t end;

  if (chapter < 0)
    return NULL;
  digest = lane->chapters[chapter].digest;
  end = (chapter + 1 < (ssize_t) lane->n_chapters ? lane->chapters[chapter + 1].mark.block
                                                  : lane->open.block)
        - lane->first_block;
  if (digest == NULL || lane->blocks[end].start_ns >= limit_ns
      || digest->kernel_thread != lane->kernel_thread
      || digest->abi != (LscAbi) lane->shared->causes->abi)
    return NULL;
  lsc_lane_iter_init_at (iter, lane, lane->blocks[end].first - 1);
  return digest;
}
