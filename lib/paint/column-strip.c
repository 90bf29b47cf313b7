/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-strip.h"

#include "lib/paint/column-look.h"

/* Bytes of the strip's words beside each other, so that loops over them take sixteen at a time;
 * heights less 128, because signed bytes are faster to compare. */
typedef struct
{
  int8_t running[LSC_COLUMN_STRIP_PX], preempted[LSC_COLUMN_STRIP_PX];
  int8_t runnable[LSC_COLUMN_STRIP_PX], unknown[LSC_COLUMN_STRIP_PX];
  int8_t line_from[LSC_COLUMN_STRIP_PX], line_to[LSC_COLUMN_STRIP_PX];
  uint8_t line[LSC_COLUMN_STRIP_PX];
} Planes;

static inline int8_t
lessen (uint32_t height)
{
  return (int8_t) (uint8_t) (height ^ 128);
}

static void
take_planes (const LscColumnStrip *strip, Planes *restrict planes)
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

/* What is `height` above the bottom: indices of colours. As many as there are tops above it, which
 * never go down from one to the next; and where the line is, its own is added. */
static void
pick_row (const Planes *planes, int8_t height, int n, uint8_t *restrict indices)
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
lsc_column_strip_put (LscColumnStrip *self, const LscStripPlace *place, int x)
{
  uint8_t indices[LSC_COLUMN_STRIP_PX];
  Planes planes;

  take_planes (self, &planes);
  for (int y = place->bottom - 1; y >= place->top; y--)
    {
      pick_row (&planes, lessen ((uint32_t) (place->bottom - 1 - y)), self->n, indices);
      lsc_ink_put_row (place->ink, x, y, indices, self->n, place->colors);
    }
  self->n = 0;
}

void
lsc_column_strip_scatter (LscColumnStrip *self, const LscStripPlace *place, const int *xs)
{
  uint8_t indices[LSC_COLUMN_STRIP_PX];
  Planes planes;

  take_planes (self, &planes);
  for (int y = place->bottom - 1; y >= place->top; y--)
    {
      pick_row (&planes, lessen ((uint32_t) (place->bottom - 1 - y)), self->n, indices);
      lsc_ink_put_pixels (place->ink, xs, y, indices, self->n, place->colors);
    }
  self->n = 0;
}
