/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who ran instead: for each thread, which others had the CPU it then got while it was ready and
 * waited for it, how often and how long. Valid when its survey is over.
 */
#pragma once

#include "lib/explain/survey.h"

typedef struct
{
  uint32_t victim;    /* who waited */
  uint32_t culprit;   /* who ran; LSC_THREAD_NONE: the CPU was idle or ran somebody that the capture
                         does not show */
  uint64_t n;         /* times it waited while the culprit ran */
  uint64_t n_pushed;  /* of these, times the culprit took the CPU from it */
  uint64_t ns;        /* how long the culprit ran meanwhile */
  uint64_t max_ns;    /* the most in one wait, */
  uint64_t max_at_ns; /* which began then */
} LscPreemptor;

typedef struct _LscPreemptors LscPreemptors;

/* For waits for `cpu` only, or all with LSC_CPU_NONE. Joins `survey` (that chooses the victims),
 * which must not have begun; freed after it. */
LscPreemptors *lsc_preemptors_new (LscSurvey *survey, uint32_t cpu);
void lsc_preemptors_free (LscPreemptors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscPreemptors, lsc_preemptors_free)

/* The one that ran longest first. */
uint32_t lsc_preemptors_get_n (const LscPreemptors *self);
const LscPreemptor *lsc_preemptors_get (const LscPreemptors *self, uint32_t index);

/* Time the threads waited in the queues of those CPUs: the sum of all rows. */
uint64_t lsc_preemptors_get_queued_ns (const LscPreemptors *self);
