/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/header-painter.h"

#include "lib/paint/lanes-painter.h"
#include "lib/view/lane-summary.h"

#include <math.h>

#define INDENT 26.0
#define MARGIN 12.0
#define LINE_HEIGHT 22.0
#define LINES_MARGIN 5.0
#define TEXT_HEIGHT 12.0 /* lower rows have no words */

typedef struct
{
  const LscPaintTools *tools;
  const LscRow *row;
  double x, y, width; /* of the row's header */
  char share[32];
} Header;

/* Puts a text at (at[0], at[1]) of the header, no wider than at[2] unless that is 0; a negative x
 * is where it ends, counted from the right. Returns its full width. */
static double
put (const Header *header, LscFont font, LscColor color, const char *text, const double at[3])
{
  LscTextStyle style = { font, color, at[0] < 0 ? 1 : 0, at[2] };
  double x = at[0] < 0 ? header->x + header->width + at[0] : header->x + at[0];

  return lsc_label_cache_put_text (header->tools->labels, &style, text, x, header->y + at[1]);
}

static void
paint_triangle (const Header *header, double x, double y, bool collapsed)
{
  cairo_t *cr = header->tools->cr;

  lsc_paint_tools_set_color (header->tools, header->tools->palette->text);
  if (collapsed)
    {
      cairo_move_to (cr, x + 1, y - 4);
      cairo_line_to (cr, x + 7, y);
      cairo_line_to (cr, x + 1, y + 4);
    }
  else
    {
      cairo_move_to (cr, x, y - 3);
      cairo_line_to (cr, x + 8, y - 3);
      cairo_line_to (cr, x + 4, y + 3);
    }
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
paint_process (const Header *header)
{
  const LscPalette *palette = header->tools->palette;
  const LscProcess *process =
      lsc_trace_get_process (header->tools->scene->trace, header->row->index);
  double base = round (header->row->height / 2 + 4.5);
  double room =
      header->width - MARGIN - INDENT
      - lsc_label_cache_get (header->tools->labels, LSC_FONT_SMALL, header->share)->size.width;
  double name;
  char text[64];

  paint_triangle (header, 13, header->y + header->row->height / 2, header->row->collapsed);
  name = put (header, LSC_FONT_GROUP, palette->text, process->name,
              (double[]){ INDENT, base, fmax (room - 60, 30) });
  if (header->row->collapsed)
    g_snprintf (text, sizeof text, "%u \302\267 %u", process->tgid, process->n_threads);
  else
    g_snprintf (text, sizeof text, "%u", process->tgid);
  if (room - fmin (name, fmax (room - 60, 30)) - 20 > 20)
    put (header, LSC_FONT_SMALL, palette->dim_text, text,
         (double[]){ INDENT + fmin (name, fmax (room - 60, 30)) + 10, base,
                     room - fmin (name, fmax (room - 60, 30)) - 16 });
  put (header, LSC_FONT_SMALL, palette->dim_text, header->share, (double[]){ -MARGIN, base, 0 });
}

/* Name above number where the lane is high enough, else side by side, else the name alone. */
static void
paint_lane (const Header *header, const char *name, const char *number)
{
  const LscPalette *palette = header->tools->palette;
  const LscPick *selected = &header->tools->scene->selected;
  double height = header->row->height, share, width;
  bool is_selected = selected->kind == header->row->kind && selected->index == header->row->index;
  LscFont font = is_selected ? LSC_FONT_NAME_BOLD : LSC_FONT_NAME;
  bool two_lines = height >= 36 && number[0] != '\0';
  double base = two_lines ? round (height / 2 - 3) : round (height / 2 + 4.5);

  if (height < 17)
    {
      font = is_selected ? LSC_FONT_TINY_BOLD : LSC_FONT_TINY;
      base = round (height / 2 + 3.5);
    }
  share = put (header, height < 17 ? LSC_FONT_TINY : LSC_FONT_SMALL, palette->dim_text,
               header->share, (double[]){ -MARGIN, base, 0 });
  width = header->width - INDENT - MARGIN - share - 8;
  if (two_lines)
    {
      put (header, font, palette->text, name, (double[]){ INDENT, base, width });
      put (header, LSC_FONT_SMALL, palette->dim_text, number, (double[]){ INDENT, base + 15, 0 });
      return;
    }
  share =
      put (header, font, palette->text, name, (double[]){ INDENT, base, fmax (width - 48, 24) });
  share = fmin (share, fmax (width - 48, 24));
  if (height >= 17 && width - share > 44)
    put (header, LSC_FONT_SMALL, palette->dim_text, number,
         (double[]){ INDENT + share + 8, base, width - share - 8 });
}

static void
paint_header (const Header *header)
{
  const LscTrace *trace = header->tools->scene->trace;
  const LscRow *row = header->row;
  char number[32], name[64];

  if (row->kind == LSC_ROW_PROCESS)
    paint_process (header);
  else if (row->kind == LSC_ROW_THREAD)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, row->index);

      g_snprintf (number, sizeof number, "%u", thread->tid);
      if (thread->name[0] != '\0')
        paint_lane (header, thread->name, number);
      else
        paint_lane (header, number, "");
    }
  else
    {
      g_snprintf (number, sizeof number, "%u", row->index);
      lsc_paint_tools_insert (header->tools->words->cpu != NULL ? header->tools->words->cpu : "%s",
                              number, name, sizeof name);
      paint_lane (header, name, "");
    }
}

