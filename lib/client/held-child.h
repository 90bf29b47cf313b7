/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A held child: a command that is started but waits before its first instruction until it is let
 * go, so that tracing can be there first.
 *
 * Its stdin, stdout and stderr are inherited, everything else is closed by close-on-exec.
 */
#pragma once

#include "lib/client/target.h"

typedef struct
{
  GPid pid;       /* 0: none */
  int go_fd;      /* a byte lets it go, closing gives it up; -1 afterwards */
  int failure_fd; /* errno of a failed exec, or end of file when the program runs */
} LscHeldChild;

/* What the child could not do: sent through failure_fd. */
typedef struct
{
  int error; /* errno */
  int step;  /* 0 entering the folder, 1 running the program */
} LscHeldFailure;

/* Forks. LSC_CLIENT_ERROR_RUN_FAILED. */
gboolean lsc_held_child_init (LscHeldChild *self, const LscTarget *target, GError **error);
/* Lets the program begin; failure_fd will tell. */
void lsc_held_child_release (LscHeldChild *self);
/* failure_fd is readable: NULL when the program runs, or why it does not. Closes failure_fd. */
GError *lsc_held_child_take_failure (LscHeldChild *self, const LscTarget *target);
/* Gives a child up that is still held: it ends without having run. One that was let go goes on.
 * Reaping it is the caller's matter. */
void lsc_held_child_clear (LscHeldChild *self);
