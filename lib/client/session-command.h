/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command of a session while it lives: held, let go, watched, reaped.
 */
#pragma once

#include "lib/client/target.h"

typedef struct _LscSessionCommand LscSessionCommand;

typedef struct
{
  void (*exited) (gpointer user_data);
  /* After release: it could not be run. Takes `error`. */
  void (*failed) (gpointer user_data, GError *error);
} LscSessionCommandEvents;

/* Starts it, held. `target` must outlive it. Callbacks come on `context`; `exited` only for a
 * command that was let go, and each may free the command. RUN_FAILED. */
LscSessionCommand *lsc_session_command_new (const LscTarget *target,
                                            GMainContext *context,
                                            const LscSessionCommandEvents *events,
                                            gpointer user_data,
                                            GError **error);
/* A held command ends without having run, one that runs goes on; either is reaped by `context`. */
void lsc_session_command_free (LscSessionCommand *self);

/* Lets it begin. Any number of times. */
void lsc_session_command_release (LscSessionCommand *self);
GPid lsc_session_command_get_pid (const LscSessionCommand *self);
gboolean lsc_session_command_get_status (const LscSessionCommand *self, int *out_wait_status);
