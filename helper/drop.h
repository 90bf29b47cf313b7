/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Giving up every privilege, in the one order that works, each step read back.
 *
 * After it the process is a system user without groups and capabilities, cannot gain any, cannot be
 * dumped or traced by others, ends with its parent, and may make only the system calls that reading
 * the ring and writing the stream need.
 */
#pragma once

#include "helper/tracer-trouble.h"

#include <sys/types.h>

/* `parent` is who started us, as getppid() said at the very start. A process that is not root keeps
 * its user (only capabilities were lent to it) and gives up the rest. */
LscTracerTrouble lsc_drop_everything (pid_t parent);
