/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-painter.h"

#include "lib/paint/column-strip.h"

#include <math.h>
#include <string.h>

#define GAP_PX 24   /* bars so narrow get their ground with the columns beside them */
#define STEP 8      /* pixels of a gap emptied at once */
#define RUN_PX 4    /* columns of a run are at most so wide: two pixels on most screens */
#define RUN_LEAST 4 /* so many columns make a run */
#define FIXED_BITS 32
#define FIXED_ONE (INT64_C (1) << FIXED_BITS)

_Static_assert(STEP <= LSC_COLUMN_STRIP_SLACK, "the end of the last gap");
_Static_assert(sizeof ((LscColumn *) NULL)->share == sizeof (uint64_t), "shares fit a word");

/* What shares and reasons are in a strip, for bands of one height. */
typedef struct
{
  const LscPalette *palette; /* NULL: not worked out yet */
  double scale;
  int middle; /* from the bottom */
  LscColumnLook look;
  /* tops: a byte each, as a share of each adds to them */
  uint32_t running[LSC_SHARE_ONE + 1], preempted[LSC_SHARE_ONE + 1];
  uint32_t runnable[LSC_SHARE_ONE + 1], unknown[LSC_SHARE_ONE + 1];
  uint32_t lines[LSC_N_REASONS];
} Words;

/* A column narrower than a pixel before something else. */
typedef struct
{
  const LscColumn *column;
  int x;
} Thin;

struct _LscColumnPainter
{
  Words words[2]; /* of rows of an even and an odd height: rounding makes both */
  LscColumnStrip strip;
  Thin *thin; /* of the row painted last */
  uint32_t n_thin, thin_capacity;
  uint32_t *rest; /* numbers of its bars that are not done */
  uint32_t rest_capacity;
};

/* A row being painted. */
typedef struct
{
  LscInk *ink;
  const LscColumnBand *band;
  const Words *words;
  LscColumnPainter *self;
  LscColumnStrip *strip; /* pixels beside each other, waiting to be drawn */
  LscStripPlace place;
  int strip_x;   /* where the strip begins */
  int ground_to; /* there is some up to this pixel */
  int width;     /* of the ink */
  int unit;      /* grains a unit, at least 1 */
} Pen;

LscColumnPainter *
lsc_column_painter_new (void)
{
  return g_new0 (LscColumnPainter, 1);
}

void
lsc_column_painter_free (LscColumnPainter *self)
{
  g_free (self->thin);
  g_free (self->rest);
  g_free (self);
}

static void
fill_words (Words *words)
{
  int room = words->look.room;

  for (unsigned share = 0; share <= LSC_SHARE_ONE; share++)
    {
      uint32_t other = (uint32_t) lsc_column_look_height (room, share, 1);

      words->running[share] =
          (uint32_t) lsc_column_look_height (room, share, words->look.least) * 0x01010101u;
      words->preempted[share] = other * 0x01010100u;
      words->runnable[share] = other * 0x01010000u;
      words->unknown[share] = other * 0x01000000u;
    }
  for (unsigned i = 0; i < LSC_N_REASONS; i++)
    words->lines[i] = (uint32_t) (uint8_t) words->look.lines[i].from
                      | (uint32_t) (uint8_t) words->look.lines[i].to << 8
                      | LSC_COLUMN_LINE (i) << 16;
}

static const Words *
find_words (const LscPaintTools *tools, const LscColumnBand *band)
{
  int room = band->bottom - band->top, middle = band->bottom - band->middle;
  double scale = lsc_ink_get_scale (tools->ink);
  Words *words = &tools->columns->words[room & 1];

  if (words->palette != tools->palette || words->scale != scale || words->middle != middle
      || words->look.room != room)
    {
      words->palette = tools->palette;
      words->scale = scale;
      words->middle = middle;
      lsc_column_look_measure (tools, band, LSC_ROW_THREAD, &words->look);
      fill_words (words);
    }
  lsc_column_look_set_ground (&words->look, band->ground.inside, tools->palette);
  return words;
}

