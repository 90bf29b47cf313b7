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
