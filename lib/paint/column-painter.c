/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * There may be 100 000 of them in a frame, and no two neighbours are alike: loops over the height
 * of each would cost more in wrongly foretold branches than in writing. So threads' columns are
 * drawn row by row without a branch, their ground with them. CPUs' columns, of many colours, and
 * those on paper are stacked.
 */
#include "lib/paint/column-painter.h"

#include "lib/paint/line-painter.h"

#include <math.h>

#define N_LAYERS 7
#define STRIP_PX 2048
#define GAP_PX 24            /* bars so narrow are skipped, not gone around */
#define STRIP_HEIGHT_MAX 200 /* tops are bytes, and what is there at all adds a few pixels */
#define EDGES 256            /* columns placed at a time */

/* From the bottom up; then nothing, but for the line of a sleep. */
enum
{
  RUNNING,
  PREEMPTED,
  RUNNABLE,
  UNKNOWN,
  N_STACKED,
  GROUND = N_STACKED,
  LEFT, /* as it is: a bar is there */
  FIRST_LINE,
};

typedef struct
{
  int above, height; /* of the line, from the bottom of the band */
} Line;

typedef struct
{
  const LscPaintTools *tools;
  LscColumnBand band;
  double scale;
  int least; /* a run is at least so high */
  bool is_cpu;
  Line lines[LSC_N_REASONS];
  LscColor colors[FIRST_LINE + LSC_N_REASONS];
  /* of a share: the tops of what is stacked, a byte each, as it adds to them */
  uint32_t tops[N_STACKED][LSC_SHARE_ONE + 1];
  uint32_t line_places[LSC_N_REASONS]; /* a reason's line, as in Strip */
} Pen;

/* Pixels beside each other, waiting to be drawn; bytes of a word, lowest first. */
typedef struct
{
  const Pen *pen;
  int x, n;
  bool leaves;              /* something of what is there */
  uint32_t tops[STRIP_PX];  /* heights at which running, preempted, runnable, unknown end */
  uint32_t lines[STRIP_PX]; /* where the line begins and ends; its colour; that of nothing */
} Strip;

/* Yellow as bright as the bars' edges, over a whole stretch, would drown everything else. */
static LscColor
soften (LscColor edge, LscColor inside)
{
  uint32_t red_blue = ((edge & 0xff00ff) * 5 + (inside & 0xff00ff) * 3) >> 3 & 0xff00ff;
  uint32_t green = ((edge & 0x00ff00) * 5 + (inside & 0x00ff00) * 3) >> 3 & 0x00ff00;

  return 0xff000000u | red_blue | green;
}

static int
height_of (const Pen *pen, unsigned share, int least)
{
  unsigned room = (unsigned) (pen->band.bottom - pen->band.top);
  int height = (int) ((share * room + LSC_SHARE_ONE / 2) / LSC_SHARE_ONE);

  return share == 0 ? 0 : MAX (height, least);
}

static void
prepare (Pen *pen)
{
  const LscPalette *palette = pen->tools->palette;
  const LscColumnBand *band = &pen->band;

  pen->scale = lsc_ink_get_scale (pen->tools->ink);
  pen->least = band->bottom - band->top >= (int) (10 * pen->scale) ? (int) (2 * pen->scale) : 1;
  pen->colors[RUNNING] = palette->running;
  pen->colors[PREEMPTED] = soften (palette->preempted, palette->preempted_fill);
  pen->colors[RUNNABLE] = soften (palette->runnable, palette->runnable_fill);
  pen->colors[UNKNOWN] = palette->hatch;
  pen->colors[GROUND] = band->ground;
  for (int i = 0; i < LSC_N_REASONS; i++)
    {
      const LscReasonLook *look = &palette->reasons[pen->is_cpu ? LSC_REASON_NONE : i];
      LscGrains line = lsc_line_painter_measure_part (
          pen->tools->ink, (LscGrains){ 0, band->top, 1, band->bottom }, band->middle, look);

      pen->colors[FIRST_LINE + i] = look->color;
      pen->lines[i] = (Line){ band->bottom - line.y1, line.y1 - line.y0 };
    }
}

