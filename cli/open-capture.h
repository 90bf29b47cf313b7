/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opens the FILE of a subcommand, with progress where somebody watches, and the range it is about.
 */
#pragma once

#include "cli/usage.h"
#include "lib/files/capture-reader.h"
#include "lib/trace/trace.h"

/* NULL: the complaint is printed and LSC_EXIT_FAILURE is owed. What is to be said about the file's
 * condition goes to stderr. */
LscTrace *lsc_open_capture (const char *path, LscCaptureCondition *out_condition);

/* [from, to) of the options (NULL: all), as times of the trace. False: LSC_EXIT_USAGE is owed. */
bool lsc_open_range (const LscSubcommand *subcommand,
                     const LscTrace *trace,
                     const char *from,
                     const char *to,
                     uint64_t range_ns[2]);
