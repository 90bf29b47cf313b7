/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The text agent: asks for a password at the terminal when no desktop is there to ask.
 *
 * polkit's own pkttyagent, for this process only, and only where nobody else would ask
 * (--fallback).
 */
#pragma once

#include <gio/gio.h>

typedef struct _LscTextAgent LscTextAgent;

/* Whether this process has a terminal to ask at. */
gboolean lsc_text_agent_is_possible (void);

/* Starts it. `ready` is called once on the thread-default main context, when it is registered with
 * polkit or has failed to: either way it is time to go on. Never after lsc_text_agent_free(). NULL
 * when it cannot be started; then `ready` is not called. */
LscTextAgent *lsc_text_agent_new (void (*ready) (gpointer user_data), gpointer user_data);
/* Ends it: the terminal is as it was. */
void lsc_text_agent_free (LscTextAgent *self);
