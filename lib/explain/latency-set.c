/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/latency-set.h"

#include "lib/explain/percentile.h"

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
  *self = (LscLatencySet){ .values = g_array_new (FALSE, FALSE, sizeof (uint64_t)),
                           .runs = g_array_new (FALSE, FALSE, sizeof (Run)) };
}

void
lsc_latency_set_clear (LscLatencySet *self)
{
  g_array_unref (self->values);
  g_array_unref (self->runs);
}

void
lsc_latency_set_reset (LscLatencySet *self)
{
  g_array_set_size (self->values, 0);
  g_array_set_size (self->runs, 0);
  self->count = self->max_ns = self->max_at_ns = 0;
}

static void
raise_max (LscLatencySet *self, uint64_t ns, uint64_t at_ns)
{
  if (self->count == 0 || ns > self->max_ns)
    {
      self->max_ns = ns;
      self->max_at_ns = at_ns;
    }
}

void
lsc_latency_set_add (LscLatencySet *self, uint64_t ns, uint64_t at_ns)
{
  raise_max (self, ns, at_ns);
  g_array_append_val (self->values, ns);
  self->count++;
}

void
lsc_latency_set_add_digest (LscLatencySet *self, const LscLaneDigest *digest)
{
  Run run = { .codes = lsc_lane_digest_get_codes (digest), .n = digest->n_latencies };

  if (run.n == 0)
    return;
  raise_max (self, digest->max_latency_ns, digest->max_latency_at_ns);
  g_array_append_val (self->runs, run);
  self->count += run.n;
}

/* How many of the run's codes are not greater than `code`, of which no less than low and no more
 * than high. */
static uint32_t
count_to (const Run *run, uint16_t code)
{
  uint32_t low = run->low, high = run->high;

  while (low < high)
    {
      uint32_t middle = low + (high - low) / 2;

      if (run->codes[middle] <= code)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The code of that rank, from 0, in all runs together: halves what it may be, 16 times. */
static uint16_t
select_code (GArray *runs, uint64_t rank)
{
  uint32_t low = 0, high = UINT16_MAX;

  for (guint i = 0; i < runs->len; i++)
    {
      Run *run = &g_array_index (runs, Run, i);

      run->low = 0;
      run->high = run->n;
    }
  while (low < high)
    {
      uint32_t guess = low + (high - low) / 2;
      uint64_t count = 0;

      for (guint i = 0; i < runs->len; i++)
        {
          Run *run = &g_array_index (runs, Run, i);

          run->cut = count_to (run, (uint16_t) guess);
          count += run->cut;
        }
      for (guint i = 0; i < runs->len; i++)
        {
          Run *run = &g_array_index (runs, Run, i);

          *(count > rank ? &run->high : &run->low) = run->cut;
        }
      if (count > rank)
        high = guess;
      else
        low = guess + 1;
    }
  return (uint16_t) low;
}

/* The values that came one by one, as one more run, in `codes`. */
static Run
sort_values (const LscLatencySet *self, uint16_t *codes)
{
  g_autofree uint16_t *space = g_new (uint16_t, self->values->len);

  for (guint i = 0; i < self->values->len; i++)
    codes[i] = lsc_latency_to_code (g_array_index (self->values, uint64_t, i));
  lsc_lane_digest_sort_codes (codes, space, self->values->len);
  return (Run){ .codes = codes, .n = self->values->len };
}

uint64_t
lsc_latency_set_get_percentile_ns (LscLatencySet *self, unsigned percent)
{
  g_autofree uint16_t *codes = NULL;
  uint64_t rank, ns;
  Run run;

  if (self->runs->len == 0)
    return lsc_percentile_of ((uint64_t *) (void *) self->values->data, self->values->len, percent);
  rank = (uint64_t) (((unsigned __int128) self->count * percent + 99) / 100);
  rank = rank > 0 ? rank - 1 : 0;
  if (rank + 1 == self->count)
    return self->max_ns;
  codes = g_new (uint16_t, self->values->len + 1);
  run = sort_values (self, codes);
  g_array_append_val (self->runs, run);
  ns = lsc_latency_of_code (select_code (self->runs, rank));
  g_array_set_size (self->runs, self->runs->len - 1);
  return MIN (ns, self->max_ns);
}
