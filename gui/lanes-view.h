/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lanes: the widget that shows a trace and lets a person move about in it. What stands where is
 * lib/view's, ink is lib/paint's; this holds a scene and changes it when asked.
 *
 * Signals: "view-changed" (span, lanes, follow or selection is another), "selected" (another bar or
 * lane was picked), "marked" (markers, notes, A or B are others).
 */
#pragma once

#include "lib/explain/words.h"
#include "lib/files/annotations.h"
#include "lib/paint/picture.h"

#include <gtk/gtk.h>

/* One bar: a span of a thread. */
typedef struct
{
  guint32 thread;
  guint64 number;
} LscBar;

/* [from_ns, to_ns) */
typedef struct
{
  guint64 from_ns;
  guint64 to_ns;
} LscTimeRange;

#define LSC_TYPE_LANES_VIEW (lsc_lanes_view_get_type ())
G_DECLARE_FINAL_TYPE (LscLanesView, lsc_lanes_view, LSC, LANES_VIEW, GtkWidget)

/* Shows `trace`, which must stay until another one, or NULL, is set. A live trace is shown from its
 * newest moment backwards, another one whole. `crowd`: most of its threads will do nothing, so idle
 * ones are hidden at first. */
void lsc_lanes_view_set_trace (LscLanesView *self, LscTrace *trace, gboolean live, gboolean crowd);
/* The trace has grown or its clock went on: draws what is new. */
void lsc_lanes_view_update (LscLanesView *self);

/* A live trace will not grow any more: nothing is followed from here on. */
void lsc_lanes_view_set_ended (LscLanesView *self);

/* Rows above the visible ones, for a scroll bar. Owned by the view. */
GtkAdjustment *lsc_lanes_view_get_adjustment (LscLanesView *self);

/* Newest at the right edge; a frozen picture stays where it is while the capture goes on. */
void lsc_lanes_view_set_follow (LscLanesView *self, gboolean follow);
gboolean lsc_lanes_view_get_follow (LscLanesView *self);
/* The thread that a picked bar of a CPU ran stays picked by thread, and the other way round. */
void lsc_lanes_view_set_mode (LscLanesView *self, LscRowMode mode);
LscRowMode lsc_lanes_view_get_mode (LscLanesView *self);
/* Of the present mode, by what is in view. */
void lsc_lanes_view_set_sort (LscLanesView *self, LscRowSort sort);
LscRowSort lsc_lanes_view_get_sort (LscLanesView *self);
void lsc_lanes_view_set_hide_idle (LscLanesView *self, gboolean hide_idle);
gboolean lsc_lanes_view_get_hide_idle (LscLanesView *self);
/* Whether threads that have ended leave the lanes when they are out of sight, while the newest is
 * followed. On at first for a live trace. */
void lsc_lanes_view_set_hide_ended (LscLanesView *self, gboolean hide_ended);
gboolean lsc_lanes_view_get_hide_ended (LscLanesView *self);
void lsc_lanes_view_set_lane_height (LscLanesView *self, int height); /* px */
void lsc_lanes_view_set_all_arrows (LscLanesView *self, gboolean all_arrows);
void lsc_lanes_view_set_words (LscLanesView *self, LscWords words);
guint64 lsc_lanes_view_get_span_ns (LscLanesView *self);
void lsc_lanes_view_set_span_ns (LscLanesView *self, guint64 span_ns);
guint lsc_lanes_view_get_n_lanes (LscLanesView *self);
/* The explanation of the bar that was picked, or NULL. Free with g_free(). */
char *lsc_lanes_view_dup_story (LscLanesView *self);

/* Moving, as input asks for. x and y are in pixels of the widget. */
void lsc_lanes_view_zoom (LscLanesView *self, double x, double factor);
void lsc_lanes_view_zoom_now (LscLanesView *self, double x, double factor); /* not animated */
void lsc_lanes_view_zoom_centre (LscLanesView *self, double factor);
void lsc_lanes_view_pan (LscLanesView *self, double dx);
void lsc_lanes_view_pan_page (LscLanesView *self, double pages);
void lsc_lanes_view_scroll_rows (LscLanesView *self, double dy);
void lsc_lanes_view_show_all (LscLanesView *self);
void lsc_lanes_view_fit_selection (LscLanesView *self);
void lsc_lanes_view_show_time (LscLanesView *self, guint64 time_ns);
void lsc_lanes_view_set_origin (LscLanesView *self, guint64 time_ns);
void lsc_lanes_view_select_range (LscLanesView *self, double from_x, double to_x);
void lsc_lanes_view_clear_selection (LscLanesView *self);

