/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/pane-survey.h"

#define STEP (LSC_SURVEY_STEP / 4) /* spans; about a millisecond with many listeners */
#define STEPS_US 4000
#define SHOWN_US (G_USEC_PER_SEC / 2)
#define REST 4 /* times as long as it worked */

struct _LscPaneSurvey
{
  void (*done) (gpointer data);
  gpointer data;
  LscSurvey *survey; /* that runs, or NULL */
  guint source;
  gint64 started_us;
  gint64 worked_us; /* on the present survey, or the last one */
  gint64 ended_us;
  GtkWidget *box;
  GtkProgressBar *bar;
};

LscPaneSurvey *
lsc_pane_survey_new (void (*done) (gpointer data), gpointer data)
{
  LscPaneSurvey *self = g_new0 (LscPaneSurvey, 1);
  self->done = done;
  self->data = data;
  return self;
}

void
lsc_pane_survey_free (LscPaneSurvey *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_free (self);
}

static void
show_progress (LscPaneSurvey *self, gint64 now_us)
{
  gboolean shown = self->survey != NULL && now_us - self->started_us > SHOWN_US;
  if (self->box == NULL)
    return;
  gtk_widget_set_visible (self->box, shown);
  if (shown)
    gtk_progress_bar_set_fraction (self->bar, lsc_survey_get_progress (self->survey));
}

static gboolean
step_cb (gpointer data)
{
  LscPaneSurvey *self = data;
  gint64 began_us = g_get_monotonic_time ();
  gint64 now_us = began_us;
  gboolean more = TRUE;
  while (more && now_us - began_us < STEPS_US)
    {
      more = lsc_survey_step (self->survey, STEP);
      now_us = g_get_monotonic_time ();
    }
  self->worked_us += now_us - began_us;
  if (more)
    {
      show_progress (self, now_us);
      return G_SOURCE_CONTINUE;
    }
  self->source = 0;
  self->survey = NULL;
  self->ended_us = now_us;
  show_progress (self, now_us);
  self->done (self->data);
  return G_SOURCE_REMOVE;
}

void
lsc_pane_survey_start (LscPaneSurvey *self, LscSurvey *survey)
{
  lsc_pane_survey_stop (self);
  self->survey = survey;
  self->started_us = g_get_monotonic_time ();
  self->worked_us = 0;
  self->source = g_idle_add (step_cb, self);
}

void
lsc_pane_survey_stop (LscPaneSurvey *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->survey = NULL;
  show_progress (self, g_get_monotonic_time ());
}

void
lsc_pane_survey_set_progress (LscPaneSurvey *self, GtkWidget *box, GtkProgressBar *bar)
{
  self->box = box;
  self->bar = bar;
}

gboolean
lsc_pane_survey_may_repeat (LscPaneSurvey *self)
{
  return self->survey == NULL && g_get_monotonic_time () - self->ended_us >= REST * self->worked_us;
}
