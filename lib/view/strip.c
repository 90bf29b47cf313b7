/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/strip.h"

uint32_t
lsc_strip_find (const LscStrip *self, uint64_t time_ns)
{
  uint32_t from = 0, to = self->n_parts;

  while (from < to)
    {
      uint32_t middle = from + (to - from) / 2;

      if (self->parts[middle].to_ns > time_ns)
        to = middle;
      else
        from = middle + 1;
    }
  return from;
}
