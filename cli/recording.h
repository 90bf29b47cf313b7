/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One recording from start to end: a session, a file, a clock and the signals that end it.
 */
#pragma once

#include "lib/client/target.h"

#include <stdbool.h>

/* Records `target` into `output` until `duration_ns` are over (0: no limit), the command or the
 * targets have ended, or a signal asks for the end. Says on stderr what went wrong, and how much
 * was recorded unless `quiet`. Returns the exit status. */
int
lsc_recording_run (const LscTarget *target, uint64_t duration_ns, const char *output, bool quiet);