/* Pointing and picking. */
LscPart lsc_lanes_view_find (LscLanesView *self, double x, double y, LscHit *out_hit);
/* y of the pointer, negative when it is elsewhere: the lane there stays put when others come, go or
 * are sorted. */
void lsc_lanes_view_set_pointer (LscLanesView *self, double y);
void lsc_lanes_view_hover (LscLanesView *self, const LscPick *pick);
void lsc_lanes_view_select (LscLanesView *self, const LscPick *pick);
void lsc_lanes_view_step_span (LscLanesView *self, int direction);
void lsc_lanes_view_step_lane (LscLanesView *self, int direction);
/* Goes to the bar of the thread that woke, or pushed off the CPU, the picked one;
 * LSC_STATE_RUNNABLE or LSC_STATE_PREEMPTED says which. Refuses when nobody did. */
void lsc_lanes_view_go_to_cause (LscLanesView *self, LscState state);
/* Rings the bell and says in a sentence why something cannot be done, and what to do. */
void lsc_lanes_view_refuse (LscLanesView *self, const char *sentence);
/* Puts measuring marker A, or B, at x; their difference is on the screen. */
void lsc_lanes_view_set_marker (LscLanesView *self, gboolean b, double x);
/* Puts a numbered marker at x, or takes away the one that is there. TRUE: there is one now. */
gboolean lsc_lanes_view_toggle_marker (LscLanesView *self, double x);
void lsc_lanes_view_remove_marker (LscLanesView *self, guint32 number);
void lsc_lanes_view_name_marker (LscLanesView *self, guint32 number, const char *name);
/* The number of the note on the picked bar, which has no text at first; 0: no bar is picked. A note
 * whose text is empty goes when it is named so. */
guint32 lsc_lanes_view_note_bar (LscLanesView *self);
/* What is written on the picked bar; NULL: nothing. Valid until markers change. */
const char *lsc_lanes_view_get_note (LscLanesView *self);
/* Goes to the next marker, or the one before. FALSE when there is none. */
gboolean lsc_lanes_view_step_marker (LscLanesView *self, int direction);
/* The marker at x; the one of that number; the one that was gone to last or is nearest to the
 * middle of what is seen. NULL: none. Valid until markers change. */
const LscMarker *lsc_lanes_view_find_marker (LscLanesView *self, double x);
const LscMarker *lsc_lanes_view_get_marker (LscLanesView *self, guint32 number);
const LscMarker *lsc_lanes_view_current_marker (LscLanesView *self);
/* Where its flag stands in the widget; FALSE when it is out of sight. That of a bar that begins
 * before what is seen stands at the edge. */
gboolean lsc_lanes_view_get_marker_box (LscLanesView *self, guint32 number, GdkRectangle *out_box);
/* Marks, and how it is looked at, as far as changed; back: `preferred` where nothing is said. */
void lsc_lanes_view_keep (LscLanesView *self, LscAnnotations *annotations);
void
lsc_lanes_view_recall (LscLanesView *self, const LscAnnotations *annotations, LscRowMode preferred);

/* Back (direction < 0) and forward through what was seen. FALSE when there is nothing there. */
gboolean lsc_lanes_view_go (LscLanesView *self, int direction);
/* The ruler counts from the capture's start again. */
void lsc_lanes_view_reset_origin (LscLanesView *self);

/* What is done to the picked lane: a thread, a CPU, or a process with all its threads. FALSE when
 * it cannot be done. */
