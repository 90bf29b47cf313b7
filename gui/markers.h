/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The markers of a capture: moments that somebody marked to come back to, numbered as they were
 * made, named if wanted; and notes on bars, which are markers of a thread with a text.
 *
 * Invariants. In order of time; no two at the same moment, nor of one thread at the same moment. A
 * number is not used again; those of notes begin at LSC_MARKERS_FIRST_NOTE, so that markers are
 * counted 1, 2, 3. In a capture each has an id: its number, and above it one of the window that
 * made it, so that what two windows write on one file never replaces the other's.
 */
#pragma once

#include "lib/view/scene.h"

#define LSC_MARKERS_FIRST_NOTE 0x40000000u

typedef struct _LscMarkers LscMarkers;

LscMarkers *lsc_markers_new (void);
void lsc_markers_free (LscMarkers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscMarkers, lsc_markers_free)
void lsc_markers_reset (LscMarkers *self);

/* Returns its number. Where there is one already, that one's. */
guint32 lsc_markers_add (LscMarkers *self, guint64 time_ns);
/* The same for a note on the thread's bar of [from_ns, to_ns). */
guint32
lsc_markers_add_note (LscMarkers *self, const LscThread *thread, guint64 from_ns, guint64 to_ns);
/* Takes in a marker that was kept with that id. It has the number in that (marker->number says
 * nothing), or the next one when that is taken; a place that is taken stays so. */
void lsc_markers_put (LscMarkers *self, const LscMarker *marker, guint64 id);
/* What it is to be kept with; 0 when there is none with that number. */
guint64 lsc_markers_get_id (const LscMarkers *self, guint32 number);
/* FALSE when there is none with that number. */
gboolean lsc_markers_remove (LscMarkers *self, guint32 number);
/* Takes the last removal back that was not taken back yet. */
void lsc_markers_restore (LscMarkers *self);
gboolean lsc_markers_set_name (LscMarkers *self, guint32 number, const char *name);

/* Valid until the next change. */
const LscMarker *lsc_markers_get (const LscMarkers *self, guint *out_n);
/* The next one after (direction > 0) or before `time_ns`; NULL: none. */
const LscMarker *lsc_markers_step (const LscMarkers *self, guint64 time_ns, int direction);
/* The note on the thread's bar that begins then; NULL: none. */
const LscMarker *lsc_markers_find_note (const LscMarkers *self, guint32 thread, guint64 from_ns);
/* The nearest one, not farther than `reach_ns`; NULL: none. */
const LscMarker *lsc_markers_near (const LscMarkers *self, guint64 time_ns, guint64 reach_ns);
