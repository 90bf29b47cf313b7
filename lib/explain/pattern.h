/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Patterns: what goes wrong in a range, found without being asked, with the evidence and with what
 * speaks against it.
 *
 * Quiet when unsure: a pattern is told only when its numbers are far from what is normal. Every
 * number in its sentences comes from the trace. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

typedef enum
{
  LSC_PATTERN_CONVOY,      /* threads queue for one lock again and again, for short holds */
  LSC_PATTERN_SERIALISED,  /* one lock lets only one thread of several run */
  LSC_PATTERN_ALTERNATION, /* an interpreter's lock: one thread at a time, handed on by a clock */
  LSC_PATTERN_OVERSUBSCRIBED, /* more threads ready than CPUs */
  LSC_PATTERN_UNEVEN,         /* threads of one kind end far apart, or wait for one slow one */
  LSC_PATTERN_INVERSION,      /* an urgent thread waits for a lock whose holder may not run */
  LSC_PATTERN_PING_PONG,      /* a thread changes its CPU nearly every time */
  LSC_PATTERN_SPINNING,       /* a thread burns a CPU to wait */
  LSC_PATTERN_DEADLOCK,       /* threads wait for locks that nobody is left to release */
  LSC_N_PATTERNS
} LscPatternKind;

typedef enum
{
  LSC_CERTAINTY_PROBABLE, /* there may be a harmless reason */
  LSC_CERTAINTY_CLEAR,    /* the events hardly allow another reading */
} LscCertainty;

typedef struct
{
  LscPatternKind kind;
  LscCertainty certainty;
  double share;            /* of the range that it takes, 0..1 */
  uint32_t process;        /* index in the trace, or LSC_SURVEY_ALL */
  uint64_t lock;           /* futex address, or 0 */
  const uint32_t *threads; /* indices in the trace, the most concerned first */
  uint32_t n_threads;
  uint64_t at_ns; /* where to look: a stretch that shows it well, */
  uint64_t until_ns;
  uint32_t at_thread; /* in the lane of this thread */
  /* Translated whole sentences. */
  const char *title;    /* "Four threads are serialised by one lock" */
  const char *evidence; /* what was counted */
  const char *doubt;    /* what it might be instead, and how sure this is */
} LscPattern;

typedef struct _LscPatternScan LscPatternScan;

/* Of all lanes of `survey`, which it joins before that begins; freed after it. The survey must be
 * one of all threads, or of a process. */
LscPatternScan *lsc_pattern_scan_new (LscSurvey *survey);
void lsc_pattern_scan_free (LscPatternScan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscPatternScan, lsc_pattern_scan_free)

/* What was found, the largest share first. */
uint32_t lsc_pattern_scan_get_n (const LscPatternScan *self);
const LscPattern *lsc_pattern_scan_get (const LscPatternScan *self, uint32_t index);

/* Whether it is about that thread; and, where `bar` is not NULL, about that bar of it: a wait for
 * something else than the pattern's lock is not. */
bool lsc_pattern_is_about (const LscPattern *self, uint32_t thread, const LscFacts *bar);

/* The kind's name for programs, "lock-convoy", and for people, "Lock convoy". */
const char *lsc_pattern_kind_id (LscPatternKind kind);
const char *lsc_pattern_kind_name (LscPatternKind kind);
