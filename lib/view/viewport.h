/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The viewport: which stretch of time stands on which stretch of pixels.
 *
 * Invariants. Time grows with x; ns_per_px is in [LSC_NS_PER_PX_MIN, LSC_NS_PER_PX_MAX]. The time
 * at x = 0 is origin_ns + offset_ns; after every function here 0 <= offset_ns < 1 unless x = 0 lies
 * before or after what uint64_t can say. So a pixel is as exact at the end of a century as at its
 * start. Plain data: copy it freely, change it only through these functions.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LSC_NS_PER_PX_MIN 1.0
#define LSC_NS_PER_PX_MAX (100.0 * 365.25 * 86400.0 * 1e9) /* a hundred years a pixel */
#define LSC_LEVEL_MAX 63u

typedef struct
{
  uint64_t origin_ns;
  double offset_ns; /* of x = 0 from origin_ns */
  double ns_per_px;
  double width; /* pixels, at least 1 */
} LscViewport;

/* Shows [from_ns, to_ns) on `width` pixels. An empty range is widened to what the largest zoom
 * shows. */
void lsc_viewport_init (LscViewport *self, uint64_t from_ns, uint64_t to_ns, double width);

/* The same as init, keeping the width: "whole capture", "fit selection", an exact span typed in.
 * `margin` is the share of the width left free on each side, 0 .. 0.4. */
void lsc_viewport_fit (LscViewport *self, uint64_t from_ns, uint64_t to_ns, double margin);

/* to_ns - from_ns, as exact as a double can be. */
static inline double
lsc_viewport_distance (uint64_t from_ns, uint64_t to_ns)
{
  return to_ns >= from_ns ? (double) (to_ns - from_ns) : -(double) (from_ns - to_ns);
}

/* The x of a moment, exact for every x a screen can show; any moment has one. */
static inline double
lsc_viewport_x (const LscViewport *self, uint64_t time_ns)
{
  return (lsc_viewport_distance (self->origin_ns, time_ns) - self->offset_ns) / self->ns_per_px;
}

/* The moment at x, rounded down to a nanosecond; 0 or UINT64_MAX beyond those. The inverse of
 * lsc_viewport_x() as long as a double tells nanoseconds apart: for ten days to each side. */
uint64_t lsc_viewport_time (const LscViewport *self, double x);

/* First visible moment, and the first past the right edge. */
uint64_t lsc_viewport_from_ns (const LscViewport *self);
uint64_t lsc_viewport_to_ns (const LscViewport *self);

/* Visible span in ns. */
double lsc_viewport_span_ns (const LscViewport *self);

/* Zooms in by `factor` (out for less than 1). What is under `x` stays under `x`, also when the zoom
 * reaches its limit. */
void lsc_viewport_zoom (LscViewport *self, double x, double factor);

/* Moves what is seen by `dx` pixels to the left (time under every x grows), for dx > 0. */
void lsc_viewport_pan (LscViewport *self, double dx);

/* Puts the moment `time_ns` at `x`. The zoom stays. */
void lsc_viewport_place (LscViewport *self, uint64_t time_ns, double x);

/* A new width in pixels: the left edge and the zoom stay. */
void lsc_viewport_resize (LscViewport *self, double width);

/* Pans as little as needed so that some of [from_ns, to_ns) is within the middle `1 - 2 * margin`
 * of the width: the capture cannot be lost from sight. */
void
lsc_viewport_keep_in_sight (LscViewport *self, uint64_t from_ns, uint64_t to_ns, double margin);

/* The viewport between `a` (at 0) and `b` (at 1), for an animated zoom: the zoom changes by equal
 * factors, and the moment that both show at the same x stays there. Both have the same width. */
void
lsc_viewport_between (LscViewport *out_self, const LscViewport *a, const LscViewport *b, double at);
/* Where it will be after so many more steps like the one from `a` to `b`. */
void lsc_viewport_beyond (LscViewport *out_self,
                          const LscViewport *a,
                          const LscViewport *b,
                          unsigned steps);

/* The level: k such that 2^k ns is the smallest such bucket at least one pixel wide (so 1 .. 2
 * pixels, except at the largest zooms). Buckets of a level are aligned to multiples of 2^k ns, so
 * what is drawn for a bucket does not depend on where the viewport stands. */
unsigned lsc_viewport_level (const LscViewport *self);
