/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What ended a wait: a thread, the end of one, a timer, a device.
 */
#pragma once

#include "lib/trace/reason.h"

typedef enum
{
  LSC_WAKER_UNKNOWN, /* not seen */
  LSC_WAKER_THREAD,
  LSC_WAKER_MAKER,    /* the thread that made it, and let it run for the first time */
  LSC_WAKER_LEAVING,  /* a thread on its way out: probably it was waited for (a join) */
  LSC_WAKER_TIMER,    /* an interrupt, of a wait that no device ends */
  LSC_WAKER_INTERRUPT /* any other */
} LscWakerKind;

/* `sleeper` left the CPU with the facts `wait`, and was woken at `woken_ns` with the facts `waker`,
 * as its span has them that begins then. O(log n). */
LscWakerKind lsc_waker_find_kind (const LscTrace *trace,
                                  const LscThread *sleeper,
                                  const LscFacts *wait,
                                  const LscFacts *waker,
                                  uint64_t woken_ns);
