/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/scene.h"

void
lsc_scene_init (LscScene *self, const LscTrace *trace, LscRowList *rows, double width)
{
  uint64_t from = lsc_trace_get_start_ns (trace), to = lsc_trace_get_end_ns (trace);

  *self = (LscScene){ .trace = trace,
                      .rows = rows,
                      .origin_ns = from,
                      .selected = LSC_PICK_NOTHING,
                      .hovered = LSC_PICK_NOTHING };
  lsc_viewport_init (&self->viewport, from, to, width);
}

const LscRow *
lsc_scene_find_row (const LscScene *self, uint32_t thread)
{
  uint32_t row;

  if (thread >= lsc_trace_get_n_threads (self->trace))
    return NULL;
  row = lsc_row_list_find (self->rows, LSC_ROW_THREAD, thread);
  if (row == LSC_ROW_NONE)
    row = lsc_row_list_find (self->rows, LSC_ROW_PROCESS,
                             lsc_trace_get_thread (self->trace, thread)->process);
  return row == LSC_ROW_NONE ? NULL : lsc_row_list_get (self->rows, row);
}
