/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/viewport.h"

#include <math.h>

/* a + b and a - b without leaving what uint64_t can say. `b` is not negative. */
static uint64_t
add_clamped (uint64_t a, double b)
{
  if (b >= (double) (UINT64_MAX - a))
    return UINT64_MAX;
  return a + (uint64_t) b;
}

static uint64_t
subtract_clamped (uint64_t a, double b)
{
  if (b >= (double) a)
    return 0;
  return a - (uint64_t) b;
}

/* Moves whole nanoseconds from the offset to the origin. */
static void
normalize (LscViewport *self)
{
  double whole = floor (self->offset_ns);
  uint64_t origin = whole >= 0 ? add_clamped (self->origin_ns, whole)
                               : subtract_clamped (self->origin_ns, -whole);

  self->offset_ns -= lsc_viewport_distance (self->origin_ns, origin);
  self->origin_ns = origin;
}

static double
clamp_zoom (double ns_per_px)
{
  if (!(ns_per_px > LSC_NS_PER_PX_MIN))
    return LSC_NS_PER_PX_MIN;
  return ns_per_px < LSC_NS_PER_PX_MAX ? ns_per_px : LSC_NS_PER_PX_MAX;
}

void
lsc_viewport_init (LscViewport *self, uint64_t from_ns, uint64_t to_ns, double width)
{
  self->width = width >= 1 ? width : 1;
  lsc_viewport_fit (self, from_ns, to_ns, 0);
}

void
lsc_viewport_fit (LscViewport *self, uint64_t from_ns, uint64_t to_ns, double margin)
{
  double free_px = self->width * fmin (fmax (margin, 0), 0.4);
  double inner_px = self->width - 2 * free_px;
  double span_ns = to_ns > from_ns ? (double) (to_ns - from_ns) : 0;

  self->ns_per_px = clamp_zoom (span_ns / inner_px);
  self->origin_ns = from_ns;
  self->offset_ns = -free_px * self->ns_per_px;
  normalize (self);
}

uint64_t
lsc_viewport_time (const LscViewport *self, double x)
{
  double ns = self->offset_ns + x * self->ns_per_px;

  /* A moment that went through lsc_viewport_x() must come back whole: forgive the rounding. */
  ns = floor (ns + fmax (1e-6, fabs (ns) * 3e-16));
  return ns >= 0 ? add_clamped (self->origin_ns, ns) : subtract_clamped (self->origin_ns, -ns);
}

uint64_t
lsc_viewport_from_ns (const LscViewport *self)
{
  return lsc_viewport_time (self, 0);
}

uint64_t
lsc_viewport_to_ns (const LscViewport *self)
{
  uint64_t last = lsc_viewport_time (self, self->width);

  return last < UINT64_MAX ? last + 1 : last;
}

double
lsc_viewport_span_ns (const LscViewport *self)
{
  return self->width * self->ns_per_px;
}

void
lsc_viewport_zoom (LscViewport *self, double x, double factor)
{
  double before = self->ns_per_px;

  if (!(factor > 0))
    return;
  self->ns_per_px = clamp_zoom (before / factor);
  self->offset_ns += x * (before - self->ns_per_px);
  normalize (self);
}

void
lsc_viewport_pan (LscViewport *self, double dx)
{
  self->offset_ns += dx * self->ns_per_px;
  normalize (self);
}

void
lsc_viewport_place (LscViewport *self, uint64_t time_ns, double x)
{
  self->origin_ns = time_ns;
  self->offset_ns = -x * self->ns_per_px;
  normalize (self);
}

void
lsc_viewport_resize (LscViewport *self, double width)
{
  self->width = width >= 1 ? width : 1;
}

void
lsc_viewport_keep_in_sight (LscViewport *self, uint64_t from_ns, uint64_t to_ns, double margin)
{
  double edge = self->width * fmin (fmax (margin, 0), 0.5);
  double first = lsc_viewport_x (self, from_ns);
  double last = lsc_viewport_x (self, to_ns);

  if (last < edge)
    lsc_viewport_place (self, to_ns, edge);
  else if (first > self->width - edge)
    lsc_viewport_place (self, from_ns, self->width - edge);
}

/* On the way from a to b, or beyond b where `at` is more than 1. */
static void
place_on_way (LscViewport *out_self, const LscViewport *a, const LscViewport *b, double at)
{
  double apart = lsc_viewport_distance (a->origin_ns, b->origin_ns) + b->offset_ns - a->offset_ns;
  double zoom = b->ns_per_px / a->ns_per_px;
  LscViewport between = *a;
  double part = at;

  if (fabs (zoom - 1) > 1e-9)
    {
      between.ns_per_px = clamp_zoom (a->ns_per_px * pow (zoom, at));
      part = (a->ns_per_px - between.ns_per_px) / (a->ns_per_px - b->ns_per_px);
    }
  between.offset_ns += apart * part;
  normalize (&between);
  *out_self = between;
}

void
lsc_viewport_between (LscViewport *out_self, const LscViewport *a, const LscViewport *b, double at)
{
  if (at <= 0 || at >= 1)
    *out_self = at <= 0 ? *a : *b;
  else
    place_on_way (out_self, a, b, at);
}

void
lsc_viewport_beyond (LscViewport *out_self,
                     const LscViewport *a,
                     const LscViewport *b,
                     unsigned steps)
{
  if (a->width != b->width)
    *out_self = *b;
  else
    place_on_way (out_self, a, b, 1.0 + steps);
}

unsigned
lsc_viewport_level (const LscViewport *self)
{
  unsigned level = 0;

  while (level < LSC_LEVEL_MAX && (double) (UINT64_C (1) << level) < self->ns_per_px)
    level++;
  return level;
}
