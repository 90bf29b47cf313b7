/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lengths of time as people write and read them. The one place that knows how.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* `ns` with three significant digits and its unit, "0 ns", "850 ns", "3.24 ms", "12.5 s",
 * "4 min 10 s". Never rounds something to nothing. Owned by the caller. */
char *lsc_duration_format (uint64_t ns);

/* The same, every digit kept: "3.200417 ms". Owned by the caller. */
char *lsc_duration_format_exact (uint64_t ns);

/* A place in a capture, as time since its start in seconds with every digit: "1.200000417 s". */
char *lsc_duration_format_place (uint64_t ns);

/* Reads "1.5ms", "20 us", "3" (seconds), "2min", "0.1h"; units ns, us (or µs), ms, s, min, h.
 * Decimals beyond a nanosecond are cut off. False, and `out_ns` untouched, for anything else:
 * negative, empty, unit unknown, or beyond 2^63 ns. */
bool lsc_duration_parse (const char *text, uint64_t *out_ns);
