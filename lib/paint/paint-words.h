/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words a picture holds. lib/paint makes up none: whoever paints fills them in, translated
 * (states and reasons from lib/explain/words.h). A word that is NULL is left out of the picture.
 */
#pragma once

#include "lib/trace/reason.h"

typedef struct
{
  const char *state[LSC_N_STATES];   /* legend: "Running", "Waiting for a CPU" ... */
  const char *reason[LSC_N_REASONS]; /* legend and line labels: "Lock", "Disk" ... */
  const char *other_thread;          /* in place of "Lock" for conditions and joins */
  const char *preempted;             /* inside the bar: "preempted" */
  const char *cpu;                   /* "CPU %s": inside a running bar, and a CPU's name */
  const char *lost;                  /* "lost %s events" */
  const char *unknown;               /* "unknown" */
  const char *idle;                  /* CPU lane: "idle" */
  const char *not_traced;            /* legend of CPU lanes: "Not traced" */
  const char *idle_hidden;           /* "%s idle threads hidden" */
  const char *ended_hidden;          /* "%s ended threads hidden" */
  const char *earlier;               /* "Earlier events are in the file" */
  const char *whole_capture;         /* "Whole capture" */
  const char *running_at_once;       /* "Running at once" */
  const char *mean_of_cpus;          /* "mean %s of %s CPUs" */
  const char *difference;            /* "B \342\210\222 A = %s" */
  /* A label for one span that says more than its reason, such as "futex 0x...40"; NULL, or one that
   * returns NULL: the reason's word. The string is the callee's and valid until the next call. */
  const char *(*span_label) (const LscTrace *trace,
                             const LscThread *thread,
                             const LscSpan *span,
                             void *data);
  void *data;
} LscPaintWords;

/* Plain English for everything but span_label: the fallback, and what translators start from. */
void lsc_paint_words_init (LscPaintWords *self);
