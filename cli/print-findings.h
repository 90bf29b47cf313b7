/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `stats` says below its table: parallelism, the locks most waited for, and patterns.
 */
#pragma once

#include "lib/trace/trace.h"

/* Of [from_ns, to_ns), to stdout. */
void lsc_print_findings (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns);