static Pen
begin_row (const LscPaintTools *tools, const LscColumnBand *band)
{
  Pen pen = { .ink = tools->ink,
              .band = band,
              .words = find_words (tools, band),
              .self = tools->columns,
              .strip = &tools->columns->strip,
              .width = lsc_ink_get_width (tools->ink) };

  pen.place = (LscStripPlace){ tools->ink, band->top, band->bottom, pen.words->look.colors };
  pen.unit = MAX (lsc_ink_to_grain (pen.words->scale, 1), 1);
  pen.strip->n = 0;
  return pen;
}

/* The ground from what was drawn last to `x`. */
static void
bring_ground (Pen *pen, int x)
{
  if (x > pen->ground_to)
    lsc_ground_painter_fill (pen->ink, &pen->band->ground,
                             (LscGrains){ pen->ground_to, pen->band->top, x, pen->band->bottom });
  pen->ground_to = MAX (pen->ground_to, x);
}

static void
draw_strip (Pen *pen)
{
  int n = pen->strip->n;

  if (n == 0)
    return;
  bring_ground (pen, pen->strip_x);
  lsc_column_strip_put (pen->strip, &pen->place, pen->strip_x);
  pen->strip_x += n;
  pen->ground_to = MAX (pen->ground_to, pen->strip_x);
}

/* Makes the strip end at x, for what begins there; between columns is the ground of bars. */
static void
go_to (Pen *pen, int x)
{
  LscColumnStrip *strip = pen->strip;
  int gap = x - (pen->strip_x + strip->n);

  if (strip->n > 0 && gap < 0 && gap >= -strip->n)
    strip->n += gap;
  else if (gap > GAP_PX || gap < 0 || strip->n + gap > LSC_COLUMN_STRIP_PX)
    draw_strip (pen);
  if (strip->n == 0)
    pen->strip_x = x;
  while (pen->strip_x + strip->n < x)
    {
      memset (&strip->tops[strip->n], 0, STEP * sizeof strip->tops[0]);
      memset (&strip->lines[strip->n], 0, STEP * sizeof strip->lines[0]);
      strip->n += MIN (x - (pen->strip_x + strip->n), STEP);
    }
}

/* The column as words of a strip. Sleeps come and go from one column to the next: no branch asks
 * for them. */
static inline void
read_column (const Words *words, const LscColumn *column, uint32_t *tops, uint32_t *line)
{
  const uint8_t *share = column->share;

  *tops = words->running[share[LSC_STATE_RUNNING]] + words->preempted[share[LSC_STATE_PREEMPTED]]
          + words->runnable[share[LSC_STATE_RUNNABLE]] + words->unknown[share[LSC_STATE_UNKNOWN]];
  *line = words->lines[column->reason] & -(uint32_t) lsc_column_look_has_line (column);
}

/* Makes the strip end at `x`, with room for `n` more. */
static inline void
make_room (Pen *pen, int x, int n)
{
  if (x != pen->strip_x + pen->strip->n)
    go_to (pen, x);
  if (pen->strip->n + n > LSC_COLUMN_STRIP_PX)
    draw_strip (pen);
}

/* Writes [from, to) of the strip, and somewhat more: what comes next lies there. */
static inline void
fill_words_to (LscColumnStrip *strip, int from, int to, uint32_t tops, uint32_t line)
{
  for (; from < to; from += STEP)
    for (int i = 0; i < STEP; i++)
      {
        strip->tops[from + i] = tops;
        strip->lines[from + i] = line;
      }
}

