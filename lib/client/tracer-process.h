/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tracer as a process of our own: started directly or through pkexec, its stream on stdin.
 *
 * What it says on stderr and how it ends is kept, and turned into one sentence.
 */
#pragma once

#include "lib/client/trouble.h"
#include "lib/wire/record.h"

#include <gio/gio.h>

typedef struct _LscTracerProcess LscTracerProcess;

/* Starts `program`, behind pkexec when `pkexec` is set. `out_fd` is our end of the stream, close-
 * on-exec. NO_TRACER, NO_WAY, RUN_FAILED. */
LscTracerProcess *lsc_tracer_process_new (
    const char *program, gboolean pkexec, LscScope scope, int *out_fd, GError **error);
/* Does not end the process: closing the stream does. */
void lsc_tracer_process_free (LscTracerProcess *self);

/* Calls back, on the main context of lsc_tracer_process_new(), when it has ended: at once (but not
 * from within) if it has. One call at a time; none after lsc_tracer_process_free(). */
void lsc_tracer_process_wait (LscTracerProcess *self,
                              void (*ended) (LscTracerProcess *self, gpointer user_data),
                              gpointer user_data);
/* After that: why it ended, NULL for exit status 0. Free with g_error_free(). */
GError *lsc_tracer_process_explain (const LscTracerProcess *self);

/* The error for one exit status of the tracer (LSC_TRACER_EXIT_*), `said` is its stderr or NULL. */
GError *lsc_tracer_process_explain_exit (int status, const char *said);
/* The error for an exit status of pkexec that is not the tracer's: 126, 127. */
GError *lsc_tracer_process_explain_pkexec (int status, const char *said);
