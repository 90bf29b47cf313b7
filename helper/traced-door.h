/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The door: the D-Bus object of lanescope-traced, and everything that came in through it.
 *
 * Every method call passes one gate. Open is decided by a session; Hello tells constants.
 */
#pragma once

#include <gio/gio.h>

typedef struct
{
  const char *tracer; /* the worker's program */
  guint idle_s;       /* without a session; then the door closes */
  guint deadline_s;
  guint interactive_deadline_s;
  guint opens_per_minute;
} LscTracedOptions;

typedef struct _LscTracedDoor LscTracedDoor;

/* Puts the object on `bus` and asks for the name. `closed` is called once, on the main context:
 * idle, the name or the bus was lost, or lsc_traced_door_close(). NULL with `error`. */
LscTracedDoor *lsc_traced_door_new (GDBusConnection *bus,
                                    const LscTracedOptions *options,
                                    void (*closed) (gboolean well, gpointer user_data),
                                    gpointer user_data,
                                    GError **error);
/* After `closed`. */
void lsc_traced_door_free (LscTracedDoor *self);

/* Ends every session, then closes. */
void lsc_traced_door_close (LscTracedDoor *self);