/* The layers of one column, from the bottom; only those that are there. */
typedef struct
{
  LscInkLayer layers[N_LAYERS];
  unsigned n;
  int height;
} Stack;

static void
add_layer (const Pen *pen, unsigned share, int least, LscColor color, Stack *stack)
{
  int height = height_of (pen, share, least);

  if (share == 0)
    return;
  stack->layers[stack->n++] = (LscInkLayer){ height, color };
  stack->height += height;
}

static LscColor
color_of_thread (const Pen *pen, uint32_t thread)
{
  const LscTrace *trace = pen->tools->scene->trace;
  LscColor text;

  if (thread >= lsc_trace_get_n_threads (trace))
    return pen->tools->palette->other;
  return lsc_palette_thread (pen->tools->palette, lsc_trace_get_thread (trace, thread)->tid, &text);
}

static bool
has_line (const LscColumn *column)
{
  const uint8_t *share = column->share;

  return (share[LSC_STATE_SLEEPING] | share[LSC_STATE_UNINTERRUPTIBLE] | share[LSC_STATE_STOPPED])
         != 0;
}

static void
stack_column (const Pen *pen, const LscColumn *column, int x0, int x1)
{
  const uint8_t *share = column->share;
  const LscPalette *palette = pen->tools->palette;
  LscColor running = pen->is_cpu ? color_of_thread (pen, column->thread) : pen->colors[RUNNING];
  int above = pen->lines[column->reason].above, line = pen->lines[column->reason].height;
  Stack stack;

  stack.n = 0;
  stack.height = 0;
  add_layer (pen, share[LSC_STATE_RUNNING], pen->least, running, &stack);
  add_layer (pen, share[LSC_STATE_PREEMPTED], 1, pen->colors[PREEMPTED], &stack);
  add_layer (pen, share[LSC_STATE_RUNNABLE], 1, pen->colors[RUNNABLE], &stack);
  if (pen->is_cpu)
    add_layer (pen, share[LSC_STATE_ABSENT], 1, palette->other, &stack);
  add_layer (pen, share[LSC_STATE_UNKNOWN], 1, pen->colors[UNKNOWN], &stack);
  /* then nothing, up to what can still be seen of the line */
  if (stack.height > above)
    {
      line = line > stack.height - above ? line - (stack.height - above) : 0;
      above = stack.height;
    }
  if (has_line (column))
    {
      stack.layers[stack.n++] = (LscInkLayer){ above - stack.height, 0 };
      stack.layers[stack.n++] = (LscInkLayer){ line, pen->colors[FIRST_LINE + column->reason] };
    }
  lsc_ink_stack (pen->tools->ink, (LscGrains){ x0, pen->band.top, x1, pen->band.bottom },
                 stack.layers, stack.n);
}

static inline uint8_t
choose (bool first, uint8_t a, uint8_t b)
{
  return (uint8_t) (b ^ ((a ^ b) & -(int) first));
}

/* Bytes of the strip's words beside each other: loops over them take sixteen at a time. */
typedef struct
{
  uint8_t tops[N_STACKED][STRIP_PX];
  uint8_t line_from[STRIP_PX], line_to[STRIP_PX], line[STRIP_PX], nothing[STRIP_PX];
} Planes;

static void
take_byte (const uint32_t *restrict words, unsigned byte, int n, uint8_t *restrict plane)
{
  for (int i = 0; i < n; i++)
    plane[i] = (uint8_t) (words[i] >> (8 * byte));
}

static void
take_planes (const Strip *strip, Planes *planes)
{
  for (unsigned i = 0; i < N_STACKED; i++)
    take_byte (strip->tops, i, strip->n, planes->tops[i]);
  take_byte (strip->lines, 0, strip->n, planes->line_from);
  take_byte (strip->lines, 1, strip->n, planes->line_to);
  take_byte (strip->lines, 2, strip->n, planes->line);
  take_byte (strip->lines, 3, strip->n, planes->nothing);
}

