/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is under a point of the lanes' area.
 */
#pragma once

#include "lib/view/scene.h"

typedef struct
{
  uint32_t row;     /* LSC_ROW_NONE: below the last row */
  LscPick pick;     /* that row, and the span where there is one */
  uint64_t time_ns; /* at x */
} LscHit;

/* `x` is in pixels from the left of the time area (negative: the row's header), `y` from the top of
 * the lanes' area. A span narrower than 3 pixels is found from 1.5 pixels away, so that a thin run
 * can be pointed at. */
void lsc_hit_find (const LscScene *scene, double x, double y, LscHit *out_hit);

/* Spans of `pick`'s lane: the next one that starts after `time_ns`, or the last that starts before
 * it; false when there is none. For the arrow keys. */
bool lsc_hit_next (const LscScene *scene, const LscPick *pick, uint64_t time_ns, LscPick *out_pick);
bool
lsc_hit_previous (const LscScene *scene, const LscPick *pick, uint64_t time_ns, LscPick *out_pick);

/* The span that `pick` names: false when it names none, or it is no longer kept. */
bool lsc_hit_get_span (const LscScene *scene, const LscPick *pick, LscSpan *out_span);
