/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * START: what the tracer was told on its command line, and the surroundings it makes for itself.
 */
#pragma once

#include "helper/tracer-trouble.h"
#include "lib/wire/command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct
{
  bool scope_own;
  bool stdio;   /* the stream is descriptor 0, else 3 */
  uint32_t uid; /* of the user the capture is made for */
} LscTracerOptions;

/* Understands --scope=own|any --uid=NUMBER [--stdio] and nothing else. With --stdio both others may
 * be missing: any, and the user who starts it (for pkexec: who asked it). */
LscTracerTrouble lsc_tracer_options_parse (LscTracerOptions *self, int argc, char **argv);

/* Resets what a caller may have left behind: signals, file mode mask, folder, limits, environment.
 */
LscTracerTrouble lsc_tracer_options_prepare (void);

/* Has `handler` called for `sign`, but only where a wait lets it in (ppoll() with an empty mask).
 */
void lsc_tracer_options_hold_signal (int sign, void (*handler) (int));

/* Whether `fd` is an AF_UNIX stream socket. */
bool lsc_tracer_options_is_stream (int fd);

/* Resolves the process descriptors `first`, `first` + 1, ... that the door handed over. Processes
 * that have ended are left out. `out_n_given` counts all of them. */
LscTracerTrouble lsc_tracer_options_read_pidfds (int first,
                                                 LscCommandTarget *targets,
                                                 size_t *out_n_targets,
                                                 size_t *out_n_given);
