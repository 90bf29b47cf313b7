/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/latency-set.h"

#include "lib/explain/percentile.h"

#define NEAR_CODES 16u /* a line of the cache holds twice as many */

/* Sorted codes, and which of them may still be the one that is looked for. */
typedef struct
{
  const uint16_t *codes;
  uint32_t n;
  uint32_t low, high; /* [low, high) */
  uint32_t cut;       /* how many are not greater than the guess */
} Run;

void
lsc_latency_set_init (LscLatencySet *self)
{
  *self = (LscLatencySet){ .runs = g_array_new (FALSE, FALSE, sizeof (Run)),
                           .codes = g_array_new (FALSE, FALSE, sizeof (uint16_t)) };
}

void
lsc_latency_set_clear (LscLatencySet *self)
{
  g_free (self->values);
  g_array_unref (self->runs);
  g_array_unref (self->codes);
}

void
lsc_latency_set_reset (LscLatencySet *self)
{
  self->n_values = 0;
  g_array_set_size (self->runs, 0);
  self->sorted = false;
  self->count = self->max_ns = self->max_at_ns = 0;
}

void
lsc_latency_set_reserve (LscLatencySet *self, size_t n)
{
  if (self->n_values + n <= self->capacity)
    return;
  self->capacity = MAX (self->capacity * 2, self->n_values + n);
  self->values = g_renew (uint64_t, self->values, self->capacity);
}

void
lsc_latency_set_add_digest (LscLatencySet *self, const LscLaneDigest *digest)
{
  Run run = { .codes = lsc_lane_digest_get_codes (digest), .n = digest->n_latencies };

  if (run.n == 0)
    return;
  if (self->count == 0 || digest->max_latency_ns > self->max_ns)
    {
      self->max_ns = digest->max_latency_ns;
      self->max_at_ns = digest->max_latency_at_ns;
    }
  /* Where percentiles are looked for, when all of a range has been walked. */
  __builtin_prefetch (run.codes + run.n / 2);
  __builtin_prefetch (run.codes + run.n / 2 + NEAR_CODES);
  __builtin_prefetch (run.codes + run.n - run.n / 64);
  g_array_append_val (self->runs, run);
  self->count += run.n;
}

/* How many of codes[low, high) are not greater than `code`, which as many as `low` are for sure.
 * Without branches: which half it is nobody can foresee. */
static inline uint32_t
count_to (const uint16_t *codes, uint32_t low, uint32_t high, uint32_t code)
{
  uint32_t n = high - low;

  while (n > 0)
    {
      uint32_t half = n - n / 2;

      low = codes[low + half - 1] <= code ? low + half : low;
      n /= 2;
    }
  return low;
}

/* The same in all of the run, from a guess: what is far from there is not in the cache. */
static uint32_t
count_to_near (const Run *run, uint32_t at, uint32_t code)
{
  uint32_t low = at, high = at, step = NEAR_CODES;

  while (high < run->n && run->codes[high] <= code)
    {
      low = high + 1;
      high = MIN (high + step, run->n);
      step *= 2;
    }
  while (low > 0 && run->codes[low - 1] > code)
    {
      high = low - 1;
      low -= MIN (step, low);
      step *= 2;
    }
  return count_to (run->codes, low, high, code);
}

/* Between which codes the one of that rank, from 0, is: between the least and the greatest of those
 * that would have it if all runs were alike. */
static void
bracket_code (const LscLatencySet *self, uint64_t rank, uint32_t *out_low, uint32_t *out_high)
{
  *out_low = UINT16_MAX;
  *out_high = 0;
  for (guint i = 0; i < self->runs->len; i++)
    {
      Run *run = &g_array_index (self->runs, Run, i);
      uint32_t code;

      run->cut = (uint32_t) ((unsigned __int128) rank * run->n / self->count);
      code = run->codes[run->cut];
      *out_low = MIN (*out_low, code);
      *out_high = MAX (*out_high, code);
    }
}

/* How many codes of all runs are not greater than the guess. */
static uint64_t
cut_runs (GArray *runs, uint32_t guess)
{
  uint64_t count = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      Run *run = &g_array_index (runs, Run, i);

      run->cut = count_to (run->codes, run->low, run->high, guess);
      count += run->cut;
    }
  return count;
}

/* The code of that rank, from 0, in all runs together: halves what it may be. */
static uint16_t
select_code (const LscLatencySet *self, uint64_t rank)
{
  uint32_t low, high;

  bracket_code (self, rank, &low, &high);
  for (guint i = 0; i < self->runs->len; i++)
    {
      Run *run = &g_array_index (self->runs, Run, i);

      run->low = low > 0 ? count_to_near (run, run->cut, low - 1) : 0;
      run->high = count_to_near (run, run->cut, high);
    }
  while (low < high)
    {
      uint32_t guess = low + (high - low) / 2;
      bool beyond = cut_runs (self->runs, guess) > rank;

      for (guint i = 0; i < self->runs->len; i++)
        {
          Run *run = &g_array_index (self->runs, Run, i);

          *(beyond ? &run->high : &run->low) = run->cut;
        }
      if (beyond)
        high = guess;
      else
        low = guess + 1;
    }
  return (uint16_t) low;
}

/* Makes one more run of the values that came one by one. */
static void
sort_values (LscLatencySet *self)
{
  guint n = (guint) self->n_values;
  uint16_t *codes;
  Run run;

  self->sorted = true;
  if (n == 0)
    return;
  g_array_set_size (self->codes, n * 2); /* half of it is space */
  codes = (uint16_t *) (void *) self->codes->data;
  for (guint i = 0; i < n; i++)
    codes[i] = lsc_latency_to_code (self->values[i]);
  lsc_lane_digest_sort_codes (codes, codes + n, n);
  run = (Run){ .codes = codes, .n = n };
  g_array_append_val (self->runs, run);
}

uint64_t
lsc_latency_set_get_percentile_ns (LscLatencySet *self, unsigned percent)
{
  uint64_t rank;

  if (self->runs->len == 0)
    return lsc_percentile_of (self->values, self->n_values, percent);
  rank = (uint64_t) (((unsigned __int128) self->count * percent + 99) / 100);
  rank = rank > 0 ? rank - 1 : 0;
  if (rank + 1 == self->count)
    return self->max_ns;
  if (!self->sorted)
    sort_values (self);
  return MIN (lsc_latency_of_code (select_code (self, rank)), self->max_ns);
}
