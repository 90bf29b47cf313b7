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
#define GAP_PX 24            /* bars so narrow get their ground with the columns beside them */
#define STRIP_HEIGHT_MAX 200 /* tops are bytes, and what is there at all adds a few pixels */

/* From the bottom up; then nothing, but for the line of a sleep. */
enum
{
  RUNNING,
  PREEMPTED,
  RUNNABLE,
  UNKNOWN,
  N_STACKED,
  GROUND = N_STACKED,
  FIRST_LINE,
};

typedef struct
{
  int above, height; /* of the line, from the bottom of the band */
} Line;

/* The tops of what is stacked, a byte each, as a share of each adds to them. */
typedef struct
{
  int room; /* in pixels */
  int least;
  uint32_t of[N_STACKED][LSC_SHARE_ONE + 1];
} Tops;

/* Pixels beside each other, waiting to be drawn; bytes of a word, lowest first. */
typedef struct
{
  int x, n;
  uint32_t tops[STRIP_PX];  /* heights at which running, preempted, runnable, unknown end */
  uint32_t lines[STRIP_PX]; /* where the line begins and ends; its colour */
} Strip;

/* Bytes of the strip's words beside each other: loops over them take sixteen at a time. */
typedef struct
{
  uint8_t tops[N_STACKED][STRIP_PX];
  uint8_t line_from[STRIP_PX], line_to[STRIP_PX], line[STRIP_PX];
} Planes;

/* A column narrower than a pixel before something else. */
typedef struct
{
  const LscColumn *column;
  int x;
} Thin;

struct _LscColumnPainter
{
  Tops tops[2]; /* of rows of an even and an odd height: rounding makes both */
  Strip strip;
  Planes planes;
  GArray *thin; /* Thin, of the row painted last */
};

/* A row being painted. */
typedef struct
{
  const LscPaintTools *tools;
  LscColumnPainter *self;
  LscColumnBand band;
  double scale;
  int least; /* a run is at least so high */
  bool is_cpu;
  int ground_to; /* there is some up to this pixel */
  Line lines[LSC_N_REASONS];
  LscColor colors[FIRST_LINE + LSC_N_REASONS];
  uint32_t line_places[LSC_N_REASONS]; /* a reason's line, as in Strip */
  const Tops *tops;
} Pen;

LscColumnPainter *
lsc_column_painter_new (void)
{
  LscColumnPainter *self = g_new0 (LscColumnPainter, 1);

  self->thin = g_array_new (FALSE, FALSE, sizeof (Thin));
  return self;
}

void
lsc_column_painter_free (LscColumnPainter *self)
{
  g_array_unref (self->thin);
  g_free (self);
}

/* Yellow as bright as the bars' edges, over a whole stretch, would drown everything else. */
static LscColor
soften (LscColor edge, LscColor inside)
{
  uint32_t red_blue = ((edge & 0xff00ff) * 5 + (inside & 0xff00ff) * 3) >> 3 & 0xff00ff;
  uint32_t green = ((edge & 0x00ff00) * 5 + (inside & 0x00ff00) * 3) >> 3 & 0x00ff00;

  return 0xff000000u | red_blue | green;
}

static int
height_of (int room, unsigned share, int least)
{
  int height = (int) ((share * (unsigned) room + LSC_SHARE_ONE / 2) / LSC_SHARE_ONE);

  return share == 0 ? 0 : MAX (height, least);
}

