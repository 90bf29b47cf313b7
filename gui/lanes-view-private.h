/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of the lanes widget share: lanes-view.c (drawing, size, life), lanes-keep.c
 * (what the capture keeps), lanes-arranged.c (which lanes stand where by hand), lanes-markers.c
 * (markers and notes), lanes-moves.c (moving about and picking), lanes-places.c (going to a place),
 * lanes-picture.c (on paper) and lanes-rows.c (which rows there are). Nobody else includes this.
 */
#pragma once

#include "gui/lanes-canvas.h"
#include "gui/lanes-motion.h"
#include "gui/lanes-view.h"
#include "gui/lanes-words.h"
#include "gui/markers.h"
#include "gui/view-history.h"

struct _LscLanesView
{
  GtkWidget parent_instance;
  LscTrace *trace;
  LscScene scene;
  LscRowList *rows;
  LscPicture *picture;
  LscLanesCanvas canvas;
  LscPictureLayout layout;
  LscMotion *motion;
  GtkAdjustment *adjustment;
  LscStrip strip_places[LSC_N_STRIP_PLACES]; /* without a title: none */
  LscStrip strips[LSC_N_STRIP_PLACES];       /* the scene's */
  LscViewHistory *history;
  LscMarkers *markers;
  guint32 marker;    /* number of the one that was gone to last */
  GHashTable *first; /* settings as the trace was shown first: key to value */
  GArray *acts;      /* what was done to rows, for undo; NULL while nothing was */
  guint act_serial;
  GArray *moved;      /* LscPick: what was moved since the last sort; NULL: nothing */
  char *top_wanted;   /* what a capture that was opened again is to show when it is sorted */
  char *moved_wanted; /* the same; NULL: as it comes */
  LscWords words;
  LscLanesLabel label; /* of the bar that is being painted */
  gboolean live;
  gboolean follow;
  gboolean sorted;
  gboolean sort_wanted; /* by hand: it is shown from the top */
  gboolean hide_ended;  /* while the newest is followed */
  guint64 arranged_ns;  /* the trace's end when a followed crowd was last put in order */
  guint64 ended_ns;     /* the same, when ended threads last left the lanes */
  guint64 arranged_us;  /* when rows were last brought up to date, and how long that took */
  guint64 arranging_us;
  double pointer_y; /* of the pointer among the lanes, or negative */
  guint prepare_id; /* work between two frames */
  guint sort_id;    /* a sorting that goes on */
  guint tell_id;    /* what has moved is told soon */
  gint64 told_us;   /* when it was told last */
};

/* What the window shows of a picture. */
void lsc_lanes_view_init_parts (LscPictureParts *parts);
/* Says that what is seen is another, and draws it. */
void lsc_lanes_view_changed (LscLanesView *self);
/* Brings the rows up to date with the trace and their settings. The row under the pointer, or else
 * the first one in sight, stays where it is. */
void lsc_lanes_view_refresh_rows (LscLanesView *self);
/* The trace has grown: new rows, and now and then another order. */
void lsc_lanes_view_arrange (LscLanesView *self);
/* How threads of a new trace are sorted, whatever is shown first. */
void lsc_lanes_view_set_first_sort (LscLanesView *self, LscRowSort sort);
/* After the size or the rows have changed. */
void lsc_lanes_view_update_adjustment (LscLanesView *self);
/* The one way the viewport changes. There is a trace. */
void lsc_lanes_view_set_viewport (LscLanesView *self, const LscViewport *viewport);
/* The explanation of the bar `pick` names; NULL when it names none. */
char *lsc_lanes_view_dup_story_of (LscLanesView *self, const LscPick *pick);
/* What assistive programs read: after another lane was picked. */
void lsc_lanes_view_describe (LscLanesView *self);
/* Scrolls as little as needed to have the row in sight. */
void lsc_lanes_view_show_row (LscLanesView *self, const LscPick *pick);
/* Scrolls and pans as little as needed to have the bar in sight. */
/* Whether there is such a lane or process, and the trace has not forgotten it. */
gboolean lsc_lanes_view_holds (LscLanesView *self, const LscPick *pick);
void lsc_lanes_view_bring_in_sight (LscLanesView *self, const LscPick *pick);
/* Makes a row of what is none: whatever keeps it from being one is taken back. */
void lsc_lanes_view_reveal_thread (LscLanesView *self, guint32 thread);
/* The present view is about to be left: the history remembers it. */
void lsc_lanes_view_leave (LscLanesView *self, gboolean jump);
/* Goes to [from_ns, to_ns) with a share of the width free on each side; whoever asks has left. */
void lsc_lanes_view_fit_range (LscLanesView *self, guint64 from_ns, guint64 to_ns, double margin);
/* Jumps to [from_ns, to_ns) with a share of the width free on each side. */
void lsc_lanes_view_show_range (LscLanesView *self, guint64 from_ns, guint64 to_ns, double margin);
/* For undo: a marker has been removed; it is to come back; another trace has none. */
void lsc_lanes_view_record_unmark (LscLanesView *self);
void lsc_lanes_view_restore_marker (LscLanesView *self);
void lsc_lanes_view_forget_markers (LscLanesView *self);
/* Markers or notes have changed: the scene borrows them. */
void lsc_lanes_view_markers_changed (LscLanesView *self);
/* What is written on a bar; NULL: nothing. */
const char *lsc_lanes_view_note_of (LscLanesView *self, const LscPick *pick);
/* What the flag at x of the ruler says in full; NULL: there is none. The caller's. */
char *lsc_lanes_view_dup_flag (LscLanesView *self, double x);
/* The lane was moved by hand. */
void lsc_lanes_view_note_moved (LscLanesView *self, const LscPick *pick);
/* Another order: what was moved before is forgotten. */
void lsc_lanes_view_forget_moved (LscLanesView *self);
/* The name of the row on top, "": the first; and where what was moved stands. The caller's. */
char *lsc_lanes_view_dup_top (LscLanesView *self);
char *lsc_lanes_view_dup_moved (LscLanesView *self);
/* The same again, as soon as the rows are sorted; NULL: as it comes. */
void lsc_lanes_view_place_later (LscLanesView *self, const char *top, const char *moved);
/* The rows are sorted. Returns whether there was something to place. */
gboolean lsc_lanes_view_place (LscLanesView *self);
/* Another trace is shown: settings are as they are now unless somebody changes them. */
void lsc_lanes_view_begin_keeping (LscLanesView *self);
