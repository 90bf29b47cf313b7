/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tracer says when it cannot work: one sentence a cause, on stderr.
 */
#pragma once

#include "lib/wire/exit-code.h"

/* Why a step failed. `error` is a positive errno, or 0 when there is none to tell. */
typedef struct
{
  LscTracerExit exit; /* LSC_TRACER_EXIT_OK: it did not fail */
  int error;
  const char *step; /* what was being done, for causes that need it; a constant, may be NULL */
} LscTracerTrouble;

#define LSC_TRACER_NO_TROUBLE ((LscTracerTrouble){ LSC_TRACER_EXIT_OK, 0, 0 })

/* Prints the sentence. */
void lsc_tracer_trouble_say (const LscTracerTrouble *self);

/* Judges why the kernel refused a bpf() call with `error` while doing `step`: asks the
 * capabilities, the user namespace, the kernel's release and its lockdown. Needs /proc. */
LscTracerTrouble lsc_tracer_trouble_of_bpf (int error, const char *step);
