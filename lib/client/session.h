/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A session: one capture from asking for permission to its end.
 *
 *     IDLE -> CONNECTING -> AUTHORISING -> PREPARING -> LIVE -> ENDED
 *
 * never backwards; ENDED can follow any of them. The owner's thread (the one that called
 * lsc_session_new(); callbacks come on its thread-default main context) never waits: the bus, the
 * helper's start and the password dialog are asynchronous, and a thread of the session's own reads
 * the socket. That thread treats the stream as hostile: every record passes lsc_record_check(), the
 * queue to the owner is bounded, a stream that ends without LSC_RECORD_END is "the helper ended
 * unexpectedly" and keeps every whole record before it.
 *
 * A command target is started at once, but held before its first instruction until the kernel side
 * is ready, and let go in state LIVE. It inherits stdin, stdout and stderr.
 */
#pragma once

#include "lib/client/block-queue.h"
#include "lib/client/target.h"
#include "lib/trace/assembler.h"

#include <gio/gio.h>

typedef enum
{
  LSC_SESSION_IDLE,
  LSC_SESSION_CONNECTING,  /* looking for the helper */
  LSC_SESSION_AUTHORISING, /* somebody may be looking at a password dialog */
  LSC_SESSION_PREPARING,   /* allowed; the kernel side is being loaded */
  LSC_SESSION_LIVE,        /* events arrive */
  LSC_SESSION_ENDED,
} LscSessionState;

/* Ways to a helper; lsc_session_set_doors(). */
typedef enum
{
  LSC_DOOR_DIRECT = 1 << 0, /* we may trace ourselves: start the tracer */
  LSC_DOOR_SYSTEM = 1 << 1, /* the D-Bus service */
  LSC_DOOR_PKEXEC = 1 << 2, /* an administrator's password starts the tracer */
  LSC_DOOR_ALL = 7,
} LscDoor;

typedef struct _LscSession LscSession;

/* Called on the owner's main context, never from within a call to the session. Each may be NULL;
 * each may free the session. */
typedef struct
{
  /* lsc_session_get_state() has changed. Not called for ENDED. */
  void (*state_changed) (LscSession *self, gpointer user_data);
  /* There is something to take. Called once when the queue stops being empty, and not again before
   * lsc_session_take_block() (or _pump()) has found it empty. */
  void (*blocks_available) (LscSession *self, gpointer user_data);
  /* The command that was started has ended: lsc_session_get_child_status(). Before `ended`, unless
   * the capture ends while the command goes on; then it still comes, after it. */
  void (*child_exited) (LscSession *self, gpointer user_data);
  /* It is over and every block has been taken: lsc_session_get_error() says whether well. Once. */
  void (*ended) (LscSession *self, gpointer user_data);
} LscSessionEvents;

/* Called on the reader thread with whole records, before the owner gets them: the file writer. The
 * first call starts with the header record, its command and flags filled in. FALSE ends the
 * session: `error` (any domain) becomes its error. */
typedef gboolean (*LscSessionSink) (const void *bytes,
                                    gsize n_bytes,
                                    gpointer user_data,
                                    GError **error);

/* `events` must outlive the session. */
LscSession *lsc_session_new (const LscSessionEvents *events, gpointer user_data);

/* Ends whatever goes on at once (the helper sees its socket closed; a command still held is never
 * run; one that runs goes on) and frees it. No callback comes afterwards. */
void lsc_session_free (LscSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscSession, lsc_session_free)

/* Before lsc_session_start() only. The sink's `user_data` must stay until `ended`, or until
 * lsc_session_free() returns. */
void lsc_session_set_sink (LscSession *self, LscSessionSink sink, gpointer user_data);
/* Which ways may be tried, LscDoor bits; all without this. They are tried in the order of the enum,
 * the first that exists is taken. */
void lsc_session_set_doors (LscSession *self, guint doors);
/* Asks for a password at the terminal where no desktop can: for command line programs; off without
 * this, and nothing happens where there is no terminal. */
void lsc_session_set_ask_at_terminal (LscSession *self, gboolean ask);
/* Leaves the client's own process out of the capture; on without this. */
void lsc_session_set_exclude_self (LscSession *self, gboolean exclude);

/* Begins. `target` is copied. FALSE when it cannot be traced at all (lsc_target_check()): the state
 * stays IDLE, no callback comes. Every later trouble comes through `ended`. */
gboolean lsc_session_start (LscSession *self, const LscTarget *target, GError **error);

/* Starts from a stream that is there already: no door is looked for. `fd` is a connected Unix
 * stream socket that speaks the tracer's protocol, and the session's own from now on. For tests and
 * for other transports. */
gboolean
lsc_session_start_from_fd (LscSession *self, int fd, const LscTarget *target, GError **error);

/* Asks for the end. What the kernel side still holds arrives first; then `ended`. Before LIVE:
 * gives up, `ended` comes with LSC_CLIENT_ERROR_CANCELLED. Any number of times. */
void lsc_session_stop (LscSession *self);

LscSessionState lsc_session_get_state (const LscSession *self);
/* The door taken, or 0 while none is. */
LscDoor lsc_session_get_door (const LscSession *self);
/* LSC_SCOPE_OWN or LSC_SCOPE_ANY: what is asked for (from start on), then what was given. */
LscScope lsc_session_get_scope (const LscSession *self);

/* The next whole records, or NULL: the caller's, lsc_block_free(). */
LscBlock *lsc_session_take_block (LscSession *self);
/* Feeds blocks to `assembler` until `budget_us` microseconds are over or there are none. TRUE:
 * there are more. At least one block a call. */
gboolean lsc_session_pump (LscSession *self, LscAssembler *assembler, gint64 budget_us);

/* The stream's header, filled in; NULL before it came. */
const LscRecordHeader *lsc_session_get_header (const LscSession *self);
/* The stream's last record; NULL before it came, and for ever when the helper was lost. */
const LscRecordEnd *lsc_session_get_end (const LscSession *self);
/* Why it ended, when not well (LSC_CLIENT_ERROR or the sink's domain); NULL while it goes on and
 * when it ended as it should (stopped, or every target has ended). Also when there is an error,
 * everything that arrived was handed out. */
const GError *lsc_session_get_error (const LscSession *self);

/* The command's process, 0 when there is none (yet). */
GPid lsc_session_get_child (const LscSession *self);
/* TRUE when the command has ended; then its wait status (g_spawn_check_wait_status()). */
gboolean lsc_session_get_child_status (const LscSession *self, int *out_wait_status);

/* Bytes and records read so far; any thread. */
guint64 lsc_session_get_n_bytes (const LscSession *self);
guint64 lsc_session_get_n_records (const LscSession *self);