static void
put_share (Header *header)
{
  const LscScene *scene = header->tools->scene;
  LscLaneSummary summary;

  lsc_lane_summary (scene->trace, header->row, &scene->viewport, &summary);
  lsc_paint_tools_percent (lsc_lane_summary_running (&summary), header->share,
                           sizeof header->share);
}

static void
paint_background (const LscPaintTools *tools, const LscRow *row, const LscBox *box, double y)
{
  const LscPick *selected = &tools->scene->selected;
  LscBox band = { box->x, y, box->width, row->height };

  if (row->kind == LSC_ROW_PROCESS)
    lsc_paint_tools_fill (tools, &band, tools->palette->header);
  else if (selected->index == row->index && selected->kind == row->kind)
    lsc_paint_tools_fill (tools, &band, tools->palette->selected_row);
  if (row->height < 14)
    return;
  band.y = y + row->height - 1;
  band.height = 1;
  lsc_paint_tools_fill (tools, &band, tools->palette->border);
}

static uint32_t
count_hidden (const LscScene *scene, LscHidden which)
{
  return which == LSC_HIDDEN_IDLE ? lsc_row_list_get_n_idle_hidden (scene->rows)
                                  : lsc_row_list_get_n_ended_hidden (scene->rows);
}

double
lsc_header_painter_lines_height (const LscScene *scene)
{
  double height = 0;

  for (unsigned i = 0; i < LSC_N_HIDDEN; i++)
    height += count_hidden (scene, (LscHidden) i) > 0 ? LINE_HEIGHT : 0;
  return height > 0 ? height + 2 * LINES_MARGIN : 0;
}

bool
lsc_header_painter_line (
    const LscScene *scene, double area_height, LscHidden which, double *out_y, double *out_height)
{
  double below = lsc_row_list_get_height (scene->rows) - scene->scroll_y;

  *out_height = LINE_HEIGHT;
  *out_y = LINES_MARGIN + fmin (below, area_height - lsc_header_painter_lines_height (scene));
  if (which == LSC_HIDDEN_ENDED && count_hidden (scene, LSC_HIDDEN_IDLE) > 0)
    *out_y += LINE_HEIGHT;
  return count_hidden (scene, which) > 0;
}

static void
paint_line (const LscPaintTools *tools, const LscBox *box, LscHidden which)
{
  const char *words =
      which == LSC_HIDDEN_IDLE ? tools->words->idle_hidden : tools->words->ended_hidden;
  LscTextStyle style = { LSC_FONT_LEGEND, tools->palette->link, 0, box->width - 2 * MARGIN };
  char number[40], text[128];
  double y, height;

  if (words == NULL || !lsc_header_painter_line (tools->scene, box->height, which, &y, &height))
    return;
  lsc_paint_tools_count (count_hidden (tools->scene, which), number, sizeof number);
  lsc_paint_tools_insert (words, number, text, sizeof text);
  lsc_label_cache_put_text (tools->labels, &style, text, box->x + 14, box->y + y + 16);
}

static void
paint_lines (const LscPaintTools *tools, const LscBox *box)
{
  double height = lsc_header_painter_lines_height (tools->scene);
  double below = lsc_row_list_get_height (tools->scene->rows) - tools->scene->scroll_y;
  double y = fmin (below, box->height - height);

  if (height > 0)
    lsc_label_cache_flush (tools->labels); /* the names that it covers */
  if (height > 0 && y < below)
    lsc_paint_tools_fill (tools, &(LscBox){ box->x, box->y + y, box->width, height },
                          tools->palette->header);
  for (unsigned i = 0; i < LSC_N_HIDDEN; i++)
    paint_line (tools, box, (LscHidden) i);
}

void
lsc_header_painter_paint (const LscPaintTools *tools, const LscBox *box)
{
  const LscScene *scene = tools->scene;
  uint32_t first, end;

  lsc_lanes_painter_visible (scene, box->height, &first, &end);
  cairo_save (tools->cr);
  cairo_rectangle (tools->cr, box->x, box->y, box->width, box->height);
  cairo_clip (tools->cr);
  for (uint32_t i = first; i < end; i++)
    {
      const LscRow *row = lsc_row_list_get (scene->rows, i);
      Header header = { .tools = tools,
                        .row = row,
                        .x = box->x,
                        .y = box->y + row->y - scene->scroll_y,
                        .width = box->width };

      paint_background (tools, row, box, header.y);
      if (row->height < TEXT_HEIGHT)
        continue;
      put_share (&header);
      paint_header (&header);
    }
  paint_lines (tools, box);
  lsc_label_cache_flush (tools->labels);
  cairo_restore (tools->cr);
}
