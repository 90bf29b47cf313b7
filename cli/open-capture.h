/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opens the FILE of a subcommand, with progress where somebody watches, and the range it is about.
 */
#pragma once

#include "cli/usage.h"
#include "lib/files/capture-reader.h"
#include "lib/trace/trace.h"

/* The path of FILE: itself, or for "-" that of what standard input brought, which is `*out_kept`
 * too and the caller's to free. NULL: the complaint is printed and LSC_EXIT_FAILURE is owed. */
const char *lsc_open_path (const char *path, char **out_kept);

/* `name` is FILE, or "-". NULL: the complaint is printed and LSC_EXIT_FAILURE is owed. Progress and
 * what is to be said about the file's condition go to stderr, unless `quiet`. */
LscTrace *lsc_open_capture (const char *name, bool quiet, LscCaptureCondition *out_condition);
/* The same, and what is written on it goes into `annotations`. */
LscTrace *lsc_open_annotated (const char *name,
                              bool quiet,
                              LscAnnotations *annotations,
                              LscCaptureCondition *out_condition);

/* Says that the capture holds no thread with that number; returns LSC_EXIT_FAILURE. */
int lsc_open_no_thread (uint32_t tid);

/* [from, to) of the options (NULL: all), as times of the trace. False: LSC_EXIT_USAGE is owed. */
bool lsc_open_range (const LscSubcommand *subcommand,
                     const LscTrace *trace,
                     const char *from,
                     const char *to,
                     uint64_t range_ns[2]);
