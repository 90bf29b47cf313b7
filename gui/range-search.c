/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/range-search.h"

typedef struct
{
  LscSurvey *survey; /* NULL: none */
  gpointer finding;
} Search;

struct _LscRangeSearch
{
  const LscRangeSearchKind *kind;
  void (*found) (gpointer owner);
  gpointer owner;
  LscRangeBar *bar;
  LscLanesView *view;
  LscPaneSurvey *runner; /* of `next` */
  gboolean asked;
  LscTimeRange range; /* that was asked for last, */
  guint64 revision;   /* and of which state of the trace */
  Search shown;
  Search next;
};

static void
search_clear (LscRangeSearch *self, Search *search)
{
  g_clear_pointer (&search->survey, lsc_survey_free);
  g_clear_pointer (&search->finding, self->kind->free);
}

static void
stop (LscRangeSearch *self)
{
  lsc_pane_survey_stop (self->runner);
  search_clear (self, &self->next);
}

static void
done_cb (gpointer data)
{
  LscRangeSearch *self = data;
  search_clear (self, &self->shown);
  self->shown = self->next;
  self->next = (Search){ NULL, NULL };
  self->found (self->owner);
}

static void
changed_cb (LscRangeSearch *self)
{
  lsc_range_search_refresh (self, LSC_PANE_RANGE);
}

LscRangeSearch *
lsc_range_search_new (const LscRangeSearchKind *kind,
                      void (*found) (gpointer owner),
                      gpointer owner,
                      LscRangeBar *bar)
{
  LscRangeSearch *self = g_new0 (LscRangeSearch, 1);
  self->kind = kind;
  self->found = found;
  self->owner = owner;
  self->bar = bar;
  self->runner = lsc_pane_survey_new (done_cb, self);
  if (bar == NULL)
    return self;
  lsc_range_bar_set_survey (bar, self->runner);
  g_signal_connect_swapped (bar, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (bar, "cancelled", G_CALLBACK (stop), self);
  return self;
}

void
lsc_range_search_free (LscRangeSearch *self)
{
  if (self == NULL)
    return;
  if (self->bar != NULL)
    g_signal_handlers_disconnect_by_data (self->bar, self);
  lsc_range_search_forget (self);
  lsc_pane_survey_free (self->runner);
  g_free (self);
}

void
lsc_range_search_set_view (LscRangeSearch *self, LscLanesView *view)
{
  self->view = view;
}

static const LscTrace *
get_trace (LscRangeSearch *self)
{
  return self->view == NULL ? NULL : lsc_lanes_view_get_trace (self->view);
}

gboolean
lsc_range_search_refresh (LscRangeSearch *self, LscPaneChange change)
{
  const LscTrace *trace = (change & LSC_PANE_TRACE) != 0 ? NULL : get_trace (self);
  if (trace == NULL)
    {
      lsc_range_search_forget (self);
      return FALSE;
    }
  LscTimeRange range = self->bar == NULL ? lsc_lanes_view_get_visible (self->view)
                                         : lsc_range_bar_get_range (self->bar, self->view);
  gboolean same_range = range.from_ns == self->range.from_ns && range.to_ns == self->range.to_ns;
  gboolean grown = lsc_trace_get_revision (trace) != self->revision;
  if (self->asked && same_range && !grown)
    return TRUE;
  /* while it grows, each answer is soon an old one */
  if (change == LSC_PANE_GROWN && !lsc_pane_survey_may_repeat (self->runner))
    return TRUE;
  self->range = range;
  lsc_range_search_repeat (self);
  return TRUE;
}

void
lsc_range_search_repeat (LscRangeSearch *self)
{
  const LscTrace *trace = get_trace (self);
  stop (self);
  self->asked = TRUE;
  self->revision = lsc_trace_get_revision (trace);
  self->next.survey = lsc_survey_new (trace, self->range.from_ns, self->range.to_ns, LSC_SURVEY_ALL,
                                      LSC_SURVEY_ALL);
  self->next.finding = self->kind->join (self->next.survey, self->owner);
  lsc_pane_survey_start (self->runner, self->next.survey);
}

void
lsc_range_search_forget (LscRangeSearch *self)
{
  stop (self);
  search_clear (self, &self->shown);
  self->asked = FALSE;
}

gpointer
lsc_range_search_get (LscRangeSearch *self)
{
  return self->shown.finding;
}
