/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of lanes and of their orders that mean the same when the capture is opened again, elsewhere
 * or by another version.
 */
#pragma once

#include "lib/trace/trace.h"
#include "lib/view/row-list.h"

#include <glib.h>

/* "t4711" for a thread, "p4711" for a process, "c3" for a CPU; "t4711.1" for the second thread with
 * that number. The caller's. */
char *lsc_row_names_get (const LscTrace *trace, LscRowKind kind, guint32 index);
/* FALSE when the trace has none of that name. */
gboolean lsc_row_names_find (const LscTrace *trace,
                             const char *name,
                             LscRowKind *out_kind,
                             guint32 *out_index);

/* "busiest", "reason-lock". The caller's. */
char *lsc_row_names_of_sort (LscRowSort sort);
gboolean lsc_row_names_find_sort (const char *name, LscRowSort *out_sort);
