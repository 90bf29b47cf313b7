/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the header of a row says about the visible time.
 */
#pragma once

#include "lib/view/row-list.h"
#include "lib/view/viewport.h"

/* Time in each state within the visible part of the capture (not of the pixels outside it); for a
 * process, of all its threads together. */
typedef struct
{
  uint64_t ns[LSC_N_STATES];
  uint64_t visible_ns; /* length of the visible part of the capture */
} LscLaneSummary;

void lsc_lane_summary (const LscTrace *trace,
                       const LscRow *row,
                       const LscViewport *viewport,
                       LscLaneSummary *out_summary);

/* Running time as a share of the visible time: 1 is one whole CPU; 0 when nothing is visible. */
double lsc_lane_summary_running (const LscLaneSummary *self);
