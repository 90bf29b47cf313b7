/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * There may be 100 000 of them in a frame, so everything that is the same for a lane is worked out
 * before.
 */
#include "lib/paint/column-painter.h"

#include "lib/paint/line-painter.h"

#define N_LAYERS 7

typedef struct
{
  const LscPaintTools *tools;
  LscColumnBand band;
  double scale;
  int least; /* a run is at least so high */
  bool is_cpu;
  LscColor preempted, runnable;
  struct
  {
    LscColor color;
    int above, height; /* of the line, from the bottom of the band */
  } lines[LSC_N_REASONS];
} Pen;

/* Yellow as bright as the bars' edges, over a whole stretch, would drown everything else. */
static LscColor
soften (LscColor edge, LscColor inside)
{
  uint32_t red_blue = ((edge & 0xff00ff) * 5 + (inside & 0xff00ff) * 3) >> 3 & 0xff00ff;
  uint32_t green = ((edge & 0x00ff00) * 5 + (inside & 0x00ff00) * 3) >> 3 & 0x00ff00;

  return 0xff000000u | red_blue | green;
}

static void
prepare (Pen *pen)
{
  const LscPalette *palette = pen->tools->palette;
  const LscColumnBand *band = &pen->band;

  pen->scale = lsc_ink_get_scale (pen->tools->ink);
  pen->least = band->bottom - band->top >= (int) (10 * pen->scale) ? (int) (2 * pen->scale) : 1;
  pen->preempted = soften (palette->preempted, palette->preempted_fill);
  pen->runnable = soften (palette->runnable, palette->runnable_fill);
  for (int i = 0; i < LSC_N_REASONS; i++)
    {
      const LscReasonLook *look = &palette->reasons[pen->is_cpu ? LSC_REASON_NONE : i];
      LscGrains line = lsc_line_painter_measure_part (
          pen->tools->ink, (LscGrains){ 0, band->top, 1, band->bottom }, band->middle, look);

      pen->lines[i].color = look->color;
      pen->lines[i].above = band->bottom - line.y1;
      pen->lines[i].height = line.y1 - line.y0;
    }
}

/* The layers of one column, from the bottom; only those that are there. */
typedef struct
{
  LscInkLayer layers[N_LAYERS];
  unsigned n;
  int height;
} Stack;

static inline void
add_layer (const Pen *pen, uint16_t share, int least, LscColor color, Stack *stack)
{
  int height = (share * (pen->band.bottom - pen->band.top) + (int) LSC_SHARE_ONE / 2) >> 16;

  if (share == 0)
    return;
  height = height > least ? height : least;
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
paint_column (const Pen *pen, const LscShape *shape, int x0, int x1)
{
  const uint16_t *share = shape->share;
  const LscPalette *palette = pen->tools->palette;
  LscColor running = pen->is_cpu ? color_of_thread (pen, shape->thread) : palette->running;
  int above = pen->lines[shape->reason].above, line = pen->lines[shape->reason].height;
  Stack stack;

  stack.n = 0;
  stack.height = 0;
  add_layer (pen, share[LSC_STATE_RUNNING], pen->least, running, &stack);
  add_layer (pen, share[LSC_STATE_PREEMPTED], 1, pen->preempted, &stack);
  add_layer (pen, share[LSC_STATE_RUNNABLE], 1, pen->runnable, &stack);
  if (pen->is_cpu)
    add_layer (pen, share[LSC_STATE_ABSENT], 1, palette->other, &stack);
  add_layer (pen, share[LSC_STATE_UNKNOWN], 1, palette->hatch, &stack);
  /* then nothing, up to what can still be seen of the line */
  if (stack.height > above)
    {
      line = line > stack.height - above ? line - (stack.height - above) : 0;
      above = stack.height;
    }
  if ((share[LSC_STATE_SLEEPING] | share[LSC_STATE_UNINTERRUPTIBLE] | share[LSC_STATE_STOPPED])
      != 0)
    {
      stack.layers[stack.n++] = (LscInkLayer){ above - stack.height, 0 };
      stack.layers[stack.n++] = (LscInkLayer){ line, pen->lines[shape->reason].color };
    }
  lsc_ink_stack (pen->tools->ink, (LscGrains){ x0, pen->band.top, x1, pen->band.bottom },
                 stack.layers, stack.n);
}

void
lsc_column_painter_paint (const LscPaintTools *tools,
                          LscRowKind kind,
                          const LscColumnBand *band,
                          const LscShape *shapes,
                          uint32_t n_shapes)
{
  Pen pen = { .tools = tools, .band = *band, .is_cpu = kind == LSC_ROW_CPU };
  uint32_t last =
      UINT32_MAX - 1; /* the column painted last: this one mostly begins where it ends */
  int x0, x1 = 0;

  prepare (&pen);
  for (uint32_t i = 0; i < n_shapes; i++)
    {
      if (shapes[i].kind != LSC_SHAPE_COLUMN)
        continue;
      x0 = last + 1 == i && shapes[last].x1 >= shapes[i].x0 && shapes[last].x1 <= shapes[i].x0
               ? x1
               : lsc_ink_to_grain (pen.scale, shapes[i].x0);
      x1 = lsc_ink_to_grain (pen.scale, shapes[i].x1);
      last = i;
      /* nothing that is there at all is thinner than a grain */
      paint_column (&pen, &shapes[i], x0, x1 > x0 ? x1 : x0 + 1);
    }
}
