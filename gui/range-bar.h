/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The head of a tab that surveys the trace: which range of time is meant, and how far the survey
 * is, with a way to end it.
 *
 * Signals: "changed" (another range is meant), "cancelled".
 */
#pragma once

#include "gui/lanes-view.h"
#include "gui/pane-survey.h"

#define LSC_TYPE_RANGE_BAR (lsc_range_bar_get_type ())
G_DECLARE_FINAL_TYPE (LscRangeBar, lsc_range_bar, LSC, RANGE_BAR, GtkWidget)

/* Shows how far `survey` is. Once; it must not outlive the bar. */
void lsc_range_bar_set_survey (LscRangeBar *self, LscPaneSurvey *survey);
/* The range that is meant: without a selection, what is in view, and that is said. There is a
 * trace. */
LscTimeRange lsc_range_bar_get_range (LscRangeBar *self, LscLanesView *view);
/* Says what was found: "3 locks". */
void lsc_range_bar_set_text (LscRangeBar *self, const char *text);
