/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A scene: everything that decides what the lanes view shows at one moment. Plain data, filled by
 * the window or the command line, read by the painters and by lsc_hit_find().
 */
#pragma once

#include "lib/trace/trace.h"
#include "lib/view/row-list.h"
#include "lib/view/strip.h"
#include "lib/view/viewport.h"

/* Something a person points at: a row, or one span of it. */
typedef struct
{
  LscRowKind kind;
  uint32_t index;  /* as LscRow.index; LSC_ROW_NONE: nothing */
  bool has_number; /* one span of it */
  uint64_t number;
} LscPick;

#define LSC_PICK_NOTHING ((LscPick){ .index = LSC_ROW_NONE })

/* A moment that somebody marked, or a note on a bar. */
typedef struct
{
  uint64_t time_ns;
  uint64_t end_ns; /* of the bar; else the same moment */
  uint32_t thread; /* whose bar it is about; LSC_THREAD_NONE: a moment */
  uint32_t tid;    /* of that thread */
  uint32_t number;
  const char *name; /* "": it goes by its number */
} LscMarker;

typedef struct
{
  const LscTrace *trace;
  LscRowList *rows;     /* up to date: lsc_row_list_update() */
  LscViewport viewport; /* of the time area, right of the row headers */
  double scroll_y;      /* pixels of rows above the top of the lanes' area */
  uint64_t origin_ns;   /* what the ruler counts from */
  LscPick selected;
  LscPick hovered;
  bool all_arrows; /* wakeup arrows for every visible wakeup; else selected and hovered only */
  bool has_range;  /* a range of time is selected */
  uint64_t range_from_ns, range_to_ns;
  const LscStrip *strips; /* above the lanes; theirs who made the scene */
  uint32_t n_strips;      /* at most LSC_STRIPS_MAX */
  bool has_a, has_b;      /* the measuring markers */
  uint64_t a_ns, b_ns;
  const LscMarker *markers; /* by time; of whoever fills the scene */
  uint32_t n_markers;
} LscScene;

/* The row a thread is shown in: its own, or that of its collapsed process; NULL: none. */
const LscRow *lsc_scene_find_row (const LscScene *self, uint32_t thread);

/* A scene of the whole trace, nothing selected. */
void lsc_scene_init (LscScene *self, const LscTrace *trace, LscRowList *rows, double width);
