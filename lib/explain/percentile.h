/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Exact percentiles: the value itself, not an estimate from buckets.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The nearest-rank percentile: the smallest value that at least `percent` per cent of all are not
 * greater than. Reorders `values`. 0 when there are none. `percent` is 1..100. O(n) on average. */
uint64_t lsc_percentile_of (uint64_t *values, size_t n, unsigned percent);
