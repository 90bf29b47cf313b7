/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inside of a session, for session.c (what happens to it) and session-owner.c (what its owner
 * asks it).
 */
#pragma once

#include "lib/client/doors.h"
#include "lib/client/session-command.h"
#include "lib/client/session-request.h"
#include "lib/client/stream-reader.h"

struct _LscSession
{
  guint n_refs; /* the owner, and every callback that is under way */
  gboolean disposed;
  const LscSessionEvents *events;
  gpointer user_data;
  GMainContext *context;

  LscTarget *target;
  LscSessionSink sink;
  gpointer sink_data;
  guint doors;
  gboolean exclude_self;
  gboolean ask_at_terminal;
  LscSessionRequest request;

  LscSessionState state;
  gboolean stopped;
  GCancellable *cancellable;
  LscDoor door;
  LscDoorway *doorway;
  int fd;

  LscBlockQueue *queue;
  LscStreamReader *reader;
  GSource *news_source;
  gboolean owner_told; /* blocks_available was called, the queue not found empty since */

  LscSessionCommand *command; /* NULL without, and when it was never let go */

  gboolean finished; /* the verdict is known */
  gboolean ended;    /* and was told */
  GSource *end_source;
  GError *error;
};

/* Calls `ended` soon, if everything was said and taken. Never from within: the owner may be in the
 * middle of taking blocks. */
void lsc_session_schedule_end (LscSession *self);
