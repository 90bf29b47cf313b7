/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which threads a few typed letters or digits mean. Part of LscRowList, and of "go to thread".
 */
#pragma once

#include "lib/trace/trace.h"

/* Whether the thread's name, its process's name, its tid or its tgid contains `folded`, a text from
 * g_utf8_casefold(); all do where that is NULL. */
bool lsc_row_match_contains (const LscTrace *trace, const LscThread *thread, const char *folded);

/* Whether "CPU 3" contains it. */
bool lsc_row_match_cpu (uint32_t cpu, const char *folded);

/* The thread that `text` means best: its tid, else its name, else the start of its name, else a
 * part of any of them. Of equals the first one after thread `after` (cyclic; LSC_THREAD_NONE: the
 * first). NULL: none does. Only threads with a lane. */
const LscThread *lsc_row_match_best (const LscTrace *trace, const char *text, uint32_t after);
