/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One line of text about one event, as ftrace (/sys/kernel/tracing/trace), `trace-cmd report` and
 * `perf script` write it:
 *
 *   fib-2871 (2870) [001] d..2. 81.203114: sched_switch: prev_comm=fib prev_pid=2871 ...
 *   fib-2871 [001] 81.203114: sched_switch: fib:2871 [120] S ==> swapper/1:0 [120]
 *   fib 2870/2871 [001] 81.203114002: sched:sched_switch: prev_comm=fib prev_pid=2871 ...
 */
#pragma once

#include "lib/files/import-book.h"

#define LSC_IMPORT_LINE_CPUS 4096u

typedef enum
{
  LSC_IMPORT_LINE_EVENT,   /* written down */
  LSC_IMPORT_LINE_OTHER,   /* an event of no interest */
  LSC_IMPORT_LINE_NEUTRAL, /* a comment, a loss, nothing */
  LSC_IMPORT_LINE_STRANGE, /* not understood */
} LscImportLineResult;

/* What is remembered from line to line. */
typedef struct
{
  LscImportBook *book;
  bool has_waking;
  uint64_t seen_ns[LSC_IMPORT_LINE_CPUS]; /* the last event of each CPU; 0: none */
} LscImportLine;

/* Reads a line (without its end, NUL-terminated, changed while it is read). */
LscImportLineResult lsc_import_line_take (LscImportLine *self, char *line);
