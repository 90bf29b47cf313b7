/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * There may be 100 000 of them in a frame, and no two neighbours are alike: loops over the height
 * of each would cost more in wrongly foretold branches than in writing. So threads' columns are
 * drawn row by row without a branch. CPUs' columns, of many colours, and those on paper are
 * stacked.
 */
#include "lib/paint/column-painter.h"

#include "lib/paint/line-painter.h"

#define N_LAYERS 7
#define STRIP_PX 1024
#define GAP_PX 24            /* bars so narrow are skipped, not gone around */
#define STRIP_HEIGHT_MAX 255 /* a height is a byte */

/* From the bottom up; then nothing, but for the line of a sleep. */
enum
{
  RUNNING,
  PREEMPTED,
  RUNNABLE,
  UNKNOWN,
  N_STACKED,
  GROUND = N_STACKED, /* is there already */
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
  uint8_t heights[2][LSC_SHARE_ONE + 1]; /* of a share: of a run, of anything else */
} Pen;

/* Pixels beside each other, waiting to be drawn. */
typedef struct
{
  const Pen *pen;
  int x, n;
  uint8_t tops[N_STACKED][STRIP_PX];
  uint8_t line_from[STRIP_PX], line_to[STRIP_PX], line[STRIP_PX]; /* its colour */
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

/* What is `height` above the bottom: indices of colours. Bytes only, so that a compiler takes
 * sixteen at a time. */
static void
pick_row (const Strip *strip, uint8_t height, int n, uint8_t *restrict indices)
{
  const uint8_t *running = strip->tops[RUNNING], *preempted = strip->tops[PREEMPTED];
  const uint8_t *runnable = strip->tops[RUNNABLE], *unknown = strip->tops[UNKNOWN];
  const uint8_t *from = strip->line_from, *to = strip->line_to, *line = strip->line;

  for (int i = 0; i < n; i++)
    {
      uint8_t index = choose ((from[i] <= height) & (to[i] > height), line[i], GROUND);

      index = choose (unknown[i] > height, UNKNOWN, index);
      index = choose (runnable[i] > height, RUNNABLE, index);
      index = choose (preempted[i] > height, PREEMPTED, index);
      indices[i] = choose (running[i] > height, RUNNING, index);
    }
}

static void
draw_strip (Strip *strip)
{
  const LscColumnBand *band = &strip->pen->band;
  uint8_t indices[STRIP_PX];

  for (int y = band->bottom - 1; y >= band->top; y--)
    {
      pick_row (strip, (uint8_t) (band->bottom - 1 - y), strip->n, indices);
      lsc_ink_put_row (strip->pen->tools->ink, strip->x, y, indices, strip->n, strip->pen->colors);
    }
  strip->x += strip->n;
  strip->n = 0;
}

/* Puts a column at place `at` of the strip. */
static inline void
set_place (Strip *strip, int at, const LscColumn *column)
{
  const Pen *pen = strip->pen;
  const Line *line = &pen->lines[column->reason];
  int top = pen->heights[0][column->share[LSC_STATE_RUNNING]];

  strip->tops[RUNNING][at] = (uint8_t) top;
  top += pen->heights[1][column->share[LSC_STATE_PREEMPTED]];
  strip->tops[PREEMPTED][at] = (uint8_t) MIN (top, STRIP_HEIGHT_MAX);
  top += pen->heights[1][column->share[LSC_STATE_RUNNABLE]];
  strip->tops[RUNNABLE][at] = (uint8_t) MIN (top, STRIP_HEIGHT_MAX);
  top += pen->heights[1][column->share[LSC_STATE_UNKNOWN]];
  strip->tops[UNKNOWN][at] = (uint8_t) MIN (top, STRIP_HEIGHT_MAX);
  strip->line_from[at] = (uint8_t) line->above;
  strip->line_to[at] = has_line (column) ? (uint8_t) (line->above + line->height) : 0;
  strip->line[at] = (uint8_t) (FIRST_LINE + column->reason);
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
  for (; strip->x + strip->n < x; strip->n++)
    {
      for (int i = 0; i < N_STACKED; i++)
        strip->tops[i][strip->n] = 0;
      strip->line_to[strip->n] = 0;
    }
}

/* Columns are a pixel or two wide, but for those that stand in for finer ones. */
static void
add_to_strip (Strip *strip, const LscColumn *column, int x0, int x1)
{
  if (strip->n == 0 || x0 != strip->x + strip->n)
    go_to (strip, x0);
  for (; x0 < x1; x0++)
    {
      if (strip->n == STRIP_PX)
        draw_strip (strip);
      set_place (strip, strip->n++, column);
    }
}

static void
paint_columns (const Pen *pen, const LscShape *shape, Strip *strip)
{
  int x0 = lsc_ink_to_grain (pen->scale, shape->x0), x1;
  int right_edge = lsc_ink_get_width (pen->tools->ink);

  for (uint32_t i = 0; i < shape->n_columns; i++, x0 = x1)
    {
      double right = shape->column_x + (i + 1) * shape->column_width;
      int end;

      x1 = lsc_ink_to_grain (pen->scale, right < shape->x1 ? right : shape->x1);
      /* nothing that is there at all is thinner than a grain */
      end = MAX (x1, x0 + 1);
      if (end <= 0 || x0 >= right_edge)
        continue;
      if (strip != NULL)
        add_to_strip (strip, &shape->columns[i], MAX (x0, 0), MIN (end, right_edge));
      else
        stack_column (pen, &shape->columns[i], x0, end);
    }
}

void
lsc_column_painter_paint (const LscPaintTools *tools,
                          LscRowKind kind,
                          const LscColumnBand *band,
                          const LscShape *shapes,
                          uint32_t n_shapes)
{
  Pen pen = { .tools = tools, .band = *band, .is_cpu = kind == LSC_ROW_CPU };
  bool in_rows = !pen.is_cpu && lsc_ink_has_pixels (tools->ink)
                 && band->bottom - band->top <= STRIP_HEIGHT_MAX;
  Strip strip;

  prepare (&pen);
  strip.pen = &pen;
  strip.n = 0;
  for (unsigned share = 0; share <= LSC_SHARE_ONE && in_rows; share++)
    {
      pen.heights[0][share] = (uint8_t) height_of (&pen, share, pen.least);
      pen.heights[1][share] = (uint8_t) height_of (&pen, share, 1);
    }
  for (uint32_t i = 0; i < n_shapes; i++)
    if (shapes[i].kind == LSC_SHAPE_COLUMNS)
      paint_columns (&pen, &shapes[i], in_rows ? &strip : NULL);
  if (strip.n > 0)
    draw_strip (&strip);
}
