/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers pairs of numbers, from 0 in the order they are first seen: for tables that grow by
 * millions of look-ups and few entries.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct
{
  uint64_t a;
  uint64_t b;
} LscPair;

/* To be touched by lsc_pair_map_*() only. */
typedef struct
{
  GArray *pairs;   /* LscPair, by number */
  uint32_t *slots; /* open addressing: number + 1, or 0 */
  uint32_t n_slots;
} LscPairMap;

void lsc_pair_map_init (LscPairMap *self);
void lsc_pair_map_clear (LscPairMap *self);

/* The number of (a, b), which is new when it equals the count before. O(1). */
uint32_t lsc_pair_map_number (LscPairMap *self, uint64_t a, uint64_t b);

static inline uint32_t
lsc_pair_map_get_n (const LscPairMap *self)
{
  return self->pairs->len;
}

static inline const LscPair *
lsc_pair_map_get (const LscPairMap *self, uint32_t number)
{
  return &g_array_index (self->pairs, LscPair, number);
}
