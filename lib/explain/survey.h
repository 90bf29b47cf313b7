/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A survey: one walk over the lanes of the threads in a range of time, for any number of listeners
 * (lock tables, histograms, patterns) that each keep what they are about.
 *
 * Thread rules. A survey reads the trace only inside lsc_survey_step() and lsc_survey_run(), and so
 * do its listeners; what a listener holds when the survey is over needs the trace for names only.
 * So a trace that lives (its owner adds to it on the main loop) is surveyed on the same loop, a
 * bounded step at a time: between two steps the trace may grow and may forget its oldest events;
 * the range and the set of threads stay as they were at the start. A trace that does not change may
 * be surveyed in any thread with lsc_survey_run(), by several at a time; the trace must outlive
 * that.
 */
#pragma once

#include "lib/trace/reason.h"

/* Everybody. */
#define LSC_SURVEY_ALL UINT32_MAX
/* A good budget for a step on the main loop: well below a frame, whatever the listeners. */
#define LSC_SURVEY_STEP 20000u

/* A thread on a CPU, as far as that is inside the range. */
typedef struct
{
  uint32_t thread;
  uint32_t cpu;
  uint64_t start_ns;
  uint64_t end_ns;
  uint64_t number; /* of its span in the lane */
  bool cut_start;  /* it had begun before the range or the capture */
  bool cut_end;    /* it went on after it */
} LscRun;

/* A thread off the CPU, from leaving one to being back on one, as far as that is inside the range:
 * it slept in [start, woken) and was queued in [woken, end). */
typedef struct
{
  uint32_t thread;
  LscReason reason; /* why it left */
  uint64_t start_ns;
  uint64_t woken_ns; /* start_ns when it never slept (preempted); end_ns when it was not woken */
  uint64_t end_ns;
  uint64_t number;       /* of its first span in the lane */
  const LscFacts *facts; /* of its first span */
  const LscFacts *waker; /* of its wakeup; NULL where it had none, or none was seen */
  uint32_t cpu_left;     /* LSC_CPU_NONE where not known */
  uint32_t cpu_back;
  bool woken;     /* its wakeup was seen, inside the range */
  bool cut_start; /* it had begun before the range or the capture */
  bool cut_end;   /* it went on after it, or nobody knows how it ended */
} LscWait;

/* What a listener wants to hear; each may be NULL. What the arguments point to is gone when the
 * call is over. */
typedef struct
{
  /* Whether the listener needs that lane; NULL: all of them. A lane that nobody needs is not
   * walked, one that somebody else needs is told to all. */
  bool (*wants) (void *listener, const LscThread *thread);
  /* A lane begins; its runs and waits follow in order of time, then it ends. When it does, the
   * trace may have forgotten the thread: then it has no lane any more. */
  void (*enter) (void *listener, const LscThread *thread);
  void (*run) (void *listener, const LscRun *run);
  void (*wait) (void *listener, const LscWait *wait);
  void (*leave) (void *listener, const LscThread *thread);
  /* All lanes are over: its own work on the trace, about `budget` spans a call, until it returns
   * false; one listener after the other, in the order they joined. */
  bool (*work) (void *listener, uint32_t budget);
} LscSurveyListener;

typedef struct _LscSurvey LscSurvey;

/* Of [from_ns, to_ns) of `trace`, cut to its time so far. `process` and `thread`, indices in the
 * trace, or LSC_SURVEY_ALL, choose lanes. */
LscSurvey *lsc_survey_new (
    const LscTrace *trace, uint64_t from_ns, uint64_t to_ns, uint32_t process, uint32_t thread);
void lsc_survey_free (LscSurvey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscSurvey, lsc_survey_free)

/* Before the first step. Both must outlive the survey. */
void lsc_survey_add (LscSurvey *self, const LscSurveyListener *kind, void *listener);

const LscTrace *lsc_survey_get_trace (const LscSurvey *self);
uint64_t lsc_survey_get_from_ns (const LscSurvey *self);
uint64_t lsc_survey_get_to_ns (const LscSurvey *self);

/* Looks at about `budget` spans; false when there is nothing left to do. */
bool lsc_survey_step (LscSurvey *self, uint32_t budget);

/* All steps. Ends early, and returns false, when `*cancelled` (may be NULL; set it with
 * g_atomic_int_set()) is no longer 0. */
bool lsc_survey_run (LscSurvey *self, const int *cancelled);

/* How much of the lanes has been walked, 0..1. */
double lsc_survey_get_progress (const LscSurvey *self);