/* What shares are worth in pixels. */
static const Tops *
prepare_tops (const Pen *pen)
{
  int room = pen->band.bottom - pen->band.top;
  Tops *tops = &pen->self->tops[room & 1];

  if (tops->room == room && tops->least == pen->least)
    return tops;
  tops->room = room;
  tops->least = pen->least;
  for (unsigned share = 0; share <= LSC_SHARE_ONE; share++)
    {
      uint32_t other = (uint32_t) height_of (room, share, 1);

      tops->of[RUNNING][share] = (uint32_t) height_of (room, share, pen->least) * 0x01010101u;
      tops->of[PREEMPTED][share] = other * 0x01010100u;
      tops->of[RUNNABLE][share] = other * 0x01010000u;
      tops->of[UNKNOWN][share] = other * 0x01000000u;
    }
  return tops;
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
  pen->colors[GROUND] = band->ground.inside;
  for (int i = 0; i < LSC_N_REASONS; i++)
    {
      const LscReasonLook *look = &palette->reasons[pen->is_cpu ? LSC_REASON_NONE : i];
      LscGrains line = lsc_line_painter_measure_part (
          pen->tools->ink, (LscGrains){ 0, band->top, 1, band->bottom }, band->middle, look);

      pen->colors[FIRST_LINE + i] = look->color;
      pen->lines[i] = (Line){ band->bottom - line.y1, line.y1 - line.y0 };
      pen->line_places[i] = (uint32_t) (uint8_t) (band->bottom - line.y1)
                            | (uint32_t) (uint8_t) (band->bottom - line.y0) << 8
                            | (uint32_t) (FIRST_LINE + i) << 16;
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
  int height = height_of (pen->band.bottom - pen->band.top, share, least);

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
      uint8_t index = choose ((from[i] <= height) & (to[i] > height), line[i], GROUND);

      index = choose (unknown[i] > height, UNKNOWN, index);
      index = choose (runnable[i] > height, RUNNABLE, index);
      index = choose (preempted[i] > height, PREEMPTED, index);
      indices[i] = choose (running[i] > height, RUNNING, index);
    }
}

/* The ground from what was drawn last to `x`. */
static void
bring_ground (Pen *pen, int x)
{
  if (x > pen->ground_to)
    lsc_ground_painter_fill (pen->tools->ink, &pen->band.ground,
                             (LscGrains){ pen->ground_to, pen->band.top, x, pen->band.bottom });
  pen->ground_to = MAX (pen->ground_to, x);
}

static void
draw_strip (Pen *pen)
{
  Strip *strip = &pen->self->strip;
  uint8_t indices[STRIP_PX];

  if (strip->n == 0)
    return;
  bring_ground (pen, strip->x);
  take_planes (strip, &pen->self->planes);
  for (int y = pen->band.bottom - 1; y >= pen->band.top; y--)
    {
      pick_row (&pen->self->planes, (uint8_t) (pen->band.bottom - 1 - y), strip->n, indices);
      lsc_ink_put_row (pen->tools->ink, strip->x, y, indices, strip->n, pen->colors);
    }
  strip->x += strip->n;
  strip->n = 0;
  pen->ground_to = MAX (pen->ground_to, strip->x);
}

/* Makes the strip end at x, for what begins there; between columns is the ground of bars. */
static void
go_to (Pen *pen, int x)
{
  Strip *strip = &pen->self->strip;
  int gap = x - (strip->x + strip->n);

  if (strip->n > 0 && gap < 0 && gap >= -strip->n)
    strip->n += gap;
  else if (gap > GAP_PX || gap < 0 || strip->n + gap > STRIP_PX)
    draw_strip (pen);
  if (strip->n == 0)
    strip->x = x;
  for (; strip->x + strip->n < x; strip->n++)
    strip->tops[strip->n] = strip->lines[strip->n] = 0;
}

/* Columns are a pixel or two wide, but for those that stand in for finer ones. */
static inline void
add_to_strip (Pen *pen, const LscColumn *column, int x0, int x1)
{
  Strip *strip = &pen->self->strip;
  const uint8_t *share = column->share;
  const uint32_t (*of)[LSC_SHARE_ONE + 1] = pen->tops->of;
  uint32_t tops = of[RUNNING][share[LSC_STATE_RUNNING]] + of[PREEMPTED][share[LSC_STATE_PREEMPTED]]
                  + of[RUNNABLE][share[LSC_STATE_RUNNABLE]] + of[UNKNOWN][share[LSC_STATE_UNKNOWN]];
  uint32_t line = has_line (column) ? pen->line_places[column->reason] : 0;

  if (strip->n == 0 || x0 != strip->x + strip->n)
    go_to (pen, x0);
  for (; x0 < x1; x0++)
    {
      if (strip->n == STRIP_PX)
        draw_strip (pen);
      strip->tops[strip->n] = tops;
      strip->lines[strip->n++] = line;
    }
}

/* Keeps a column that has no pixel of its own. If a wider one begins there, it is nothing. */
static void
keep_thin (const Pen *pen, const LscColumn *column, int x)
{
  GArray *all = pen->self->thin;

  while (all->len > 0 && g_array_index (all, Thin, all->len - 1).x >= x)
    g_array_set_size (all, all->len - 1);
  if (column != NULL)
    g_array_append_val (all, ((Thin){ column, x }));
}

