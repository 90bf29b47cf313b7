/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/legend-painter.h"

#include "lib/paint/line-painter.h"

#include <math.h>

#define SWATCH_HEIGHT 14.0
#define MARGIN 14.0
#define MORE "\342\200\246"

typedef struct
{
  double swatch;
  double gap;   /* between a swatch and its word */
  double space; /* between entries */
} Spacing;

static const Spacing wide = { 22, 7, 18 }, narrow = { 14, 5, 11 };

/* In the order of how much they are missed. `reason` counts where `state` is SLEEPING. */
static const struct
{
  LscState state;
  LscReason reason;
} entries[] = {
  { LSC_STATE_RUNNING, LSC_REASON_NONE },      { LSC_STATE_RUNNABLE, LSC_REASON_NONE },
  { LSC_STATE_PREEMPTED, LSC_REASON_NONE },    { LSC_STATE_SLEEPING, LSC_REASON_LOCK },
  { LSC_STATE_SLEEPING, LSC_REASON_DISK },     { LSC_STATE_SLEEPING, LSC_REASON_PIPE },
  { LSC_STATE_SLEEPING, LSC_REASON_NETWORK },  { LSC_STATE_SLEEPING, LSC_REASON_TIMER },
  { LSC_STATE_SLEEPING, LSC_REASON_EVENTS },   { LSC_STATE_UNKNOWN, LSC_REASON_NONE },
  { LSC_STATE_SLEEPING, LSC_REASON_CHILD },    { LSC_STATE_SLEEPING, LSC_REASON_PAGE_FAULT },
  { LSC_STATE_SLEEPING, LSC_REASON_FILE },     { LSC_STATE_SLEEPING, LSC_REASON_STOPPED },
  { LSC_STATE_SLEEPING, LSC_REASON_SIGNAL },   { LSC_STATE_SLEEPING, LSC_REASON_KERNEL },
  { LSC_STATE_SLEEPING, LSC_REASON_TERMINAL },
};

/* CPU lanes: a block has the colour of its thread. */
static void
paint_cpu_swatch (const LscPaintTools *tools, LscGrains swatch, LscState state)
{
  const LscPalette *palette = tools->palette;
  LscGrains left = swatch;
  LscColor text;

  if (state == LSC_STATE_RUNNING)
    {
      left.x1 = (swatch.x0 + swatch.x1) / 2;
      lsc_ink_round (tools->ink, swatch, lsc_palette_thread (palette, 1, &text));
      lsc_ink_layer (tools->ink);
      lsc_ink_fill (tools->ink, left, lsc_palette_thread (palette, 2, &text));
    }
  else if (state == LSC_STATE_ABSENT)
    {
      lsc_ink_fill (tools->ink, swatch, palette->other);
      lsc_ink_frame (tools->ink, swatch, 1, palette->border);
    }
  else
    lsc_line_painter_paint (tools->ink, swatch, (swatch.y0 + swatch.y1) / 2,
                            &palette->reasons[LSC_REASON_NONE], false);
}

static LscGrains
swatch_box (const LscPaintTools *tools, const LscBox *box, double x, const Spacing *spacing)
{
  double y = (box->height - SWATCH_HEIGHT) / 2;

  return (LscGrains){ lsc_ink_grain (tools->ink, x), lsc_ink_grain (tools->ink, y),
                      lsc_ink_grain (tools->ink, x + spacing->swatch),
                      lsc_ink_grain (tools->ink, y + SWATCH_HEIGHT) };
}

static void
paint_swatch (const LscPaintTools *tools, LscGrains swatch, size_t entry)
{
  const LscPalette *palette = tools->palette;
  LscInk *ink = tools->ink;
  int edge = MAX (lsc_ink_grain (ink, 1.5), 1);
  LscGrains line = swatch;

  switch (entries[entry].state)
    {
    case LSC_STATE_RUNNING:
      lsc_ink_round (ink, swatch, palette->running);
      break;
    case LSC_STATE_RUNNABLE:
      lsc_ink_fill (ink, swatch, palette->runnable_fill);
      lsc_ink_frame (ink, swatch, edge, palette->runnable);
      break;
    case LSC_STATE_PREEMPTED:
      lsc_ink_fill (ink, swatch, palette->preempted_fill);
      lsc_ink_frame (ink, swatch, edge, palette->preempted);
      lsc_ink_slash (ink, swatch, palette->preempted);
      break;
    case LSC_STATE_UNKNOWN:
      lsc_ink_fill (ink, swatch, palette->hatch_fill);
      lsc_ink_hatch (ink, swatch, palette->hatch);
      break;
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
    case LSC_STATE_STOPPED:
    case LSC_STATE_ABSENT:
    case LSC_N_STATES:
      line.y0 -= swatch.y1 - swatch.y0; /* as broad as in a lane of the usual height */
      line.y1 += swatch.y1 - swatch.y0;
      lsc_line_painter_paint (ink, line, (swatch.y0 + swatch.y1) / 2,
                              &palette->reasons[entries[entry].reason], false);
      break;
    }
}

static const char *
word_of (const LscPaintTools *tools, size_t entry)
{
  return entries[entry].state == LSC_STATE_SLEEPING ? tools->words->reason[entries[entry].reason]
                                                    : tools->words->state[entries[entry].state];
}

