/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of the capture's page share: capture-page.c (what is shown, and how it gets
 * there), capture-page-live.c (how it grows and ends) and capture-page-save.c (how it leaves).
 * Nobody else includes this.
 */
#pragma once

#include "gui/capture-bar.h"
#include "gui/capture-files.h"
#include "gui/capture-page.h"
#include "gui/lanes-pane.h"
#include "gui/live-feed.h"
#include "gui/note-keeper.h"
#include "gui/notice-bar.h"

struct _LscCapturePage
{
  GtkWidget parent_instance;
  GtkWidget *root;
  LscCaptureBar *bar;
  LscNoticeBar *notice;
  GtkStack *stack;
  AdwStatusPage *waiting;
  GtkSpinner *spinner;
  GtkProgressBar *progress;
  GtkWidget *cancel_button;
  AdwStatusPage *trouble;
  GtkWidget *again_button;
  LscLanesPane *pane;
  LscNoteKeeper *keeper;

  GSettings *settings;
  LscLiveFeed *feed;         /* NULL for a file */
  LscTarget *target;         /* of the feed */
  char *hint;                /* what to look for */
  GFile *file;               /* of an opened or saved capture */
  LscTrace *opened;          /* of a file; a feed has its own */
  GCancellable *cancellable; /* of an opening that goes on */
  GCancellable *saving;      /* of what is shown, while it goes on */
  guint saving_timer;        /* until that is told */
  gboolean unsaved;          /* what is shown is a recording in the cache */
  guint number;              /* of what is shown: grows with each */
  guint waiting_timer;       /* until the page of waiting is shown */
  guint timer;
  guint frame; /* of the live picture, from 0 on */
};

/* What is shown grows: it is recorded here, or elsewhere. */
gboolean lsc_capture_page_grows (LscCapturePage *self);
/* Gives up saving what is shown. FALSE: nothing is being saved. */
gboolean lsc_capture_page_cancel_saving (LscCapturePage *self);
/* From now on something else is shown: saving goes on without a word. */
void lsc_capture_page_leave_saving (LscCapturePage *self);
/* What is shown; NULL: nothing. */
LscTrace *lsc_capture_page_get_trace (LscCapturePage *self);

/* capture-page.c */
void lsc_capture_page_show_lanes (LscCapturePage *self);
/* What is waited for, once that has lasted for a while. */
void lsc_capture_page_show_waiting (LscCapturePage *self, const char *title, const char *text);
void lsc_capture_page_show_trouble (LscCapturePage *self, const char *title, const char *text);
/* What the header bar offers and says depends on what is shown. */
void lsc_capture_page_update_header (LscCapturePage *self);
void lsc_capture_page_update_subtitle (LscCapturePage *self);
/* Among the recent captures. */
void lsc_capture_page_remember (LscCapturePage *self);

/* capture-page-live.c: what is shown from now on is a feed's, which the caller starts. */
void lsc_capture_page_make_feed (LscCapturePage *self);
