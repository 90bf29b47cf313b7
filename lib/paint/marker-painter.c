/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/marker-painter.h"

#include "lib/paint/bar-painter.h"
#include "lib/view/unit.h"

#include <math.h>

#define FLAG_MAX 120.0 /* a marker's name is cut to */
#define FLAG_MIN 16.0
#define NAME_MIN 14.0   /* two digits, or a letter and dots */
#define FLAG_INSIDE 8.0 /* around the name */
#define FLAG_GAP 2.0    /* between two */
#define PENNANT_PX 9.0

/* What stands on the ruler for a marker. */
typedef struct
{
  const char *text;
  LscColor color;
  bool hollow;        /* the color is that of its edge and letters */
  double left, right; /* how far it may reach */
} Flag;

/* That of a bar which begins before what is seen stands at the edge. */
static double
flag_x (const LscScene *scene, const LscMarker *marker)
{
  double x = lsc_viewport_x (&scene->viewport, marker->time_ns);

  return lsc_viewport_x (&scene->viewport, marker->end_ns) >= 0 ? fmax (x, 0) : x;
}

/* Leaves a flag at `x` half of the way to the one at `other`. */
static void
keep_off (Flag *self, double x, double other)
{
  if (other < x)
    self->left = fmin (self->left, (x - other - FLAG_GAP) / 2);
  else
    self->right = fmin (self->right, (other - x - FLAG_GAP) / 2);
}

/* Markers are in order of time: of them only those beside it can be near. */
static void
measure_room (const LscScene *scene, uint32_t index, Flag *flag)
{
  double x = flag_x (scene, &scene->markers[index]);

  flag->left = flag->right = INFINITY;
  if (index > 0)
    keep_off (flag, x, flag_x (scene, &scene->markers[index - 1]));
  if (index + 1 < scene->n_markers)
    keep_off (flag, x, flag_x (scene, &scene->markers[index + 1]));
  if (scene->has_a)
    keep_off (flag, x, lsc_viewport_x (&scene->viewport, scene->a_ns));
  if (scene->has_b)
    keep_off (flag, x, lsc_viewport_x (&scene->viewport, scene->b_ns));
}

/* On the ruler, at x of the surface, or shifted to where there is room. A name that finds too
 * little is cut. */
static void
paint_flag (const LscPaintTools *tools, const LscBox *ruler, double x, const Flag *self)
{
  double room = self->left + self->right - FLAG_INSIDE;
  double text_max = fmax (fmin (FLAG_MAX, room), NAME_MIN);
  LscTextStyle style = { LSC_FONT_BAR, self->hollow ? self->color : tools->palette->background, 0.5,
                         text_max };
  LscBox flag = { .y = ruler->y + 2, .height = 16 };
  const char *text = self->text;
  LscColor color = self->color;

  if (ruler->height < 16)
    return;
  flag.width = fmin (lsc_label_cache_get (tools->labels, style.font, text)->size.width, text_max);
  flag.width = fmax (FLAG_MIN, ceil (flag.width) + FLAG_INSIDE);
  flag.x = x - flag.width / 2;
  if (self->left < flag.width / 2 && self->right > self->left)
    flag.x = x - fmin (self->left, flag.width / 2);
  else if (self->right < flag.width / 2)
    flag.x = x + self->right - flag.width;
  lsc_paint_tools_fill (tools, &flag, color);
  if (self->hollow)
    lsc_paint_tools_fill (tools,
                          &(LscBox){ flag.x + 1, flag.y + 1, flag.width - 2, flag.height - 2 },
                          tools->palette->background);
  lsc_label_cache_put_text (tools->labels, &style, text, flag.x + flag.width / 2, ruler->y + 14);
}

/* A line down the lanes, and a flag with `text` on the ruler. */
static void
paint_marker (const LscPaintTools *tools,
              const LscBox *box,
              const LscBox *ruler,
              uint64_t time_ns,
              const Flag *flag)
{
  double x = round (lsc_viewport_x (&tools->scene->viewport, time_ns));
  const double dashes[] = { 4, 3 };
  cairo_t *cr = tools->cr;

  if (x < 0 || x > box->width)
    return;
  x += box->x;
  cairo_save (cr);
  lsc_paint_tools_set_color (tools, flag->color);
  cairo_set_line_width (cr, 1.5);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_move_to (cr, x + 0.5, box->y);
  cairo_line_to (cr, x + 0.5, box->y + box->height);
  cairo_stroke (cr);
  cairo_restore (cr);
  paint_flag (tools, ruler, x, flag);
}

