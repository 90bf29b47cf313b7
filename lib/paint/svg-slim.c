/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/svg-slim.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define TENTHS 10.0      /* of a pixel: what coordinates are rounded to */
#define BASE_TOLERANCE 3 /* tenths of a pixel: columns whose feet nobody sees apart */

static const cairo_user_data_key_t texts_key;

static void
free_texts_cb (void *texts)
{
  g_string_free (texts, TRUE);
}

void
lsc_svg_slim_begin (cairo_surface_t *surface)
{
  GString *texts = g_string_new (NULL);

  if (cairo_surface_set_user_data (surface, &texts_key, texts, free_texts_cb)
      != CAIRO_STATUS_SUCCESS)
    g_string_free (texts, TRUE);
}

GString *
lsc_svg_slim_get_texts (cairo_t *cr)
{
  return cairo_surface_get_user_data (cairo_get_target (cr), &texts_key);
}

/* A point in tenths of a pixel. */
typedef struct
{
  long x, y;
} Point;

/* Writes a path, a command at a time, relative to the point before. */
typedef struct
{
  GString *out;
  Point at;
  Point start; /* of the subpath */
  bool moved;  /* a move waits: the last of several counts */
  Point to;
} Pen;

static void
append_number (GString *out, char command, long value)
{
  /* A sign parts two numbers as well as a space does. */
  if (command != '\0')
    g_string_append_c (out, command);
  else if (value >= 0)
    g_string_append_c (out, ' ');
  if (value < 0)
    g_string_append_c (out, '-');
  value = labs (value);
  if (value >= 10 || value == 0)
    g_string_append_printf (out, "%ld", value / 10);
  if (value % 10 != 0)
    g_string_append_printf (out, ".%ld", value % 10);
}

static void
pen_land (Pen *self)
{
  if (!self->moved)
    return;
  append_number (self->out, 'm', self->to.x - self->at.x);
  append_number (self->out, '\0', self->to.y - self->at.y);
  self->at = self->start = self->to;
  self->moved = false;
}

static void
pen_line (Pen *self, Point to)
{
  long dx, dy;

  pen_land (self);
  dx = to.x - self->at.x;
  dy = to.y - self->at.y;
  if (dx == 0 && dy == 0)
    return;
  if (dy == 0)
    append_number (self->out, 'h', dx);
  else if (dx == 0)
    append_number (self->out, 'v', dy);
  else
    {
      append_number (self->out, 'l', dx);
      append_number (self->out, '\0', dy);
    }
  self->at = to;
}

static void
pen_curve (Pen *self, const Point points[3])
{
  pen_land (self);
  for (int i = 0; i < 3; i++)
    {
      append_number (self->out, i == 0 ? 'c' : '\0', points[i].x - self->at.x);
      append_number (self->out, '\0', points[i].y - self->at.y);
    }
  self->at = points[2];
}

static void
pen_close (Pen *self)
{
  g_string_append_c (self->out, 'z');
  self->at = self->start;
}

static Point
read_point (const char **p)
{
  char *end;
  Point point;

  point.x = lround (g_ascii_strtod (*p, &end) * TENTHS);
  point.y = lround (g_ascii_strtod (end, &end) * TENTHS);
  *p = end;
  return point;
}

/* A rectangle as cairo writes it: M L L L Z, corner by corner. FALSE: it is something else, and
 * `*p` stays. */
static bool
read_rectangle (const char **p, Point *out_first, Point *out_last)
{
  static const char commands[] = "MLLLZ";
  const char *at = *p;
  Point corners[4];

  for (int i = 0; i < 5; i++)
    {
      while (*at == ' ')
        at++;
      if (*at++ != commands[i])
        return false;
      if (i < 4)
        corners[i] = read_point (&at);
    }
  if (corners[0].y != corners[1].y || corners[1].x != corners[2].x || corners[2].y != corners[3].y
      || corners[3].x != corners[0].x)
    return false;
  *p = at;
  *out_first = corners[0];
  *out_last = corners[2];
  return true;
}

/* Columns that stand side by side on one line, as cairo writes them one by one, become one outline.
 * Returns whether there was one. */
static bool
slim_columns (Pen *pen, const char **p)
{
  Point first, last, base;
  bool done = false;

  if (!read_rectangle (p, &first, &last))
    return false;
  base = (Point){ first.x, last.y };
  pen->to = base;
  pen->moved = true;
  while (!done)
    {
      const char *next = *p;
      Point next_first, next_last;

      done = !read_rectangle (&next, &next_first, &next_last) || next_first.x != last.x
             || labs (next_last.y - base.y) > BASE_TOLERANCE;
      if (done || next_first.y != first.y)
        {
          pen_line (pen, (Point){ first.x, first.y });
          pen_line (pen, (Point){ last.x, first.y });
        }
      if (done)
        break;
      if (next_first.y != first.y)
        first = next_first;
      last = next_last;
      *p = next;
    }
  pen_line (pen, (Point){ last.x, base.y });
  pen_close (pen);
  return true;
}

/* From after `d="` up to the quotation mark; returns where that is. Commands of cairo's: M L C Z.
 */
static const char *
slim_path (GString *out, const char *p)
{
  Pen pen = { .out = out };
  Point points[3];

  g_string_append (out, "M0 0");
  while (*p != '"' && *p != '\0')
    switch (slim_columns (&pen, &p) ? ' ' : *p++)
      {
      case 'M':
        pen.to = read_point (&p);
        pen.moved = true;
        break;
      case 'L':
        pen_line (&pen, read_point (&p));
        break;
      case 'C':
        for (int i = 0; i < 3; i++)
          points[i] = read_point (&p);
        pen_curve (&pen, points);
        break;
      case 'Z':
        pen_close (&pen);
        break;
      default: /* a space */
        break;
      }
  return p;
}

GString *
lsc_svg_slim_finish (const char *svg, const GString *texts)
{
  const char *last = g_strrstr (svg, "</svg>");
  GString *out = g_string_sized_new (strlen (svg) / 2);

  while (*svg != '\0')
    {
      const char *path = strstr (svg, " d=\"M");

      if (svg <= last && (path == NULL || path > last))
        {
          g_string_append_len (out, svg, last - svg);
          if (texts != NULL)
            g_string_append_len (out, texts->str, (gssize) texts->len);
          g_string_append (out, last);
          return out;
        }
      if (path == NULL)
        break;
      path += strlen (" d=\"");
      g_string_append_len (out, svg, path - svg);
      svg = slim_path (out, path);
    }
  g_string_append (out, svg);
  return out;
}
