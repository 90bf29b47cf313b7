/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What one bar means, in whole sentences: "Slept 3.2 ms in futex, waiting for the lock at 0x7f40.
 * Woken by worker-2 on CPU 5. Then waited 0.4 ms in the queue of CPU 1 while firefox ran."
 *
 * Every number and name comes from the trace; nothing is said that it does not hold.
 */
#pragma once

#include "lib/explain/sentence-link.h"
#include "lib/explain/words.h"

/* Explains span `number` of the thread's lane. UTF-8, translated, owned by the caller; NULL when
 * there is no such span. O(log n) but for the table of who ran meanwhile, which looks at most at
 * LSC_SENTENCE_LOOK_MAX spans of one CPU. */
#define LSC_SENTENCE_LOOK_MAX 100000u
char *
lsc_sentence_of_span (const LscTrace *trace, uint32_t thread, uint64_t number, LscWords words);

/* The same, and the names of threads of the trace in it, by place: an array of LscSentenceLink that
 * is the caller's (g_array_unref()). */
char *lsc_sentence_of_span_linked (
    const LscTrace *trace, uint32_t thread, uint64_t number, LscWords words, GArray **out_links);

/* The same for span `number` of a CPU's lane: "worker-2 ran 1.2 ms on CPU 3." */
char *lsc_sentence_of_cpu_span (const LscTrace *trace, uint32_t cpu, uint64_t number);

/* A thread as sentences call it: its name; "a thread of another user", "the idle task", "an unknown
 * thread" for the special numbers. Owned by the caller. */
char *lsc_sentence_name_thread (const LscTrace *trace, uint32_t thread);
/* The same with its number, as lists have it: "worker (4711)". */
char *lsc_sentence_name_apart (const LscTrace *trace, uint32_t thread);
/* The same of a process that the trace has, without a number. */
char *lsc_sentence_name_process (const LscTrace *trace, uint32_t process);
