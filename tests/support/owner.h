/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The owner of a session, in tests: notes what the session tells it, assembles what arrives, and
 * holds the helper's end of the socket.
 */
#pragma once

#include "lib/client/session.h"

typedef struct
{
  LscSession *session;
  LscTrace *trace;
  LscAssembler *assembler;
  GMainLoop *loop;
  int helper;
  GString *states;
  guint n_told;
  guint n_ended;
  guint n_child_exited;
  gsize n_taken; /* bytes */
  gboolean timed_out;
} LscOwner;

void lsc_owner_set_up (LscOwner *owner, gconstpointer data);
void lsc_owner_tear_down (LscOwner *owner, gconstpointer data);
/* Runs the main loop until `ended`, which must come once and within 20 s. */
void lsc_owner_run_to_the_end (LscOwner *owner);
void lsc_owner_run_until (LscOwner *owner, LscSessionState state);

/* Starts the session on a socket pair. */
void lsc_owner_start (LscOwner *owner, const LscTarget *target);
void lsc_owner_start_whole_machine (LscOwner *owner);

/* What the helper does. */
void lsc_owner_say (LscOwner *owner, const void *bytes, gsize n_bytes);
void lsc_owner_hang_up (LscOwner *owner);
LscRecordHeader lsc_owner_make_header (void);
void lsc_owner_say_header (LscOwner *owner);
void lsc_owner_say_ready (LscOwner *owner);
void lsc_owner_say_end (LscOwner *owner, uint32_t reason, uint32_t error);
void lsc_owner_hear (LscOwner *owner, void *bytes, gsize n_bytes);

#define lsc_assert_trouble(owner, code)                                                            \
  g_assert_error (lsc_session_get_error ((owner)->session), LSC_CLIENT_ERROR, (int) (code))
