/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Statistics for programs: the JSON of `stats --json`, format 1. Fields are only ever added.
 */
#pragma once

#include "lib/explain/statistics.h"

/* The whole document for [from_ns, to_ns), with a newline at its end; the caller's. */
char *lsc_statistics_json (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns);
