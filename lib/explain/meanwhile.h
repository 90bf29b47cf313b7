/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who had a CPU while somebody waited for it.
 */
#pragma once

#include "lib/trace/trace.h"

typedef struct
{
  uint32_t thread;   /* who ran longest, or LSC_THREAD_NONE: nobody this trace can name */
  uint32_t n_others; /* how many other threads ran too */
  uint64_t ns;       /* how long `thread` ran */
} LscMeanwhile;

/* On `cpu` in [from_ns, to_ns), but for `except`. Looks at no more than `max_spans`. */
LscMeanwhile lsc_meanwhile_on_cpu (const LscTrace *trace,
                                   uint32_t cpu,
                                   uint64_t from_ns,
                                   uint64_t to_ns,
                                   uint32_t except,
                                   uint32_t max_spans);

/* Everybody who ran there: an array of LscMeanwhileShare, the one who ran longest first, owned by
 * the caller. */
typedef struct
{
  uint32_t thread;
  uint64_t ns;
} LscMeanwhileShare;

GArray *lsc_meanwhile_list (const LscTrace *trace,
                            uint32_t cpu,
                            uint64_t from_ns,
                            uint64_t to_ns,
                            uint32_t except,
                            uint32_t max_spans);
