/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane-digest.h"

#include "lib/trace/lane-private.h"

#include <string.h>

typedef struct
{
  uint64_t ns;
  uint64_t count;
} Total;

/* The digest of the open chapter, as far as its blocks are full. */
struct _LscDigestSum
{
  LscLaneDigest head;
  bool broken; /* not all of the chapter was seen */
  bool off;    /* in a stretch off the CPU */
  bool before; /* which had begun before */
  bool woken;
  uint64_t off_ns;
  uint64_t woken_ns;
  Total totals[LSC_N_REASONS];
  uint16_t *codes;
  uint32_t capacity;
};

static void
end_stretch (LscDigestSum *self, uint64_t time_ns)
{
  LscLaneDigest *head = &self->head;

  if (self->before)
    head->on_ns = time_ns;
  else if (time_ns - self->off_ns > head->max_off_ns)
    {
      head->max_off_ns = time_ns - self->off_ns;
      head->max_off_at_ns = self->off_ns;
    }
}

static void
raise_max_latency (LscDigestSum *self, uint64_t ns)
{
  if (self->head.n_latencies > 1 && ns <= self->head.max_latency_ns)
    return;
  self->head.max_latency_ns = ns;
  self->head.max_latency_at_ns = self->woken_ns;
}

/* What the span means for the wakeup before it, and whether it is one. There is room for a code. */
static inline void
look_for_latency (LscDigestSum *self, LscState state, uint64_t start_ns, bool inferred)
{
  if (self->woken && state == LSC_STATE_RUNNING)
    {
      self->codes[self->head.n_latencies++] = lsc_latency_to_code (start_ns - self->woken_ns);
      raise_max_latency (self, start_ns - self->woken_ns);
    }
  self->woken = state == LSC_STATE_RUNNABLE && !inferred;
  self->woken_ns = start_ns;
}

static inline void
look_for_stretch (LscDigestSum *self, LscState state, uint64_t start_ns)
{
  bool off = lsc_state_is_off_cpu (state);

  if (off == self->off)
    return;
  if (off)
    self->off_ns = start_ns;
  else
    end_stretch (self, start_ns);
  self->off = off;
  self->before = false;
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
  LscState state;

  self->head = (LscLaneDigest){ .on_ns = UINT64_MAX,
                                .off_ns = UINT64_MAX,
                                .kernel_thread = lane->kernel_thread,
                                .abi = (LscAbi) causes->abi };
  memset (self->totals, 0, sizeof self->totals);
  self->broken = lane->n_entries < 4;
  if (self->broken)
    return;
  state = lsc_cause_get_state (second->cause);
  self->off = self->before = self->head.inherits = lsc_state_is_off_cpu (state);
  self->woken = state == LSC_STATE_RUNNABLE && !lsc_cause_table_is_inferred (causes, second->cause);
  self->woken_ns = lane->block_start_ns + second->start;
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

/* Adds the spans [from, to) of the lane's last block, which ends at `end_ns`. */
static void
add_spans (LscLane *lane, uint32_t from, uint32_t to, uint64_t end_ns)
{
  const LscCauseTable *causes = lane->shared->causes;
  const LscLaneEntry *entries = lane->entries;
  LscDigestSum *self = lane->sum;
  uint64_t at_ns = lane->block_start_ns + entries[from].start;

  for (uint32_t e = from; e < to; e++)
    {
      LscCause cause = entries[e].cause;
      LscCauseBrief brief = lsc_cause_table_get_brief (causes, cause);
      uint64_t next_ns =
          e + 1 < lane->n_entries ? lane->block_start_ns + entries[e + 1].start : end_ns;
      Total *total = &self->totals[brief.reasons[self->head.kernel_thread]];

      total->ns += next_ns - at_ns;
      total->count++;
      look_for_latency (self, lsc_cause_get_state (cause), at_ns, brief.inferred);
      look_for_stretch (self, lsc_cause_get_state (cause), at_ns);
      at_ns = next_ns;
    }
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
  memcpy (&self->reasons[n_reasons], sum->codes, self->n_latencies * sizeof *sum->codes);
  return self;
}

LscLaneDigest *
lsc_lane_digest_add_block (LscLane *lane, uint64_t end_ns, bool is_last)
{
  LscDigestSum *self = lane->sum;
  bool is_first = lane->block_first == lane->chapter_first;
  uint32_t n = lane->n_entries;
  LscCause last = lane->last_cause;

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
  if (self->capacity < self->head.n_latencies + n)
    set_codes_capacity (lane, MAX (self->capacity * 2, self->head.n_latencies + n));
  add_spans (lane, is_first ? 2 : 0, n - is_last, end_ns);
  if (!is_last)
    return NULL;
  look_for_latency (self, lsc_cause_get_state (last), lane->last_start_ns,
                    lsc_cause_table_is_inferred (lane->shared->causes, last));
  return pack (self);
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
