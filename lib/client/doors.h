/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Doors: the ways to a helper, and which one there is.
 *
 * Tried in this order, the first that exists is taken, and what it answers is final: directly when
 * we may trace ourselves, else the system service, else pkexec. For lib/client itself; others use
 * a session.
 */
#pragma once

#include "lib/client/text-agent.h"
#include "lib/client/tracer-process.h"
#include "lib/wire/record.h"

#include <gio/gio.h>

/* The D-Bus contract, also with the helper's side. */
#define LSC_DOOR_BUS_NAME "org.lanescope.Tracer1"
#define LSC_DOOR_OBJECT_PATH "/org/lanescope/Tracer1"
#define LSC_DOOR_INTERFACE "org.lanescope.Tracer1"
/* How the message of an AccessDenied begins when the person closed the dialog. */
#define LSC_DOOR_DISMISSED "Dismissed:"

typedef struct
{
  guint doors;        /* LscDoor bits that may be tried */
  LscScope scope;     /* of the system service; a tracer of our own may see everything anyway */
  gboolean only_mine; /* but shows only the user's processes with this */
  gboolean ask_at_terminal; /* when a password is needed and no desktop asks for it */
  GUnixFDList *pidfds;      /* of the chosen processes; NULL without */
} LscDoorsRequest;

/* A way that was found and opened. */
typedef struct
{
  guint door;                /* LscDoor */
  int fd;                    /* the stream; -1 when taken */
  GDBusConnection *bus;      /* SYSTEM: the helper lives as long as this connection, or NULL */
  LscTracerProcess *process; /* DIRECT, PKEXEC: or NULL */
  LscTextAgent *agent;       /* asks at the terminal, or NULL */
} LscDoorway;

void lsc_doorway_free (LscDoorway *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscDoorway, lsc_doorway_free)

/* Which door it is going to be: somebody may be asked for a password from now on. */
typedef void (*LscDoorFound) (guint door, gpointer user_data);

/* `request` is copied. `found` and `callback` are called on the thread-default main context;
 * `found` at most once, before `callback`, and never after cancelling. */
void lsc_doors_open_async (const LscDoorsRequest *request,
                           LscDoorFound found,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
LscDoorway *lsc_doors_open_finish (GAsyncResult *result, GError **error);

/* The tracer program: beside a running build's own folder (../helper/lanescope-tracer), else the
 * installed one. */
char *lsc_doors_find_tracer (void);