/* A bar that is one with the columns around it: solid, or hollow with an edge. */
static void
add_bar (Pen *pen, const LscShape *shape)
{
  const LscColumnBand *band = pen->band;
  LscColumnStrip *strip = pen->strip;
  int x0 = lsc_ink_to_grain (pen->words->scale, shape->x0);
  int x1 = MAX (lsc_ink_to_grain (pen->words->scale, shape->x1), x0 + 1);
  int first = MAX (x0, 0), end = MIN (x1, pen->width);
  int edge = lsc_column_look_edge (pen->unit, x1 - x0);
  int left = CLAMP (x0 + edge, first, end), right = CLAMP (x1 - edge, left, end);
  uint32_t below = (uint32_t) (band->bottom - band->wait_bottom);
  uint32_t above = (uint32_t) (band->bottom - band->wait_top);
  uint32_t from = MIN (below + (uint32_t) edge, above);
  uint32_t to = MAX (above - MIN ((uint32_t) edge, above), from);
  uint32_t solid = below | above << 8 | above << 16 | above << 24;
  uint32_t hollow =
      shape->state == LSC_STATE_RUNNABLE ? LSC_COLUMN_HOLLOW_RUNNABLE : LSC_COLUMN_HOLLOW_PREEMPTED;
  uint32_t line = hollow << 16 | 255u << 8; /* all the way up */

  if (first >= end)
    return;
  if (shape->state == LSC_STATE_RUNNING)
    {
      solid = (uint32_t) pen->words->look.room * 0x01010101u;
      line = 0;
      left = right = first;
    }
  make_room (pen, first, end - first);
  first -= pen->strip_x;
  fill_words_to (strip, first, left - pen->strip_x, solid, line);
  fill_words_to (strip, left - pen->strip_x, right - pen->strip_x,
                 below | from << 8 | to << 16 | above << 24, line);
  fill_words_to (strip, right - pen->strip_x, end - pen->strip_x, solid, line);
  strip->n = end - pen->strip_x;
}

/* Keeps a column that has no pixel of its own. */
static void
keep_thin (LscColumnPainter *self, const LscColumn *column, int x)
{
  if (self->n_thin == self->thin_capacity)
    {
      self->thin_capacity = MAX (self->thin_capacity * 2, 256);
      self->thin = g_renew (Thin, self->thin, self->thin_capacity);
    }
  self->thin[self->n_thin++] = (Thin){ column, x };
}

/* What begins at x hides those that were kept from there on. */
static inline void
drop_thin (LscColumnPainter *self, int x)
{
  while (self->n_thin > 0 && self->thin[self->n_thin - 1].x >= x)
    self->n_thin--;
}

/* Which columns can be seen: [first, end). */
static void
find_visible (const Pen *pen, const LscShape *shape, uint32_t *out_first, uint32_t *out_end)
{
  double right = pen->width / pen->words->scale;
  double first, end;

  *out_first = 0;
  *out_end = shape->n_columns;
  if (shape->x0 >= 0 && shape->x1 <= right)
    return;
  first = floor ((-1 - shape->column_x) / shape->column_width) - 1;
  end = ceil ((right + 1 - shape->column_x) / shape->column_width) + 1;

  *out_first = (uint32_t) fmin (fmax (first, 0), shape->n_columns);
  *out_end = (uint32_t) fmin (fmax (end, *out_first), shape->n_columns);
}

/* One column, wherever its edges are. */
static inline void
add_column (Pen *pen, const LscColumn *column, int x0, int x1)
{
  LscColumnStrip *strip = pen->strip;
  int end = MIN (x1, pen->width);
  uint32_t tops, line;

  if (x1 <= 0 || x0 >= pen->width)
    return;
  drop_thin (pen->self, x0);
  if (x1 <= x0 && x0 >= 0)
    {
      keep_thin (pen->self, column, x0);
      return;
    }
  read_column (pen->words, column, &tops, &line);
  for (int x = MAX (x0, 0), n; x < end; x += n)
    {
      n = MIN (end - x, LSC_COLUMN_STRIP_PX);
      make_room (pen, x, n);
      fill_words_to (strip, strip->n, strip->n + n, tops, line);
      strip->n += n;
    }
}

/* A run: columns of at least a grain and at most RUN_PX, those that end at or before `limit` and
 * find room in the strip; their number is returned. They begin at *edge, which is moved to their
 * end. What is written for one does not wait for the one before it. */
static uint32_t
add_run (Pen *pen, const LscColumn *columns, uint32_t n, int64_t *edge, int64_t step, int limit)
{
  LscColumnStrip *strip = pen->strip;
  int64_t left = *edge, last;
  uint32_t i;

  drop_thin (pen->self, (int) (left >> FIXED_BITS));
  make_room (pen, (int) (left >> FIXED_BITS), RUN_PX);
  last = ((int64_t) MIN (limit, pen->strip_x + LSC_COLUMN_STRIP_PX) + 1) * FIXED_ONE - 1 - step;
  for (i = 0; i < n && left <= last; i++, left += step)
    {
      int x = (int) (left >> FIXED_BITS) - pen->strip_x;
      uint32_t tops, line;

      read_column (pen->words, &columns[i], &tops, &line);
      for (int k = 0; k < RUN_PX; k++)
        {
          strip->tops[x + k] = tops;
          strip->lines[x + k] = line;
        }
    }
  strip->n = (int) (left >> FIXED_BITS) - pen->strip_x;
  *edge = left;
  return i;
}

