/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/ruler.h"

#include <math.h>
#include <stddef.h>

#define S_NS UINT64_C (1000000000)

/* Steps of a second and more as clocks have them, with the number of small steps in each. */
static const struct
{
  uint64_t seconds;
  uint8_t parts;
} long_steps[] = { { 1, 5 },      { 2, 4 },       { 5, 5 },       { 10, 5 },      { 15, 3 },
                   { 30, 3 },     { 60, 6 },      { 120, 4 },     { 300, 5 },     { 600, 5 },
                   { 900, 3 },    { 1800, 3 },    { 3600, 6 },    { 7200, 4 },    { 10800, 3 },
                   { 21600, 6 },  { 43200, 4 },   { 86400, 4 },   { 172800, 2 },  { 432000, 5 },
                   { 864000, 5 }, { 1728000, 4 }, { 4320000, 5 }, { 8640000, 5 }, { 15778800, 2 } };

typedef struct
{
  uint64_t ns;
  uint64_t parts;
} Step;

/* The smallest 1, 2 or 5 x 10^n that is at least `least`, times `unit_ns`. Where time itself is too
 * short for it, one that leaves only the origin's tick. */
static Step
decimal_step (double least, uint64_t unit_ns)
{
  static const uint8_t leads[] = { 1, 2, 5 }, parts[] = { 5, 4, 5 };

  for (uint64_t power = unit_ns; power <= UINT64_MAX / 5; power *= 10)
    for (size_t i = 0; i < 3; i++)
      {
        Step step = { leads[i] * power, parts[i] };

        if ((double) step.ns < least)
          continue;
        if (step.ns % step.parts != 0)
          step.parts = step.ns % 2 == 0 ? 2 : 1;
        return step;
      }
  return (Step){ UINT64_MAX, 1 };
}

static Step
choose_step (double least_ns)
{
  if (least_ns <= 5e8)
    return decimal_step (least_ns, 1);
  for (size_t i = 0; i < sizeof long_steps / sizeof long_steps[0]; i++)
    if ((double) long_steps[i].seconds * 1e9 >= least_ns)
      return (Step){ long_steps[i].seconds * S_NS, long_steps[i].parts };
  return decimal_step (least_ns, lsc_unit_ns (LSC_UNIT_Y));
}

/* Labels are said in the largest unit the farthest of them fills, if the steps are simple in it. */
static LscUnit
choose_unit (uint64_t farthest_ns, uint64_t step_ns)
{
  LscUnit unit = lsc_unit_for (farthest_ns > step_ns ? farthest_ns : step_ns);

  while (unit > LSC_UNIT_S && step_ns % (lsc_unit_ns (unit) / 2) != 0)
    unit--;
  /* far from the origin many decimals would stand still: "12.000450 s" says more than ms would */
  return unit;
}

static uint64_t
away (uint64_t a, uint64_t b)
{
  return a > b ? a - b : b - a;
}

uint32_t
lsc_ruler_build (const LscViewport *viewport,
                 uint64_t origin_ns,
                 double label_px,
                 LscTick out_ticks[LSC_TICKS_MAX],
                 LscUnit *out_unit)
{
  double least_px = fmax (fmax (label_px, 8), viewport->width * 8 / LSC_TICKS_MAX);
  Step step = choose_step (least_px * viewport->ns_per_px);
  uint64_t from = lsc_viewport_from_ns (viewport), to = lsc_viewport_to_ns (viewport);
  uint64_t small = step.ns / step.parts;
  bool before = from < origin_ns;
  uint64_t count = before ? (origin_ns - from) / small : (from - origin_ns + small - 1) / small;
  uint32_t n = 0;

  *out_unit = choose_unit (away (from, origin_ns) > away (to, origin_ns) ? away (from, origin_ns)
                                                                         : away (to, origin_ns),
                           step.ns);
  while (n < LSC_TICKS_MAX)
    {
      /* Once past the origin, count up on the other side. */
      uint64_t offset = count * small;
      uint64_t time = before ? origin_ns - offset : origin_ns + offset;

      if (time > to || (!before && (time < origin_ns || count > UINT64_MAX / small)))
        break;
      out_ticks[n++] = (LscTick){ .x = lsc_viewport_x (viewport, time),
                                  .offset_ns = offset,
                                  .before = before && offset > 0,
                                  .labelled = count % step.parts == 0 };
      if (before && count == 0)
        before = false;
      if (before)
        count--;
      else
        count++;
    }
  return n;
}
