/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The system door: asking org.lanescope.Tracer1 on the system bus for a stream.
 *
 * Over a connection of its own: the helper ends a session when that connection goes, and gives up
 * an authorisation that nobody waits for any more. Only a helper that runs as root is talked to,
 * by its unique name.
 */
#pragma once

#include "lib/client/doors.h"

typedef struct
{
  gboolean has_service; /* the name is owned or can be activated */
  gboolean has_polkit;
} LscSystemDoorNames;

/* Connects and looks who is there. LSC_CLIENT_ERROR_NO_BUS. */
void lsc_system_door_connect_async (GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GDBusConnection *lsc_system_door_connect_finish (GAsyncResult *result,
                                                 LscSystemDoorNames *out_names,
                                                 GError **error);

/* Asks for a stream; somebody may be asked for a password. Its descriptor, or -1. */
void lsc_system_door_open_async (GDBusConnection *bus,
                                 const LscDoorsRequest *request,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
int lsc_system_door_open_finish (GAsyncResult *result, GError **error);

/* The sentence for an error the service (or the bus, in its place) answered with. */
GError *lsc_system_door_explain (const GError *answer);
