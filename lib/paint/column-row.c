/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-row.h"

#include "lib/paint/column-look.h"

/* As many as there are tops above it, which never go down from one to the next; and where the line
 * is, its own is added. */
void
lsc_column_row_pick (const LscColumnPlanes *planes, int8_t height, int n, uint8_t *restrict indices)
{
  _Static_assert(LSC_COLUMN_RUNNING == 4 && LSC_COLUMN_GROUND == 0, "the order of the four");

  for (int i = 0; i < n; i++)
    {
      uint8_t stacked =
          (uint8_t) ((planes->running[i] > height) + (planes->preempted[i] > height)
                     + (planes->runnable[i] > height) + (planes->unknown[i] > height));
      bool in_line = (planes->line_from[i] <= height) & (planes->line_to[i] > height);

      indices[i] = (uint8_t) (stacked + (planes->line[i] & -in_line));
    }
}

void
lsc_column_row_plain (
    const LscColumnPlanes *planes, int8_t height, int n, const LscColor *colors, uint32_t *pixels)
{
  uint8_t indices[LSC_COLUMN_STRIP_PX];

  lsc_column_row_pick (planes, height, n, indices);
#pragma GCC unroll 8
  for (int i = 0; i < n; i++)
    pixels[i] = colors[indices[i]];
}
