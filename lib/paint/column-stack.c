/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-stack.h"

#include <math.h>

#define N_LAYERS 5

/* A row being painted. */
typedef struct
{
  const LscPaintTools *tools;
  const LscColumnBand *band;
  bool is_cpu;
  LscColumnLook look;
} Pen;

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
  int height = lsc_column_look_height (pen->look.room, share, least);

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

static void
stack_column (const Pen *pen, const LscColumn *column, int x0, int x1)
{
  const uint8_t *share = column->share;
  const LscColor *colors = pen->look.colors;
  LscColor running =
      pen->is_cpu ? color_of_thread (pen, column->thread) : colors[LSC_COLUMN_RUNNING];
  LscColumnLine line = pen->look.lines[column->reason];
  LscGrains place = { x0, pen->band->top, x1, pen->band->bottom };
  Stack stack;

  stack.n = 0;
  stack.height = 0;
  add_layer (pen, share[LSC_STATE_RUNNING], pen->look.least, running, &stack);
  add_layer (pen, share[LSC_STATE_PREEMPTED], 1, colors[LSC_COLUMN_PREEMPTED], &stack);
  add_layer (pen, share[LSC_STATE_RUNNABLE], 1, colors[LSC_COLUMN_RUNNABLE], &stack);
  if (pen->is_cpu)
    add_layer (pen, share[LSC_STATE_ABSENT], 1, pen->tools->palette->other, &stack);
  add_layer (pen, share[LSC_STATE_UNKNOWN], 1, colors[LSC_COLUMN_UNKNOWN], &stack);
  if (pen->is_cpu) /* who runs has a colour of his own */
    lsc_ink_stack (pen->tools->ink, place, stack.layers, stack.n);
  else
    lsc_ink_nest (pen->tools->ink, place, stack.layers, stack.n);
  if (!lsc_column_look_has_line (column))
    return;
  /* what can still be seen of the line */
  place.y0 = MAX (place.y1 - line.to, place.y0);
  place.y1 -= MAX (line.from, stack.height);
  if (place.y0 < place.y1)
    lsc_ink_fill (pen->tools->ink, place, colors[LSC_COLUMN_LINE (column->reason)]);
}

static void
stack_columns (const Pen *pen, const LscShape *shape)
{
  double scale = lsc_ink_get_scale (pen->tools->ink);
  int right_edge = lsc_ink_get_width (pen->tools->ink);
  int x0 = lsc_ink_to_grain (scale, shape->x0), x1;

  for (uint32_t i = 0; i < shape->n_columns; i++, x0 = x1)
    {
      double right = shape->column_x + (i + 1) * shape->column_width;

      x1 = lsc_ink_to_grain (scale, fmin (right, shape->x1));
      /* nothing that is there at all is thinner than a grain */
      if (MAX (x1, x0 + 1) > 0 && x0 < right_edge)
        stack_column (pen, &shape->columns[i], x0, MAX (x1, x0 + 1));
    }
}

void
lsc_column_stack_paint (const LscPaintTools *tools,
                        LscRowKind kind,
                        const LscColumnBand *band,
                        const LscShape *shapes,
                        uint32_t n_shapes)
{
  Pen pen = { .tools = tools, .band = band, .is_cpu = kind == LSC_ROW_CPU };

  lsc_column_look_measure (tools, band, kind, &pen.look);
  /* from the top down */
  lsc_ink_order (tools->ink, &pen.look.colors[LSC_COLUMN_UNKNOWN],
                 LSC_COLUMN_RUNNING - LSC_COLUMN_UNKNOWN + 1);
  for (uint32_t i = 0; i < n_shapes; i++)
    if (shapes[i].kind == LSC_SHAPE_COLUMNS)
      stack_columns (&pen, &shapes[i]);
}
