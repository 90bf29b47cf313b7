/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs a survey of the trace beside the window's work: a short step whenever nothing else is to be
 * done, so that no frame waits for it.
 */
#pragma once

#include "lib/explain/survey.h"

#include <gtk/gtk.h>

typedef struct _LscPaneSurvey LscPaneSurvey;

/* `done` is called with `data` each time a survey is over. */
LscPaneSurvey *lsc_pane_survey_new (void (*done) (gpointer data), gpointer data);
void lsc_pane_survey_free (LscPaneSurvey *self);

/* Begins `survey` in place of the one that runs. It must stay, with its listeners, until done or
 * stopped. */
void lsc_pane_survey_start (LscPaneSurvey *self, LscSurvey *survey);
void lsc_pane_survey_stop (LscPaneSurvey *self);
/* Shown, and moved on, while a survey takes more than half a second; NULL: none. */
void lsc_pane_survey_set_progress (LscPaneSurvey *self, GtkWidget *box, GtkProgressBar *bar);
/* A growing trace is surveyed again and again: whether enough time has gone by since the last one
 * for another, so that they take at most a fifth of the window's time. */
gboolean lsc_pane_survey_may_repeat (LscPaneSurvey *self);
