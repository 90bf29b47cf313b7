/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/lane-digest.h"

#include "lib/trace/lane-piece.h"
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

/* Adds the times of the spans of the lane's last block but its first `from`, and finds the places
 * among them. The block ends at `end_ns`. */
static void
add_spans (const LscLane *lane, uint32_t from, uint64_t end_ns, LscLanePiece *piece)
{
  LscDigestSum *self = lane->sum;
  uint32_t last = lane->n_entries - 1u;
  LscCauseBrief brief = lsc_cause_table_get_brief (lane->shared->causes, lane->entries[last].cause);
  Total *total = &self->totals[brief.reasons[self->head.kernel_thread]];

  piece->entries = lane->entries;
  piece->block_start_ns = lane->block_start_ns;
  piece->from = from;
  piece->to = last;
  piece->marks = self->last_marks;
  lsc_lane_piece_look (piece, lane);
  lsc_lane_piece_note_next (piece, brief.marks);
  self->last_marks = brief.marks;
  for (unsigned reason = 0; reason < LSC_N_REASONS; reason++)
    {
      self->totals[reason].ns += lsc_lane_piece_get_ns (piece, reason);
      self->totals[reason].count += lsc_lane_piece_get_count (piece, reason);
    }
  total->ns += end_ns - lane->last_start_ns;
  total->count++;
}

/* The last span of a chapter is left out, but for the latency that ends with it. */
static void
leave_out_last (const LscLane *lane, uint64_t end_ns, LscLanePiece *piece)
{
  const LscLaneEntry *last = &lane->entries[lane->n_entries - 1];
  LscDigestSum *self = lane->sum;
  LscCauseBrief brief = lsc_cause_table_get_brief (lane->shared->causes, last->cause);
  Total *total = &self->totals[brief.reasons[self->head.kernel_thread]];

  total->ns -= end_ns - lane->last_start_ns;
  total->count--;
  if (piece->n_turns > 0 && piece->turns[piece->n_turns - 1] == lane->n_entries - 1)
    piece->n_turns--;
}

static void
look_at_places (const LscLane *lane, const LscLanePiece *piece)
{
  LscDigestSum *self = lane->sum;

  for (uint32_t i = 0; i < piece->n_runs; i++)
    {
      uint32_t e = piece->runs[i];

      add_latency (self, e > 0 ? lsc_lane_piece_get_start_ns (piece, e - 1) : self->last_ns,
                   lsc_lane_piece_get_start_ns (piece, e));
    }
  for (uint32_t i = 0; i < piece->n_turns; i++)
    turn (self, lsc_lane_piece_get_start_ns (piece, piece->turns[i]));
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

void
lsc_lane_digest_fetch (const LscLane *lane)
{
  const LscDigestSum *self = lane->sum;

  if (self == NULL || self->codes == NULL)
    return;
  for (size_t at = 0; at < sizeof *self; at += LSC_CACHE_LINE)
    __builtin_prefetch ((const char *) self + at, 1);
  __builtin_prefetch (self->codes + self->head.n_latencies, 1);
  __builtin_prefetch (self->codes + self->head.n_latencies + LSC_CACHE_LINE / 2, 1);
}

LscLaneDigest *
lsc_lane_digest_add_block (LscLane *lane, uint64_t end_ns, bool is_last)
{
  LscDigestSum *self = lane->sum;
  bool is_first = lane->block_first == lane->chapter_first;
  LscLanePiece piece;

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
  add_spans (lane, is_first ? 2 : 0, end_ns, &piece);
  if (is_last)
    leave_out_last (lane, end_ns, &piece);
  if (self->capacity < self->head.n_latencies + piece.n_runs)
    set_codes_capacity (lane, MAX (self->capacity * 2, self->head.n_latencies + piece.n_runs));
  look_at_places (lane, &piece);
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

/* Where a chapter ends: the block, among those that are left, behind its last one. */
static size_t
find_chapter_end (const LscLane *lane, size_t chapter)
{
  const LscLaneMark *next =
      chapter + 1 < lane->n_chapters ? &lane->chapters[chapter + 1].mark : &lane->open;

  return next->block - lane->first_block;
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
  end = find_chapter_end (lane, (size_t) chapter);
  if (digest == NULL || lane->blocks[end].start_ns >= limit_ns
      || digest->kernel_thread != lane->kernel_thread
      || digest->abi != (LscAbi) lane->shared->causes->abi)
    return NULL;
  lsc_lane_iter_enter_last (iter, end - 1);
  return digest;
}
