/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/pyramid.h"

#include "lib/trace/bulk.h"

#include <glib.h>
#include <string.h>

#define FIRST_SHIFT 10u   /* 1 us */
#define LEAST_BUCKETS 64u /* as many are always allowed */
#define ALL_BYTES UINT64_C (0x0101010101010101)
#define FULL 255u

_Static_assert(LSC_N_STATES == 8, "a bucket has a byte for each state");

typedef LscPyramidLevel Level;

static void
set_capacity (LscPyramid *self, Level *level, uint32_t capacity)
{
  size_t n_old = level->capacity * sizeof (uint64_t), n_new = capacity * sizeof (uint64_t);

  *self->memory += n_new;
  *self->memory -= n_old;
  level->capacity = capacity;
  level->buckets = lsc_bulk_resize (level->buckets, n_old, n_new);
}

LscPyramid *
lsc_pyramid_new (size_t *memory)
{
  LscPyramid *self = g_new0 (LscPyramid, 1);

  self->memory = memory;
  *memory += sizeof *self;
  self->shift = FIRST_SHIFT;
  return self;
}

void
lsc_pyramid_free (LscPyramid *self)
{
  if (self == NULL)
    return;
  for (unsigned i = 0; i < self->n_levels; i++)
    set_capacity (self, &self->levels[i], 0);
  *self->memory -= sizeof *self + self->n_levels * sizeof (Level);
  g_free (self->levels);
  g_free (self);
}

/* The mean of two buckets, byte by byte: rounded up and down in turn so that nothing drifts, and
 * never down to nothing. */
static uint64_t
mean_of (uint64_t a, uint64_t b, bool up)
{
  uint64_t half = ((a ^ b) & ~ALL_BYTES) >> 1;
  uint64_t mean = (a & b) + half;
  uint64_t is_zero;

  if (up)
    return (a | b) - half;
  is_zero = ~(((mean & (ALL_BYTES * 0x7f)) + ALL_BYTES * 0x7f) | mean | (ALL_BYTES * 0x7f)) >> 7;
  return mean | (is_zero & (a | b));
}

static void
push_bucket (LscPyramid *self, unsigned i, uint64_t number, uint64_t bucket)
{
  Level *level;

  if (i == self->n_levels)
    {
      *self->memory += sizeof (Level);
      self->levels = g_renew (Level, self->levels, ++self->n_levels);
      self->levels[i] = (Level){ 0 };
    }
  level = &self->levels[i];
  if (level->n_buckets == level->capacity)
    set_capacity (self, level,
                  level->capacity + MAX (8, level->capacity / (level->capacity < 64 ? 1 : 4)));
  if (level->n_buckets == 0)
    level->first = number;
  level->buckets[level->n_buckets++] = bucket;
}

/* Adds a finished bucket of level 0, and those above it that this one completes. */
static void
finish_bucket (LscPyramid *self, uint64_t number, uint64_t bucket)
{
  push_bucket (self, 0, number, bucket);
  for (unsigned i = 0; (number & 1) != 0 && i + 1 < LSC_PYRAMID_LEVELS; i++)
    {
      const Level *level = &self->levels[i];
      uint64_t left = level->n_buckets < 2 ? 0 : level->buckets[level->n_buckets - 2];

      bucket = mean_of (left, bucket, (number & 2) != 0);
      number >>= 1;
      push_bucket (self, i + 1, number, bucket);
    }
}

/* The open bucket's times as shares of its width. */
static uint64_t
pack_open (const LscPyramid *self)
{
  unsigned shift = self->shift - 8;
  uint64_t bucket = 0;

  for (unsigned state = 0; state < LSC_N_STATES; state++)
    {
      uint64_t ns = self->open_ns[state];
      uint64_t share = ns >> shift; /* 0..256: times FULL, halved eight times, is one less */

      if (ns != 0)
        bucket |= (share > 1 ? share - 1 : 1) << (8 * state);
    }
  return bucket;
}

/* Doubles the width of the narrowest buckets. */
static void
coarsen (LscPyramid *self)
{
  if (self->n_levels > 0)
    {
      Level *lowest = &self->levels[0];

      if ((self->open & 1) != 0 && lowest->n_buckets > 0)
        {
          /* The open bucket's left half is done: it becomes part of the wider open one. */
          uint64_t left = lowest->buckets[lowest->n_buckets - 1];

          for (unsigned state = 0; state < LSC_N_STATES; state++)
            self->open_ns[state] +=
                (left >> (8 * state) & FULL) * ((UINT64_C (1) << self->shift) / FULL);
        }
      set_capacity (self, lowest, 0);
      *self->memory -= sizeof (Level);
      memmove (lowest, lowest + 1, --self->n_levels * sizeof (Level));
    }
  self->open >>= 1;
  self->shift++;
}

/* The number of the first bucket there is. */
static uint64_t
first_bucket (const LscPyramid *self)
{
  return self->n_levels > 0 && self->levels[0].n_buckets > 0 ? self->levels[0].first : self->open;
}

static void
make_room (LscPyramid *self, uint64_t to_ns)
{
  uint64_t most = MAX (LEAST_BUCKETS, self->n_spans / LSC_PYRAMID_SPANS);

  while ((to_ns >> self->shift) - first_bucket (self) >= most && self->shift < 62)
    coarsen (self);
}

void
lsc_pyramid_expect (LscPyramid *self, uint64_t from_ns, uint64_t to_ns)
{
  self->open = from_ns >> self->shift;
  make_room (self, to_ns);
}

