/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Units of time as a ruler counts them. Numbers and unit symbols only: the same in every language.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef enum
{
  LSC_UNIT_NS,
  LSC_UNIT_US,
  LSC_UNIT_MS,
  LSC_UNIT_S,
  LSC_UNIT_MIN,
  LSC_UNIT_H,
  LSC_UNIT_D,
  LSC_UNIT_Y,
  LSC_N_UNITS
} LscUnit;

/* Nanoseconds of one unit (a year is 365.25 days). */
uint64_t lsc_unit_ns (LscUnit unit);

/* The largest unit that `time_ns` has at least one of; LSC_UNIT_NS for less. */
LscUnit lsc_unit_for (uint64_t time_ns);

/* A time in `unit` with as many decimals as it takes to be exact, at most 9: "12.5 ms". Returns
 * `buffer`. */
char *lsc_unit_format (uint64_t time_ns, LscUnit unit, char *buffer, size_t size);

/* A time with two or three digits in the unit that suits it: "3.2 ms", "12.4 s", "850 ns".
 * Returns `buffer`. */
char *lsc_unit_format_short (uint64_t time_ns, char *buffer, size_t size);