/* A pennant on the bar, in its lane. */
static void
paint_pennant (const LscPaintTools *tools, const LscBox *box, const LscRow *row, double x)
{
  double y = box->y + row->y - tools->scene->scroll_y;
  LscBarMeasures bar;
  cairo_t *cr = tools->cr;

  lsc_bar_painter_measure (row->height, &bar);
  lsc_paint_tools_set_color (tools, tools->palette->link);
  cairo_rectangle (cr, x, y + bar.top - PENNANT_PX / 2, 1.5, bar.bottom - bar.top + PENNANT_PX / 2);
  cairo_move_to (cr, x, y + bar.top - PENNANT_PX / 2);
  cairo_line_to (cr, x + PENNANT_PX, y + bar.top);
  cairo_line_to (cr, x, y + bar.top + PENNANT_PX / 2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

/* A note on a bar: it begins before what is seen, as the bar may. */
static void
paint_note (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler, uint32_t index)
{
  const LscScene *scene = tools->scene;
  const LscMarker *note = &scene->markers[index];
  Flag flag = { .text = note->name, .color = tools->palette->link, .hollow = true };
  const LscRow *row = lsc_scene_find_row (scene, note->thread);
  double x = round (lsc_viewport_x (&scene->viewport, note->time_ns));

  if (x > box->width || lsc_viewport_x (&scene->viewport, note->end_ns) < 0)
    return;
  x = box->x + fmax (x, 0);
  measure_room (scene, index, &flag);
  paint_flag (tools, ruler, x, &flag);
  if (row == NULL)
    return;
  cairo_save (tools->cr);
  cairo_rectangle (tools->cr, box->x, box->y, box->width, box->height);
  cairo_clip (tools->cr);
  paint_pennant (tools, box, row, x);
  cairo_restore (tools->cr);
}

static void
paint_markers (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler)
{
  const LscScene *scene = tools->scene;
  Flag flag = { .color = tools->palette->link };
  char number[16];

  for (uint32_t i = 0; i < scene->n_markers; i++)
    {
      const LscMarker *marker = &scene->markers[i];

      if (marker->thread != LSC_THREAD_NONE)
        {
          paint_note (tools, box, ruler, i);
          continue;
        }
      g_snprintf (number, sizeof number, "%u", marker->number);
      flag.text = marker->name[0] != '\0' ? marker->name : number;
      measure_room (scene, i, &flag);
      paint_marker (tools, box, ruler, marker->time_ns, &flag);
    }
  if (scene->has_a)
    paint_marker (tools, box, ruler, scene->a_ns,
                  &(Flag){ "A", tools->palette->marker_a, false, INFINITY, INFINITY });
  if (scene->has_b)
    paint_marker (tools, box, ruler, scene->b_ns,
                  &(Flag){ "B", tools->palette->marker_b, false, INFINITY, INFINITY });
}

static void
paint_difference (const LscPaintTools *tools, const LscBox *box)
{
  const LscScene *scene = tools->scene;
  bool forward = scene->b_ns >= scene->a_ns;
  uint64_t apart = forward ? scene->b_ns - scene->a_ns : scene->a_ns - scene->b_ns;
  LscTextStyle style = { LSC_FONT_GROUP, tools->palette->text, 0.5, 0 };
  double middle = (lsc_viewport_x (&scene->viewport, scene->a_ns)
                   + lsc_viewport_x (&scene->viewport, scene->b_ns))
                  / 2;
  char number[48], signed_number[56], text[128];
  double width;

  if (tools->words->difference == NULL || box->height < 40)
    return;
  lsc_unit_format_short (apart, number, sizeof number);
  g_snprintf (signed_number, sizeof signed_number, "%s%s", forward ? "" : "\342\210\222", number);
  lsc_paint_tools_insert (tools->words->difference, signed_number, text, sizeof text);
  width = lsc_label_cache_get (tools->labels, style.font, text)->size.width;
  middle = box->x + fmin (fmax (middle, width / 2 + 8), box->width - width / 2 - 8);
  lsc_paint_tools_fill (
      tools, &(LscBox){ middle - width / 2 - 6, box->y + box->height - 28, width + 12, 20 },
      tools->palette->header);
  lsc_label_cache_put_text (tools->labels, &style, text, middle, box->y + box->height - 13);
}

void
lsc_marker_painter_paint (const LscPaintTools *tools, const LscBox *box, const LscBox *ruler)
{
  paint_markers (tools, box, ruler);
  if (tools->scene->has_a && tools->scene->has_b)
    paint_difference (tools, box);
}