/* What is `height` above the bottom: indices of colours. */
static void
pick_row (const Planes *planes, uint8_t height, int n, uint8_t *restrict indices)
{
  const uint8_t *running = planes->tops[RUNNING], *preempted = planes->tops[PREEMPTED];
  const uint8_t *runnable = planes->tops[RUNNABLE], *unknown = planes->tops[UNKNOWN];
  const uint8_t *from = planes->line_from, *to = planes->line_to, *line = planes->line;

  for (int i = 0; i < n; i++)
    {
      uint8_t index = choose ((from[i] <= height) & (to[i] > height), line[i], planes->nothing[i]);

      index = choose (unknown[i] > height, UNKNOWN, index);
      index = choose (runnable[i] > height, RUNNABLE, index);
      index = choose (preempted[i] > height, PREEMPTED, index);
      indices[i] = choose (running[i] > height, RUNNING, index);
    }
}

static void
draw_strip (Strip *strip)
{
  const Pen *pen = strip->pen;
  uint8_t indices[STRIP_PX];
  Planes planes;

  take_planes (strip, &planes);
  for (int y = pen->band.bottom - 1; y >= pen->band.top; y--)
    {
      pick_row (&planes, (uint8_t) (pen->band.bottom - 1 - y), strip->n, indices);
      if (strip->leaves)
        lsc_ink_put_row_over (pen->tools->ink, strip->x, y, indices, strip->n, pen->colors);
      else
        lsc_ink_put_row (pen->tools->ink, strip->x, y, indices, strip->n, pen->colors);
    }
  strip->x += strip->n;
  strip->n = 0;
  strip->leaves = false;
}

/* Makes the strip end at x, for what begins there; bars between columns are left as they are. */
static void
go_to (Strip *strip, int x)
{
  int gap = x - (strip->x + strip->n);

  if (strip->n > 0 && gap < 0 && gap >= -strip->n)
    strip->n += gap;
  else if (strip->n > 0 && (gap > GAP_PX || gap < 0 || strip->n + gap > STRIP_PX))
    draw_strip (strip);
  if (strip->n == 0)
    strip->x = x;
  strip->leaves |= strip->x + strip->n < x;
  for (; strip->x + strip->n < x; strip->n++)
    {
      strip->tops[strip->n] = 0;
      strip->lines[strip->n] = (uint32_t) LEFT << 24;
    }
}

/* Columns are a pixel or two wide, but for those that stand in for finer ones. `nothing` is the
 * colour of what is empty. */
static inline void
add_to_strip (Strip *strip, const LscColumn *column, int x0, int x1, uint32_t nothing)
{
  const Pen *pen = strip->pen;
  const uint8_t *share = column->share;
  uint32_t tops = pen->tops[RUNNING][share[LSC_STATE_RUNNING]]
                  + pen->tops[PREEMPTED][share[LSC_STATE_PREEMPTED]]
                  + pen->tops[RUNNABLE][share[LSC_STATE_RUNNABLE]]
                  + pen->tops[UNKNOWN][share[LSC_STATE_UNKNOWN]];
  uint32_t line = nothing << 24 | (has_line (column) ? pen->line_places[column->reason] : 0);

  if (strip->n == 0 || x0 != strip->x + strip->n)
    go_to (strip, x0);
  for (; x0 < x1; x0++)
    {
      if (strip->n == STRIP_PX)
        draw_strip (strip);
      strip->tops[strip->n] = tops;
      strip->lines[strip->n++] = line;
    }
  strip->leaves |= nothing == LEFT;
}

/* The right edges of columns from `first` on, in grains; none is far beyond the area. */
static void
place_columns (const Pen *pen, const LscShape *shape, uint32_t first, uint32_t n, int *edges)
{
  double x = shape->column_x, width = shape->column_width, end = shape->x1, scale = pen->scale;

  for (uint32_t i = 0; i < n; i++)
    {
      double right = x + (first + i + 1) * width;

      right = (right < end ? right : end) * scale;
      edges[i] = (int) (right + (LSC_GRAINS_MAX + 0.5)) - LSC_GRAINS_MAX;
    }
}