gboolean lsc_lanes_view_hide_lane (LscLanesView *self);
gboolean lsc_lanes_view_pin_lane (LscLanesView *self); /* or takes it down again */
gboolean lsc_lanes_view_is_pinned (LscLanesView *self);
gboolean lsc_lanes_view_move_lane (LscLanesView *self, int direction);
gboolean lsc_lanes_view_show_life (LscLanesView *self);
/* Takes the last of these back, hiding, pinning and moving, or the removal of a marker. */
gboolean lsc_lanes_view_undo_rows (LscLanesView *self);
/* Name and number of the picked lane, or NULL. Free with g_free(). */
char *lsc_lanes_view_dup_subject (LscLanesView *self);
/* Where the picked lane's header stands in the widget; FALSE when there is none. */
gboolean lsc_lanes_view_get_subject_box (LscLanesView *self, GdkRectangle *out_box);

/* What is shown and picked, for those who tell about it. */
LscTrace *lsc_lanes_view_get_trace (LscLanesView *self); /* NULL: none */
LscWords lsc_lanes_view_get_words (LscLanesView *self);
/* The picked bar, its thread (a lane alone may be picked) and the process of either; FALSE when
 * there is none. What a CPU ran is a bar of the thread. */
gboolean lsc_lanes_view_get_bar (LscLanesView *self, LscBar *out_bar);
gboolean lsc_lanes_view_get_thread (LscLanesView *self, guint32 *out_thread);
gboolean lsc_lanes_view_get_process (LscLanesView *self, guint32 *out_process);
/* The selected range of time; FALSE when there is none. */
gboolean lsc_lanes_view_get_selection (LscLanesView *self, LscTimeRange *out_range);
/* The visible range, as far as the trace goes. There is a trace. */
LscTimeRange lsc_lanes_view_get_visible (LscLanesView *self);
/* The span of the thread at that moment; FALSE for a thread without spans. */
gboolean
lsc_lanes_view_find_bar (LscLanesView *self, guint32 thread, guint64 time_ns, guint64 *out_number);

/* Jumps: picks the bar and brings it in sight, near enough to be seen. Refuses if it has gone. */
void lsc_lanes_view_go_to_bar (LscLanesView *self, const LscBar *bar);
/* The same of one bar after the other: the history remembers where it began, as with panning. */
void lsc_lanes_view_step_to_bar (LscLanesView *self, const LscBar *bar);
void lsc_lanes_view_go_to_thread_at (LscLanesView *self, guint32 thread, guint64 time_ns);
/* Selects the range and the thread's lane, and shows them. */
void lsc_lanes_view_go_to_range (LscLanesView *self, guint32 thread, const LscTimeRange *range);

/* The legend: what stands at a point of the widget, and where a state stands (FALSE: nowhere). */
gboolean lsc_lanes_view_find_legend (
    LscLanesView *self, double x, double y, LscState *out_state, LscReason *out_reason);
gboolean lsc_lanes_view_get_legend_box (LscLanesView *self,
                                        LscState state,
                                        LscReason reason,
                                        GdkRectangle *out_box);
/* Shows a strip above the lanes, in place of the one that stood there, or none (NULL). What it
 * points to must stay until another is set. */
typedef enum
{
  LSC_STRIP_PATH,
  LSC_STRIP_LOCK,
  LSC_N_STRIP_PLACES
} LscStripPlace;
void lsc_lanes_view_set_strip (LscLanesView *self, LscStripPlace place, const LscStrip *strip);

/* Which rows there are. */
void lsc_lanes_view_set_filter (LscLanesView *self, const char *text);
guint lsc_lanes_view_get_n_filtered (LscLanesView *self);
guint lsc_lanes_view_get_n_hidden (LscLanesView *self); /* by hand */
void lsc_lanes_view_show_hidden (LscLanesView *self);
void lsc_lanes_view_sort_again (LscLanesView *self); /* by what is in view now */
/* Collapses all processes, or opens them when all are collapsed. */
void lsc_lanes_view_toggle_processes (LscLanesView *self);
/* Picks the thread that `text` means best, see lsc_row_match_best(); shows it if it was hidden.
 * FALSE when it means none. */
gboolean lsc_lanes_view_go_to_thread (LscLanesView *self, const char *text);
void lsc_lanes_view_toggle_process (LscLanesView *self, guint32 process);
/* The moment under x of the minimap. */
guint64 lsc_lanes_view_minimap_time (LscLanesView *self, double x);
/* The corner left of the ruler, where nothing is painted. */
void lsc_lanes_view_get_corner (LscLanesView *self, GdkRectangle *out_box);