static void
put_text (const LscPaintTools *tools, const LscBox *box, const char *text, double x)
{
  LscTextStyle style = { LSC_FONT_LEGEND, tools->palette->text, 0, 0 };

  lsc_label_cache_put_text (tools->labels, &style, text, box->x + x,
                            round (box->y + box->height / 2 + 4.5));
}

static double
measure_entry (const LscPaintTools *tools, const char *word, const Spacing *spacing)
{
  return spacing->swatch + spacing->gap
         + lsc_label_cache_get (tools->labels, LSC_FONT_LEGEND, word)->size.width;
}

/* Puts the word of an entry and moves `x` behind it. False when it finds no room. */
static bool
put_word (const LscPaintTools *tools,
          const LscBox *box,
          const char *word,
          const Spacing *spacing,
          double *x)
{
  double width = measure_entry (tools, word, spacing);

  if (*x + width + MARGIN > box->width)
    return false;
  put_text (tools, box, word, *x + spacing->swatch + spacing->gap);
  *x += width + spacing->space;
  return true;
}

static void
remember_spot (const LscPaintTools *tools, size_t entry, double from_x, double to_x)
{
  LscLegendSpots *legend = tools->legend;

  if (legend->n_spots < LSC_LEGEND_SPOTS_MAX)
    legend->spots[legend->n_spots++] =
        (LscLegendSpot){ from_x, to_x, entries[entry].state, entries[entry].reason };
}

static bool
is_seen (const LscPaintTools *tools, size_t entry)
{
  uint64_t seen = lsc_lane_shapes_get_seen (tools->shapes);

  if (entries[entry].state == LSC_STATE_SLEEPING)
    return (seen & LSC_SEEN_REASON (entries[entry].reason)) != 0;
  return (seen & LSC_SEEN_STATE (entries[entry].state)) != 0;
}

/* Whether all entries, or those that the picture shows, find room. */
static bool
fit (const LscPaintTools *tools, const LscBox *box, bool all, const Spacing *spacing)
{
  double width = 2 * MARGIN - spacing->space;

  for (size_t i = 0; i < G_N_ELEMENTS (entries); i++)
    if (word_of (tools, i) != NULL && (all || is_seen (tools, i)))
      width += measure_entry (tools, word_of (tools, i), spacing) + spacing->space;
  return width <= box->width;
}

/* Where there is no room for all, what the picture shows comes first, closer together if need be,
 * and the margin says when even of that something is left out. */
static void
paint_thread_entries (const LscPaintTools *tools, const LscBox *box)
{
  bool all = fit (tools, box, true, &wide);
  const Spacing *spacing = all || fit (tools, box, false, &wide) ? &wide : &narrow;
  double x = MARGIN, at = x;

  for (int turn = all ? 1 : 0; turn < 2; turn++)
    for (size_t i = 0; i < G_N_ELEMENTS (entries); i++)
      {
        const char *word = word_of (tools, i);

        if (word == NULL || (!all && is_seen (tools, i) != (turn == 0)))
          continue;
        if (!put_word (tools, box, word, spacing, &x))
          {
            if (turn == 0)
              put_text (tools, box, MORE, at);
            return;
          }
        paint_swatch (tools, swatch_box (tools, box, at, spacing), i);
        remember_spot (tools, i, box->x + at, box->x + x - spacing->space);
        lsc_ink_layer (tools->ink);
        at = x;
      }
}

static void
paint_cpu_entries (const LscPaintTools *tools, const LscBox *box)
{
  const struct
  {
    LscState state;
    const char *word;
  } cpu_entries[] = { { LSC_STATE_RUNNING, tools->words->state[LSC_STATE_RUNNING] },
                      { LSC_STATE_SLEEPING, tools->words->idle },
                      { LSC_STATE_ABSENT, tools->words->not_traced },
                      { LSC_STATE_UNKNOWN, tools->words->state[LSC_STATE_UNKNOWN] } };
  double x = MARGIN, at = x;

  for (size_t i = 0; i < G_N_ELEMENTS (cpu_entries); i++)
    {
      LscGrains swatch = swatch_box (tools, box, at, &wide);

      if (cpu_entries[i].word == NULL || !put_word (tools, box, cpu_entries[i].word, &wide, &x))
        continue;
      if (cpu_entries[i].state != LSC_STATE_UNKNOWN)
        paint_cpu_swatch (tools, swatch, cpu_entries[i].state);
      else
        {
          lsc_ink_fill (tools->ink, swatch, tools->palette->hatch_fill);
          lsc_ink_hatch (tools->ink, swatch, tools->palette->hatch);
        }
      lsc_ink_layer (tools->ink);
      at = x;
    }
}

void
lsc_legend_painter_paint (const LscPaintTools *tools, const LscBox *box)
{
  cairo_rectangle_t area = { box->x, box->y, box->width, box->height };

  tools->legend->n_spots = 0;
  lsc_ink_begin (tools->ink, tools->cr, &area, tools->palette->header);
  if (lsc_row_list_get_mode (tools->scene->rows) == LSC_ROWS_BY_CPU)
    paint_cpu_entries (tools, box);
  else
    paint_thread_entries (tools, box);
  lsc_ink_end (tools->ink);
  lsc_label_cache_flush (tools->labels);
}