/* Edges are added up in fixed point, which is faster than asking a double for each. */
static void
paint_columns (Pen *pen, const LscShape *shape)
{
  double scale = pen->words->scale;
  int last = lsc_ink_to_grain (scale, shape->x1), limit = MIN (last, pen->width), x0, x1;
  int64_t edge, step = (int64_t) (shape->column_width * scale * (double) FIXED_ONE);
  bool runs = step >= FIXED_ONE && step <= RUN_PX * FIXED_ONE;
  uint32_t first, end;

  find_visible (pen, shape, &first, &end);
  edge = (int64_t) (((shape->column_x + first * shape->column_width) * scale + 0.5)
                    * (double) FIXED_ONE);
  x0 = first == 0 ? lsc_ink_to_grain (scale, shape->x0) : (int) (edge >> FIXED_BITS);
  for (uint32_t i = first; i < end; x0 = x1)
    {
      edge += step;
      x1 = MIN ((int) (edge >> FIXED_BITS), last);
      add_column (pen, &shape->columns[i++], x0, x1);
      if (runs && end - i >= RUN_LEAST && x1 > 0 && x1 < limit)
        i += add_run (pen, &shape->columns[i], end - i, &edge, step, limit);
      x1 = MIN ((int) (edge >> FIXED_BITS), last); /* after the run */
    }
}

bool
lsc_column_painter_brings_ground (const LscPaintTools *tools,
                                  LscRowKind kind,
                                  const LscColumnBand *band)
{
  return kind == LSC_ROW_THREAD && lsc_ink_has_pixels (tools->ink)
         && band->bottom - band->top <= LSC_COLUMN_STRIP_HEIGHT_MAX;
}

/* Room for the numbers of all bars of a row. */
static uint32_t *
take_rest (LscColumnPainter *self, uint32_t n_shapes)
{
  if (n_shapes > self->rest_capacity)
    {
      self->rest_capacity = MAX (self->rest_capacity * 2, n_shapes);
      g_free (self->rest);
      self->rest = g_new (uint32_t, self->rest_capacity);
    }
  return self->rest;
}

const uint32_t *
lsc_column_painter_begin (const LscPaintTools *tools,
                          const LscColumnBand *band,
                          const LscShape *shapes,
                          uint32_t n_shapes,
                          uint32_t *out_n_rest)
{
  Pen pen = begin_row (tools, band);
  uint32_t *rest = take_rest (pen.self, n_shapes), n_rest = 0;

  pen.self->n_thin = 0;
  for (uint32_t i = 0; i < n_shapes; i++)
    if (shapes[i].kind == LSC_SHAPE_COLUMNS)
      paint_columns (&pen, &shapes[i]);
    else
      {
        bool taken = lsc_column_painter_takes_bar (band, &shapes[i]);

        if (taken)
          add_bar (&pen, &shapes[i]);
        rest[n_rest] = i;
        n_rest += !taken | (shapes[i].state == LSC_STATE_PREEMPTED);
      }
  draw_strip (&pen);
  bring_ground (&pen, pen.width);
  *out_n_rest = n_rest;
  return rest;
}

void
lsc_column_painter_finish (const LscPaintTools *tools, const LscColumnBand *band)
{
  LscColumnPainter *self = tools->columns;
  int xs[LSC_COLUMN_STRIP_PX];
  Pen pen;

  if (self->n_thin == 0)
    return;
  pen = begin_row (tools, band);
  for (uint32_t i = 0; i < self->n_thin; i++)
    {
      int n = pen.strip->n++;

      xs[n] = self->thin[i].x;
      read_column (pen.words, self->thin[i].column, &pen.strip->tops[n], &pen.strip->lines[n]);
      if (pen.strip->n == LSC_COLUMN_STRIP_PX || i + 1 == self->n_thin)
        lsc_column_strip_scatter (pen.strip, &pen.place, xs);
    }
}