/* Which columns can be seen: [first, end). */
static void
find_visible (const Pen *pen, const LscShape *shape, uint32_t *out_first, uint32_t *out_end)
{
  double right = lsc_ink_get_width (pen->tools->ink) / pen->scale;
  double first = floor ((-1 - shape->column_x) / shape->column_width) - 1;
  double end = ceil ((right + 1 - shape->column_x) / shape->column_width) + 1;

  *out_first = (uint32_t) fmin (fmax (first, 0), shape->n_columns);
  *out_end = (uint32_t) fmin (fmax (end, *out_first), shape->n_columns);
}

static void
paint_columns (const Pen *pen, const LscShape *shape, Strip *strip)
{
  int edges[EDGES], right_edge = lsc_ink_get_width (pen->tools->ink), x0;
  uint32_t first, end;

  find_visible (pen, shape, &first, &end);
  x0 = lsc_ink_to_grain (pen->scale,
                         first == 0 ? shape->x0 : shape->column_x + first * shape->column_width);
  for (uint32_t i = first, at = EDGES; i < end; i++, at++)
    {
      const LscColumn *column = &shape->columns[i];
      int x1, to;

      if (at == EDGES)
        {
          at = 0;
          place_columns (pen, shape, i, MIN (end - i, EDGES), edges);
        }
      x1 = edges[at];
      /* nothing that is there at all is thinner than a grain, even where something else begins */
      to = MAX (x1, x0 + 1);
      if (to > 0 && x0 < right_edge && strip == NULL)
        stack_column (pen, column, x0, to);
      else if (to > 0 && x0 < right_edge)
        add_to_strip (strip, column, MAX (x0, 0), MIN (to, right_edge), to > x1 ? LEFT : GROUND);
      x0 = x1;
    }
}

/* What shares are worth in pixels. */
static void
prepare_rows (Pen *pen)
{
  for (unsigned share = 0; share <= LSC_SHARE_ONE; share++)
    {
      uint32_t run = (uint32_t) height_of (pen, share, pen->least);
      uint32_t other = (uint32_t) height_of (pen, share, 1);

      pen->tops[RUNNING][share] = run * 0x01010101u;
      pen->tops[PREEMPTED][share] = other * 0x01010100u;
      pen->tops[RUNNABLE][share] = other * 0x01010000u;
      pen->tops[UNKNOWN][share] = other * 0x01000000u;
    }
  for (unsigned i = 0; i < LSC_N_REASONS; i++)
    pen->line_places[i] = (uint32_t) (uint8_t) pen->lines[i].above
                          | (uint32_t) (uint8_t) (pen->lines[i].above + pen->lines[i].height) << 8
                          | (FIRST_LINE + i) << 16;
}

bool
lsc_column_painter_brings_ground (const LscPaintTools *tools,
                                  LscRowKind kind,
                                  const LscColumnBand *band)
{
  return kind == LSC_ROW_THREAD && lsc_ink_has_pixels (tools->ink)
         && band->bottom - band->top <= STRIP_HEIGHT_MAX;
}

void
lsc_column_painter_paint (const LscPaintTools *tools,
                          LscRowKind kind,
                          const LscColumnBand *band,
                          const LscShape *shapes,
                          uint32_t n_shapes)
{
  Pen pen = { .tools = tools, .band = *band, .is_cpu = kind == LSC_ROW_CPU };
  bool in_rows = lsc_column_painter_brings_ground (tools, kind, band), prepared = false;
  Strip strip;

  strip.pen = &pen;
  strip.n = 0;
  strip.leaves = false;
  for (uint32_t i = 0; i < n_shapes; i++)
    {
      if (shapes[i].kind != LSC_SHAPE_COLUMNS)
        continue;
      if (!prepared)
        prepare (&pen);
      if (!prepared && in_rows)
        prepare_rows (&pen);
      prepared = true;
      paint_columns (&pen, &shapes[i], in_rows ? &strip : NULL);
    }
  if (strip.n > 0)
    draw_strip (&strip);
}