void
lsc_pyramid_add_long (LscPyramid *self, LscState state, uint64_t from_ns, uint64_t to_ns)
{
  if (!self->begun)
    {
      self->begun = true;
      self->open = from_ns >> self->shift;
    }
  if (to_ns >> self->shift != self->open)
    make_room (self, to_ns);
  while (to_ns >> self->shift != self->open)
    {
      uint64_t end_ns = (self->open + 1) << self->shift;

      self->open_ns[state] += end_ns - from_ns;
      finish_bucket (self, self->open, pack_open (self));
      memset (self->open_ns, 0, sizeof self->open_ns);
      self->open++;
      from_ns = end_ns;
    }
  self->open_ns[state] += to_ns - from_ns;
}

void
lsc_pyramid_trim (LscPyramid *self)
{
  for (unsigned i = 0; i < self->n_levels; i++)
    if (self->levels[i].capacity > self->levels[i].n_buckets)
      set_capacity (self, &self->levels[i], self->levels[i].n_buckets);
}

typedef struct
{
  uint64_t from_ns;
  uint64_t to_ns;
  float sums[LSC_N_STATES]; /* ns */
} Question;

static void
add_share (Question *question, uint64_t bucket, float ns)
{
  for (unsigned state = 0; state < LSC_N_STATES; state++)
    question->sums[state] += (float) (bucket >> (8 * state) & FULL) * ns;
}

/* The pyramid's own time: what it has kept, and to the end of its open bucket. */
static uint64_t
first_ns (const LscPyramid *self)
{
  return first_bucket (self) << self->shift;
}

static uint64_t
last_ns (const LscPyramid *self)
{
  return (self->open + 1) << self->shift;
}

/* Adds what bucket `number` of level `i` has within the question's range. */
static void
add_bucket (const LscPyramid *self, unsigned i, uint64_t number, Question *question)
{
  static const Level nothing = { 0 };
  const Level *level = i < self->n_levels ? &self->levels[i] : &nothing;
  unsigned shift = self->shift + i;
  uint64_t start_ns = number << shift;
  uint64_t end_ns = start_ns + (UINT64_C (1) << shift);

  if (end_ns <= question->from_ns || start_ns >= question->to_ns)
    return;
  /* Outside the pyramid's own time every level is empty: do not look for something below. */
  if (end_ns <= first_ns (self) || start_ns >= last_ns (self))
    return;
  if (level->n_buckets > 0 && number < level->first)
    return;
  if (level->n_buckets > 0 && number - level->first < level->n_buckets)
    {
      uint64_t ns = MIN (end_ns, question->to_ns) - MAX (start_ns, question->from_ns);

      add_share (question, level->buckets[number - level->first], (float) ns / FULL);
    }
  else if (i > 0)
    {
      /* Not complete at this level: what there is lies below. */
      add_bucket (self, i - 1, number * 2, question);
      add_bucket (self, i - 1, number * 2 + 1, question);
    }
  else if (self->begun && number == self->open)
    for (unsigned state = 0; state < LSC_N_STATES; state++)
      question->sums[state] += (float) self->open_ns[state];
}

bool
lsc_pyramid_get_shares (const LscPyramid *self,
                        uint64_t from_ns,
                        uint64_t to_ns,
                        float out_shares[LSC_N_STATES])
{
  Question question = { .from_ns = from_ns, .to_ns = to_ns };
  uint64_t width_ns = to_ns - from_ns;
  unsigned level;

  if (to_ns <= from_ns || width_ns >> self->shift == 0)
    return false;
  /* Two to four buckets to the range. */
  level = g_bit_storage (width_ns >> self->shift) - 1;
  level = level > 0 ? level - 1 : 0;
  level = MIN (level, LSC_PYRAMID_LEVELS - 1);
  for (uint64_t number = from_ns >> (self->shift + level);
       number <= (to_ns - 1) >> (self->shift + level); number++)
    add_bucket (self, level, number, &question);
  for (unsigned state = 0; state < LSC_N_STATES; state++)
    out_shares[state] = MIN (question.sums[state] / (float) width_ns, 1.0f);
  return true;
}

bool
lsc_pyramid_read (
    const LscPyramid *self, unsigned level, uint64_t first, uint32_t n, uint64_t *out_buckets)
{
  const Level *from;
  uint64_t begin, end;

  if (level < self->shift || level - self->shift >= LSC_PYRAMID_LEVELS)
    return false;
  memset (out_buckets, 0, n * sizeof *out_buckets);
  if (level - self->shift >= self->n_levels)
    return true;
  from = &self->levels[level - self->shift];
  begin = MAX (first, from->first);
  end = MIN (first + n, from->first + from->n_buckets);
  if (begin < end)
    memcpy (out_buckets + (begin - first), from->buckets + (begin - from->first),
            (end - begin) * sizeof *out_buckets);
  return true;
}

void
lsc_pyramid_drop_before (LscPyramid *self, uint64_t time_ns)
{
  for (unsigned i = 0; i < self->n_levels; i++)
    {
      Level *level = &self->levels[i];
      unsigned shift = self->shift + i;
      uint64_t keep_from = shift < 64 ? time_ns >> shift : 0;
      uint32_t n_dropped;

      if (level->n_buckets == 0 || keep_from <= level->first)
        continue;
      n_dropped = (uint32_t) MIN (keep_from - level->first, level->n_buckets);
      level->n_buckets -= n_dropped;
      level->first += n_dropped;
      memmove (level->buckets, level->buckets + n_dropped, level->n_buckets * sizeof (uint64_t));
      set_capacity (self, level, level->n_buckets);
    }
}
