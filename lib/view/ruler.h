/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ruler: where ticks stand, and what they say, relative to an origin that the user may move.
 *
 * Labelled ticks stand at whole multiples of 1, 2 or 5 x 10^n of a unit from the origin (and of
 * the steps people use for seconds, minutes, hours and days), never closer than asked for.
 */
#pragma once

#include "lib/view/unit.h"
#include "lib/view/viewport.h"

typedef struct
{
  double x;
  uint64_t offset_ns; /* from the origin, without its sign; saturates */
  bool before;        /* the tick lies before the origin */
  bool labelled;      /* else a small tick in between */
} LscTick;

/* More than any screen needs; a wider viewport gets wider steps. */
#define LSC_TICKS_MAX 1024u

/* Writes the ticks of the viewport, from left to right, labelled ones at least `label_px` apart,
 * and returns how many. `out_unit` is the unit the labels are said in: with it a label is
 * offset_ns / lsc_unit_ns (unit), which is exact within a few decimals. */
uint32_t lsc_ruler_build (const LscViewport *viewport,
                          uint64_t origin_ns,
                          double label_px,
                          LscTick out_ticks[LSC_TICKS_MAX],
                          LscUnit *out_unit);
