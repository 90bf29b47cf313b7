/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The page of one capture, from asking for permission to looking at it: live, or from a file.
 *
 * Signal "running-changed": a capture has begun to run or has ended.
 */
#pragma once

#include "gui/lanes-view.h"
#include "gui/note-keeper.h"
#include "lib/client/target.h"

#include <adwaita.h>

#define LSC_TYPE_CAPTURE_PAGE (lsc_capture_page_get_type ())
G_DECLARE_FINAL_TYPE (LscCapturePage, lsc_capture_page, LSC, CAPTURE_PAGE, GtkWidget)

/* Begins a capture; none runs. `hint` (may be NULL) says what to look for once it has ended. */
void lsc_capture_page_trace (LscCapturePage *self, const LscTarget *target, const char *hint);
/* Opens a file; no capture runs. */
void lsc_capture_page_open (LscCapturePage *self, GFile *file);
/* Ends the capture that runs; what was recorded stays. */
void lsc_capture_page_stop (LscCapturePage *self);
/* Asks where to, and saves. */
void lsc_capture_page_save (LscCapturePage *self);
void lsc_capture_page_open_menu (LscCapturePage *self);

/* A capture runs, or is about to. */
gboolean lsc_capture_page_is_running (LscCapturePage *self);
/* There is something to look at. */
gboolean lsc_capture_page_has_trace (LscCapturePage *self);
/* What is shown, as a person would name it. */
const char *lsc_capture_page_get_title (LscCapturePage *self);
/* Where its events are on disk; NULL when they are nowhere. Free with g_free(). */
char *lsc_capture_page_dup_path (LscCapturePage *self);
/* The lanes; NULL while there is nothing to look at. */
LscLanesView *lsc_capture_page_get_view (LscCapturePage *self);
/* Of what is written on it. */
LscNoteKeeper *lsc_capture_page_get_keeper (LscCapturePage *self);
