/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A live capture: the session's stream goes to a file in the cache and, a bounded piece at a time,
 * into a trace. Or one that another process records: what it writes goes into a trace.
 *
 * Signals: "state-changed" (see lsc_live_feed_get_state()), "limit-reached" (the trace forgets its
 * oldest events from now on; the file keeps them), "ended" (the stream is over and the file is
 * whole on disk).
 */
#pragma once

#include "lib/client/session.h"
#include "lib/files/capture-tail.h"

#define LSC_TYPE_LIVE_FEED (lsc_live_feed_get_type ())
G_DECLARE_FINAL_TYPE (LscLiveFeed, lsc_live_feed, LSC, LIVE_FEED, GObject)

/* `memory_max` is in bytes. */
LscLiveFeed *lsc_live_feed_new (guint64 memory_max);

/* Begins. FALSE with a sentence when the target cannot be traced or no file can be made. */
gboolean lsc_live_feed_start (LscLiveFeed *self, const LscTarget *target, GError **error);
/* Begins to follow the capture at `path` that another process writes. Takes `tail`. */
void lsc_live_feed_follow (LscLiveFeed *self, LscCaptureTail *tail, const char *path);
/* Whether it follows: the recording is another's, who ends it. */
gboolean lsc_live_feed_is_followed (LscLiveFeed *self);
/* What is to be said about the file, when a followed one has ended; NULL: nothing. The caller's. */
char *lsc_live_feed_dup_condition (LscLiveFeed *self);
/* Asks for the end; "ended" follows. */
void lsc_live_feed_stop (LscLiveFeed *self);

LscSessionState lsc_live_feed_get_state (LscLiveFeed *self);
gboolean lsc_live_feed_is_running (LscLiveFeed *self);
/* Owned by the feed. */
LscTrace *lsc_live_feed_get_trace (LscLiveFeed *self);
/* Why it ended, when not well; NULL else. */
const GError *lsc_live_feed_get_error (LscLiveFeed *self);
/* The command that was run, while it still runs; else 0. */
guint32 lsc_live_feed_get_child (LscLiveFeed *self);
/* How that command, `name`, ended, a sentence; NULL: well, or it has not. The caller's. */
char *lsc_live_feed_dup_child_end (LscLiveFeed *self, const char *name);
/* The recording in the cache. */
const char *lsc_live_feed_get_path (LscLiveFeed *self);
/* The file belongs somebody else now (it was moved). */
void lsc_live_feed_set_path (LscLiveFeed *self, const char *path);
/* Lets the trace's end keep up with the clock, so that open bars grow. */
void lsc_live_feed_advance (LscLiveFeed *self);
