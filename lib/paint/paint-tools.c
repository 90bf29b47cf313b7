/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/paint-tools.h"

#include <inttypes.h>
#include <string.h>

#define THIN_SPACE "\342\200\257" /* narrow no-break space */

void
lsc_paint_tools_set_color (const LscPaintTools *self, LscColor color)
{
  cairo_set_source_rgba (self->cr, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
                         (color & 255) / 255.0, (color >> 24) / 255.0);
}

void
lsc_paint_tools_fill (const LscPaintTools *self, const LscBox *box, LscColor color)
{
  lsc_paint_tools_set_color (self, color);
  cairo_rectangle (self->cr, box->x, box->y, box->width, box->height);
  cairo_fill (self->cr);
}

char *
lsc_paint_tools_insert (const char *format, const char *text, char *buffer, size_t size)
{
  const char *place = strstr (format, "%s");

  if (place == NULL)
    g_strlcpy (buffer, format, size);
  else
    g_snprintf (buffer, size, "%.*s%s%s", (int) (place - format), format, text, place + 2);
  return buffer;
}

char *
lsc_paint_tools_count (uint64_t count, char *buffer, size_t size)
{
  char digits[24];
  size_t n = (size_t) g_snprintf (digits, sizeof digits, "%" PRIu64, count);
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (text, THIN_SPACE);
      g_string_append_c (text, digits[i]);
    }
  g_strlcpy (buffer, text->str, size);
  g_string_free (text, TRUE);
  return buffer;
}

char *
lsc_paint_tools_percent (double share, char *buffer, size_t size)
{
  double percent = share * 100;

  if (percent > 0 && percent < 0.5)
    g_strlcpy (buffer, "<1" THIN_SPACE "%", size);
  else
    g_snprintf (buffer, size, "%.0f" THIN_SPACE "%%", percent);
  return buffer;
}
