/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a capture is called: in the header bar, and as a file.
 */
#pragma once

#include "lib/client/target.h"
#include "lib/trace/trace.h"

/* A command by its name, without the folder it is in, and no more of it than a title holds; else as
 * lsc_target_describe(). Free with g_free(). */
char *lsc_capture_title_of_target (const LscTarget *target);

/* The line below the title: "5 threads, live", or, without `state`, how long the capture is. Free
 * with g_free(). */
char *lsc_capture_title_of_trace (const LscTrace *trace, const char *state);

/* A file name for a capture of that title: "fib-mutex (4711)" becomes fib-mutex.lanes. Free with
 * g_free(). */
char *lsc_capture_title_to_file_name (const char *title);

/* The same for a command line as a capture's header holds it (LscRecordHeader.command), which need
 * not be valid UTF-8. Free with g_free(). */
char *lsc_capture_title_of_command (const char *command);
/* What is to be said about a recording that ended well: `hint`, what to look for, may be NULL or
 * empty; that the command still runs, as process `child`, 0: it does not; and `status`, how it
 * ended, may be NULL. NULL: nothing. Free with g_free(). */
char *lsc_capture_title_of_end (const char *hint, guint32 child, const char *status);
