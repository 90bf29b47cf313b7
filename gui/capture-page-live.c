/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-page-private.h"

#include "gui/capture-title.h"

#include <glib/gi18n.h>

#define FRAME_MS 33           /* a live picture, as long as it follows the newest */
#define FIRST_FRAMES 12u      /* at the rate of the screen */
#define FRAMES_PER_FIGURES 8u /* the line of figures, and a frozen picture's minimap */

static gboolean
timer_cb (gpointer data)
{
  LscCapturePage *self = data;
  gboolean figures = self->frame++ % FRAMES_PER_FIGURES == 0;
  lsc_live_feed_advance (self->feed);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return G_SOURCE_CONTINUE;
  lsc_lanes_pane_update (self->pane, figures);
  if (figures)
    lsc_capture_page_update_subtitle (self);
  return G_SOURCE_CONTINUE;
}

/* The first bars are waited for: until they are there every frame shows what has come. */
static gboolean
first_frames_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  LscCapturePage *self = LSC_CAPTURE_PAGE (widget);
  if (self->timer == 0 || self->frame >= FIRST_FRAMES)
    return G_SOURCE_REMOVE;
  timer_cb (self);
  return G_SOURCE_CONTINUE;
}

static void
feed_state_cb (LscCapturePage *self)
{
  LscSessionState state = lsc_live_feed_get_state (self->feed);
  if (state == LSC_SESSION_AUTHORISING)
    lsc_capture_page_show_waiting (self, _ ("Waiting for Permission"),
                                   _ ("A password may be asked for in another window."));
  if (state != LSC_SESSION_LIVE)
    return;
  lsc_capture_page_show_lanes (self);
  lsc_note_keeper_begin (self->keeper, NULL);
  self->timer = g_timeout_add (FRAME_MS, timer_cb, self);
  self->frame = 0;
  gtk_widget_add_tick_callback (GTK_WIDGET (self), first_frames_cb, NULL, NULL);
}

static void
feed_limit_cb (LscCapturePage *self)
{
  lsc_notice_bar_show (
      self->notice,
      _ ("Earlier events are in the file only: the capture has used up the memory that "
         "Preferences allow. Save it and open the file to see them again."),
      LSC_NOTICE_ALONE);
}

/* Who recorded it elsewhere is done. */
static void
follow_ended (LscCapturePage *self)
{
  g_autofree char *condition = lsc_live_feed_dup_condition (self->feed);
  lsc_notice_bar_close (self->notice);
  if (condition != NULL)
    lsc_notice_bar_show (self->notice, condition, LSC_NOTICE_ALONE);
  lsc_capture_page_remember (self);
}

static void
feed_ended_cb (LscCapturePage *self)
{
  const GError *error = lsc_live_feed_get_error (self->feed);
  gboolean was_live = lsc_capture_page_has_trace (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (!was_live)
    {
      if (g_error_matches (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_CANCELLED))
        gtk_widget_activate_action (GTK_WIDGET (self), "win.new-capture", NULL);
      lsc_capture_page_show_trouble (self, _ ("Nothing Was Recorded"),
                                     error == NULL ? _ ("It ended before tracing began.")
                                                   : error->message);
      return;
    }
  lsc_lanes_pane_set_ended (self->pane);
  lsc_note_keeper_set_file (self->keeper, lsc_live_feed_get_path (self->feed), 0);
  guint32 child = lsc_live_feed_get_child (self->feed);
  gboolean ran = self->target != NULL && self->target->kind == LSC_TARGET_COMMAND;
  g_autofree char *status =
      ran ? lsc_live_feed_dup_child_end (self->feed, self->target->argv[0]) : NULL;
  g_autofree char *end = lsc_capture_title_of_end (self->hint, child, status);
  gboolean may_go_on = child != 0 || (error != NULL && self->target != NULL && !ran);
  if (self->target == NULL)
    follow_ended (self);
  if (error != NULL || end != NULL)
    lsc_notice_bar_show (self->notice, error != NULL ? error->message : end,
                         may_go_on ? LSC_NOTICE_GO_ON : LSC_NOTICE_ALONE);
  lsc_capture_page_update_header (self);
}

void
lsc_capture_page_make_feed (LscCapturePage *self)
{
  guint64 memory_max = (guint64) g_settings_get_uint (self->settings, "memory-limit") << 20;
  self->feed = lsc_live_feed_new (memory_max);
  g_signal_connect_swapped (self->feed, "state-changed", G_CALLBACK (feed_state_cb), self);
  g_signal_connect_swapped (self->feed, "limit-reached", G_CALLBACK (feed_limit_cb), self);
  g_signal_connect_swapped (self->feed, "ended", G_CALLBACK (feed_ended_cb), self);
}
