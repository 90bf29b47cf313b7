/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/lane-summary.h"

/* Time outside a lane's life counts as ABSENT, so for one lane the sum is the visible time. */
void
lsc_lane_summary (const LscTrace *trace,
                  const LscRow *row,
                  const LscViewport *viewport,
                  LscLaneSummary *out_summary)
{
  uint64_t from = MAX (lsc_viewport_from_ns (viewport), lsc_trace_get_start_ns (trace));
  uint64_t to = MIN (lsc_viewport_to_ns (viewport), lsc_trace_get_end_ns (trace));

  *out_summary = (LscLaneSummary){ .visible_ns = to > from ? to - from : 0 };
  if (out_summary->visible_ns == 0)
    return;
  if (row->kind != LSC_ROW_PROCESS)
    {
      lsc_lane_sum (lsc_row_get_lane (row, trace), from, to, out_summary->ns);
      return;
    }
  for (uint32_t i = lsc_trace_next_thread (trace, 0); i < lsc_trace_get_n_threads (trace);
       i = lsc_trace_next_thread (trace, i + 1))
    {
      const LscThread *thread = lsc_trace_get_thread (trace, i);

      if (thread->process == row->index && thread->lane != NULL)
        lsc_lane_sum (thread->lane, from, to, out_summary->ns);
    }
}

double
lsc_lane_summary_running (const LscLaneSummary *self)
{
  if (self->visible_ns == 0)
    return 0;
  return (double) self->ns[LSC_STATE_RUNNING] / (double) self->visible_ns;
}
