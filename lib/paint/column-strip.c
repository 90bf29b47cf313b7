/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-strip.h"

#include "lib/paint/column-row.h"

static inline int8_t
lessen (uint32_t height)
{
  return (int8_t) (uint8_t) (height ^ 128);
}

static void
take_planes (const LscColumnStrip *strip, LscColumnPlanes *restrict planes)
{
  for (int i = 0; i < strip->n; i++)
    {
      planes->running[i] = lessen (strip->tops[i]);
      planes->preempted[i] = lessen (strip->tops[i] >> 8);
      planes->runnable[i] = lessen (strip->tops[i] >> 16);
      planes->unknown[i] = lessen (strip->tops[i] >> 24);
    }
  for (int i = 0; i < strip->n; i++)
    {
      planes->line_from[i] = lessen (strip->lines[i]);
      planes->line_to[i] = lessen (strip->lines[i] >> 8);
      planes->line[i] = (uint8_t) (strip->lines[i] >> 16);
    }
}

void
lsc_column_strip_put (LscColumnStrip *self, const LscStripPlace *place, int x)
{
  LscColumnRow put_row = lsc_column_row_best ();
  LscColumnPlanes planes;

  take_planes (self, &planes);
  for (int y = place->bottom - 1; y >= place->top; y--)
    {
      uint32_t *pixels = lsc_ink_get_row (place->ink, x, y, self->n);

      if (pixels != NULL)
        put_row (&planes, lessen ((uint32_t) (place->bottom - 1 - y)), self->n, place->colors,
                 pixels);
    }
  self->n = 0;
}

void
lsc_column_strip_scatter (LscColumnStrip *self, const LscStripPlace *place, const int *xs)
{
  uint8_t indices[LSC_COLUMN_STRIP_PX];
  LscColumnPlanes planes;

  take_planes (self, &planes);
  for (int y = place->bottom - 1; y >= place->top; y--)
    {
      lsc_column_row_pick (&planes, lessen ((uint32_t) (place->bottom - 1 - y)), self->n, indices);
      lsc_ink_put_pixels (place->ink, xs, y, indices, self->n, place->colors);
    }
  self->n = 0;
}
