/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Keeps what is written on the capture that is shown in its file: markers and notes soon after they
 * change, how it is looked at when it is left. Writes on another thread, one after the other.
 *
 * Signal "trouble" (a sentence): it could not be written; markers are in the window only.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_NOTE_KEEPER (lsc_note_keeper_get_type ())
G_DECLARE_FINAL_TYPE (LscNoteKeeper, lsc_note_keeper, LSC, NOTE_KEEPER, GObject)

/* `view` outlives it, or is left before it goes. */
LscNoteKeeper *lsc_note_keeper_new (LscLanesView *view);

/* The view shows another capture, on which that is written (may be NULL; it is taken over): shows
 * it. Nothing is written before there is a file. */
void lsc_note_keeper_begin (LscNoteKeeper *self, LscAnnotations *annotations);
/* From now on it is kept in the file at `path`, which is a whole capture of ours: up to byte
 * `n_whole` whole frames, 0 where that is not known. What was not written yet is. */
void lsc_note_keeper_set_file (LscNoteKeeper *self, const char *path, guint64 n_whole);
/* The view is about to show another capture, or none. */
void lsc_note_keeper_leave (LscNoteKeeper *self);

/* All of it, for a copy of the capture; NULL: nothing. The caller's. */
GBytes *lsc_note_keeper_dup_all (LscNoteKeeper *self);
