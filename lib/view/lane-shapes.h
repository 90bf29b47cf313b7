/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lane x viewport -> shapes: what there is to draw of one lane, from left to right.
 *
 * A span at least four buckets long (see lsc_viewport_level()) is a shape of its own, with its
 * exact edges. Everything between such spans is told per bucket: how much of the time went to each
 * state.
 *
 * Invariants. Shapes touch, from the first visible pixel to the last one of the lane's life. Which
 * spans stand alone depends on the level only: zooming in, a shape that stands alone keeps doing
 * so, and a column is the sum of the finer ones (to 1/255, where it comes from the lane's own
 * summaries); so nothing fuses, vanishes or moves. There
 * are at most two shapes a pixel. Every state with any time in a column has a share of at least 1.
 */
#pragma once

#include "lib/trace/reason.h"
#include "lib/view/row-list.h"
#include "lib/view/viewport.h"

typedef enum
{
  LSC_SHAPE_SPAN,    /* one span */
  LSC_SHAPE_COLUMNS, /* many: shares of the states, a bucket after the other */
} LscShapeKind;

#define LSC_SHAPE_OPEN_START 1u /* span: it had begun before the capture */
#define LSC_SHAPE_OPEN_END 2u   /* span: it goes on */
#define LSC_SHAPE_CUT_LEFT 4u   /* x0 was clipped: the shape goes on to the left */
#define LSC_SHAPE_CUT_RIGHT 8u

#define LSC_SHARE_ONE 255u /* the shares of a column add up to this */

/* What one bucket holds. There may be 100 000 in a picture, so it is small. */
typedef struct
{
  uint8_t share[LSC_N_STATES]; /* of the column's time, in 1 / LSC_SHARE_ONE; 0 only for none */
  uint32_t thread;             /* CPU lane: who runs longest. Thread lane: LscFacts.thread */
  uint8_t reason;              /* LscReason of the longest sleep seen */
  uint8_t state;               /* LscState of most of it */
} LscColumn;

/* x is in pixels of the viewport. A shape that reaches beyond [-SLACK, width + SLACK] is clipped;
 * on the left by a multiple of STEP, so that the dashes of a line keep in step when they are moved.
 */
#define LSC_SHAPE_SLACK 16.0
#define LSC_SHAPE_STEP 840.0

typedef struct
{
  double x0, x1;
  uint8_t kind;       /* LscShapeKind; what follows is of spans, up to number */
  uint8_t state;      /* LscState */
  uint8_t reason;     /* LscReason */
  uint8_t flags;      /* LSC_SHAPE_* */
  uint32_t thread;    /* CPU lane: who runs. Thread lane: LscFacts.thread */
  uint32_t cpu;       /* LscFacts.cpu */
  uint32_t n_columns; /* column i is [column_x + i * column_width, + column_width), cut to x0, x1 */
  union
  {
    uint64_t number; /* of the span in its lane */
    const LscColumn *columns;
  };
  double column_x, column_width;
} LscShape;

/* Working memory and what has been worked out before: reuse one for all lanes of a window. */
typedef struct _LscLaneShapes LscLaneShapes;

LscLaneShapes *lsc_lane_shapes_new (void);
void lsc_lane_shapes_free (LscLaneShapes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscLaneShapes, lsc_lane_shapes_free)

/* Begins a frame: from here on at most about `budget_us` microseconds are spent on working out what
 * is not known yet; 0: as long as it takes. Beyond that, tiles that are known at a coarser
 * level stand in for those that are not, so the picture is right, but coarser than it should be, in
 * a few places and for a few frames. Without any call there is no limit. */
void lsc_lane_shapes_begin (LscLaneShapes *self, uint32_t budget_us);
/* Whether anything stood in since the last begin: another frame should follow. */
bool lsc_lane_shapes_is_rough (const LscLaneShapes *self);

/* What the shapes built since the last begin without a budget (or the last reset) are of, or lie
 * next to: for a legend. */
#define LSC_SEEN_STATE(state) (UINT64_C (1) << (state))
#define LSC_SEEN_REASON(reason) (UINT64_C (1) << (LSC_N_STATES + (reason)))
uint64_t lsc_lane_shapes_get_seen (const LscLaneShapes *self);

/* The shapes of the lane of a thread (LSC_ROW_THREAD) or a CPU (LSC_ROW_CPU) in `viewport`. They
 * stay valid until the next call. None when the lane is empty or no moment of it is visible. The
 * trace must be the same one each time, until reset. */
const LscShape *lsc_lane_shapes_build (LscLaneShapes *self,
                                       const LscTrace *trace,
                                       LscRowKind kind,
                                       uint32_t index,
                                       const LscViewport *viewport,
                                       uint32_t *out_n_shapes);

/* Works out ahead what build will need of that row, until g_get_monotonic_time() is `until_us`.
 * Returns whether all of it is there. */
bool lsc_lane_shapes_prepare (LscLaneShapes *self,
                              const LscTrace *trace,
                              const LscRow *row,
                              const LscViewport *viewport,
                              int64_t until_us);

/* Where the lane's life begins and ends, as x: true when that moment is in the capture (the thread
 * was born, or ended, within it) and not just the capture's own edge. */
bool lsc_lane_shapes_birth (const LscThread *thread, const LscViewport *viewport, double *out_x);
bool lsc_lane_shapes_exit (const LscThread *thread, const LscViewport *viewport, double *out_x);

/* Forgets everything worked out before: another trace. */
void lsc_lane_shapes_reset (LscLaneShapes *self);