/* Which columns can be seen: [first, end). */
static void
find_visible (const Pen *pen, const LscShape *shape, uint32_t *out_first, uint32_t *out_end)
{
  double right = lsc_ink_get_width (pen->tools->ink) / pen->scale;
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

/* The right edge of column `i`, in grains; it is not far beyond the area. */
static inline int
get_edge (const LscShape *shape, uint32_t i, double scale)
{
  double right = shape->column_x + (i + 1) * shape->column_width;

  right = (right < shape->x1 ? right : shape->x1) * scale;
  return (int) (right + (LSC_GRAINS_MAX + 0.5)) - LSC_GRAINS_MAX;
}

static void
paint_columns (Pen *pen, const LscShape *shape)
{
  int right_edge = lsc_ink_get_width (pen->tools->ink), x0;
  uint32_t first, end;

  find_visible (pen, shape, &first, &end);
  x0 = first == 0 ? lsc_ink_to_grain (pen->scale, shape->x0)
                  : get_edge (shape, first - 1, pen->scale);
  for (uint32_t i = first; i < end; i++)
    {
      int x1 = get_edge (shape, i, pen->scale);

      if (x1 <= x0 && x0 >= 0 && x0 < right_edge)
        keep_thin (pen, &shape->columns[i], x0);
      else if (x1 > 0 && x0 < right_edge)
        {
          if (pen->self->thin->len > 0)
            keep_thin (pen, NULL, x0);
          add_to_strip (pen, &shape->columns[i], MAX (x0, 0), MIN (x1, right_edge));
        }
      x0 = x1;
    }
}

static void
stack_columns (const Pen *pen, const LscShape *shape)
{
  int right_edge = lsc_ink_get_width (pen->tools->ink);
  int x0 = lsc_ink_to_grain (pen->scale, shape->x0), x1;

  for (uint32_t i = 0; i < shape->n_columns; i++, x0 = x1)
    {
      double right = shape->column_x + (i + 1) * shape->column_width;

      x1 = lsc_ink_to_grain (pen->scale, fmin (right, shape->x1));
      /* nothing that is there at all is thinner than a grain */
      if (MAX (x1, x0 + 1) > 0 && x0 < right_edge)
        stack_column (pen, &shape->columns[i], x0, MAX (x1, x0 + 1));
    }
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
lsc_column_painter_begin (const LscPaintTools *tools,
                          const LscColumnBand *band,
                          const LscShape *shapes,
                          uint32_t n_shapes)
{
  Pen pen = { .tools = tools, .self = tools->columns, .band = *band };

  prepare (&pen);
  pen.tops = prepare_tops (&pen);
  pen.self->strip.x = pen.self->strip.n = 0;
  g_array_set_size (pen.self->thin, 0);
  for (uint32_t i = 0; i < n_shapes; i++)
    if (shapes[i].kind == LSC_SHAPE_COLUMNS)
      paint_columns (&pen, &shapes[i]);
  draw_strip (&pen);
  bring_ground (&pen, lsc_ink_get_width (tools->ink));
}

void
lsc_column_painter_finish (const LscPaintTools *tools, const LscColumnBand *band)
{
  const GArray *thin = tools->columns->thin;
  Pen pen = { .tools = tools, .self = tools->columns, .band = *band };

  if (thin->len > 0)
    prepare (&pen);
  for (guint i = 0; i < thin->len; i++)
    {
      const Thin *at = &g_array_index (thin, Thin, i);

      stack_column (&pen, at->column, at->x, at->x + 1);
    }
}

void
lsc_column_painter_stack (const LscPaintTools *tools,
                          LscRowKind kind,
                          const LscColumnBand *band,
                          const LscShape *shapes,
                          uint32_t n_shapes)
{
  Pen pen = {
    .tools = tools, .self = tools->columns, .band = *band, .is_cpu = kind == LSC_ROW_CPU
  };

  prepare (&pen);
  for (uint32_t i = 0; i < n_shapes; i++)
    if (shapes[i].kind == LSC_SHAPE_COLUMNS)
      stack_columns (&pen, &shapes[i]);
}
