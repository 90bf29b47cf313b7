/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wakeup latencies of a range, gathered one by one or a digest at a time, for their percentiles:
 * exact as long as all came one by one, else to 1/4096 (lib/trace/lane-digest.h).
 */
#pragma once

#include "lib/trace/lane-digest.h"

/* To be touched by lsc_latency_set_*() only. */
typedef struct
{
  uint64_t *values; /* those that came one by one */
  size_t n_values;
  size_t capacity;
  GArray *runs;  /* of sorted codes */
  GArray *codes; /* of the values, once they are one more run */
  bool sorted;   /* they are: nothing more may come */
  uint64_t count;
  uint64_t max_ns; /* the first of the longest */
  uint64_t max_at_ns;
} LscLatencySet;

void lsc_latency_set_init (LscLatencySet *self);
void lsc_latency_set_clear (LscLatencySet *self);
/* Empties it, for the next thread. */
void lsc_latency_set_reset (LscLatencySet *self);

/* So many more may be added. */
void lsc_latency_set_reserve (LscLatencySet *self, size_t n);
/* In order of time; before the first percentile is asked for. Room for it is reserved. */
static inline void
lsc_latency_set_add (LscLatencySet *self, uint64_t ns, uint64_t at_ns)
{
  if (self->count == 0 || ns > self->max_ns)
    {
      self->max_ns = ns;
      self->max_at_ns = at_ns;
    }
  self->values[self->n_values++] = ns;
  self->count++;
}
/* `digest` must not go before the percentiles were asked for. */
void lsc_latency_set_add_digest (LscLatencySet *self, const LscLaneDigest *digest);

/* Nearest rank; 0 when there is none. Never more than the longest. Grows with `percent`. */
uint64_t lsc_latency_set_get_percentile_ns (LscLatencySet *self, unsigned percent);
