/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words for states and reasons: plain ones for people who meet them for the first time, and the
 * kernel's own. Translated where they are for reading, fixed where they are for programs.
 */
#pragma once

#include "lib/trace/reason.h"

typedef enum
{
  LSC_WORDS_PLAIN,  /* running, ready, waiting */
  LSC_WORDS_KERNEL, /* R, R+, S, D */
} LscWords;

/* "Running", "Waiting for a CPU"; in kernel words "R (running)", "R (runnable)". Translated,
 * static.
 */
const char *lsc_words_state (LscState state, LscWords words);

/* The letter or letters the kernel and ps use for a span: "R", "R+", "S", "D", "I", "T", "t", "P",
 * "X", "?". Static. */
const char *lsc_words_letter (const LscFacts *facts);

/* The name of a category for a legend or a table: "Lock", "Timer". Translated, static. */
const char *lsc_words_reason (LscReason reason);

/* The same of one wait: "Other thread" where another thread is waited for, but hardly for a lock.
 */
const char *lsc_words_wait (const LscFacts *facts, LscReason reason);

/* What the thread was doing, to follow "it was": "waiting for a lock". Translated, static. */
const char *lsc_words_reason_phrase (LscReason reason);

/* The same for these facts, as exactly as they say: which kind of descriptor is read or written,
 * which operation of a futex. `reason` is that of the facts, `call` the name of their system call
 * or NULL. Translated, static. */
const char *lsc_words_wait_phrase (const LscFacts *facts, LscReason reason, const char *call);

/* The category for programs, as in `stats --json`: "lock", "page-fault". Never translated. */
const char *lsc_words_reason_id (LscReason reason);
