/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The line below a picture of lanes: what is seen.
 */
#pragma once

#include "lib/trace/trace.h"

/* "fib-mutex, 1.2 s from 3.4 s on; host, Linux 6.1.0" for [from_ns, to_ns). Owned by the caller. */
char *lsc_caption_of_range (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns);
