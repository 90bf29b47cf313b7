/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which threads have done anything so far: ran, or waited for a CPU. Part of LscRowList.
 */
#pragma once

#include "lib/trace/trace.h"

typedef struct _LscRowBusy LscRowBusy;

LscRowBusy *lsc_row_busy_new (void);
void lsc_row_busy_free (LscRowBusy *self);
void lsc_row_busy_reset (LscRowBusy *self);

/* Looks at the threads that have something new; once busy, a thread stays so. Returns whether one
 * has become busy. */
bool lsc_row_busy_update (LscRowBusy *self, const LscTrace *trace);
/* Lets go of what the trace has forgotten. */
void lsc_row_busy_forget (LscRowBusy *self, const LscTrace *trace);
bool lsc_row_busy_get (const LscRowBusy *self, uint32_t thread);
