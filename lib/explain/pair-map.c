/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/pair-map.h"

#define FIRST_SLOTS 64u

void
lsc_pair_map_init (LscPairMap *self)
{
  self->pairs = g_array_new (FALSE, FALSE, sizeof (LscPair));
  self->n_slots = FIRST_SLOTS;
  self->slots = g_new0 (uint32_t, self->n_slots);
}

void
lsc_pair_map_clear (LscPairMap *self)
{
  g_clear_pointer (&self->pairs, g_array_unref);
  g_clear_pointer (&self->slots, g_free);
}

/* The slot of (a, b), or the free one where it would be. */
static uint32_t
find_slot (const LscPairMap *self, uint64_t a, uint64_t b)
{
  uint64_t hash = (a * UINT64_C (0x9e3779b97f4a7c15)) ^ b;
  uint32_t at;

  hash *= UINT64_C (0xd6e8feb86659fd93);
  at = (uint32_t) (hash >> 32) & (self->n_slots - 1);
  for (; self->slots[at] != 0; at = (at + 1) & (self->n_slots - 1))
    {
      const LscPair *pair = lsc_pair_map_get (self, self->slots[at] - 1);

      if (pair->a == a && pair->b == b)
        break;
    }
  return at;
}

static void
grow (LscPairMap *self)
{
  g_free (self->slots);
  self->n_slots *= 2;
  self->slots = g_new0 (uint32_t, self->n_slots);
  for (uint32_t i = 0; i < self->pairs->len; i++)
    {
      const LscPair *pair = lsc_pair_map_get (self, i);

      self->slots[find_slot (self, pair->a, pair->b)] = i + 1;
    }
}

uint32_t
lsc_pair_map_number (LscPairMap *self, uint64_t a, uint64_t b)
{
  LscPair pair = { a, b };
  uint32_t at = find_slot (self, a, b);

  if (self->slots[at] != 0)
    return self->slots[at] - 1;
  g_array_append_val (self->pairs, pair);
  self->slots[at] = self->pairs->len;
  if (self->pairs->len * 2 > self->n_slots)
    grow (self);
  return self->pairs->len - 1;
}
