/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A session as the door sees it: one call of Open from its arguments to the end of its worker.
 *
 *     who calls? -> limits -> the targets -> polkit -> still there? -> worker -> its end
 *
 * Every step can only refuse or go on. When the caller leaves the bus, the authorisation is
 * cancelled or the worker ended, whichever there is.
 */
#pragma once

#include "helper/door-authority.h"
#include "helper/door-limits.h"

#include <gio/gio.h>

typedef struct
{
  GDBusConnection *bus;
  LscDoorLimits *limits;
  LscDoorAuthority *authority;
  const char *tracer;           /* the worker's program */
  guint deadline_s;             /* polkit's, when nobody may be asked */
  guint interactive_deadline_s; /* and when somebody may */
} LscDoorSurroundings;

typedef struct _LscDoorSession LscDoorSession;

/* Takes the invocation, which it answers. `over` is called once, on the main context and never from
 * within; then the session is freed. `surroundings` must outlive it. */
LscDoorSession *lsc_door_session_new (const LscDoorSurroundings *surroundings,
                                      GDBusMethodInvocation *invocation,
                                      void (*over) (LscDoorSession *self, gpointer user_data),
                                      gpointer user_data);
/* Gives up an undecided one, ends the worker of a running one. `over` still comes. */
void lsc_door_session_stop (LscDoorSession *self);
