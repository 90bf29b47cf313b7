/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a tab finds by surveying a range of the trace: asked anew when the range is another or the
 * trace has grown. What was found last stays until the next survey is over.
 */
#pragma once

#include "gui/pane-tab.h"
#include "gui/range-bar.h"

typedef struct
{
  /* A survey is about to begin: joins it. The finding that is returned fills with it. */
  gpointer (*join) (LscSurvey *survey, gpointer owner);
  GDestroyNotify free;
} LscRangeSearchKind;

typedef struct _LscRangeSearch LscRangeSearch;

/* `found` is called with `owner` when there is a new finding. `bar` says which range is meant,
 * shows how far the search is and can end it; NULL: what is in view. It, `kind` and `owner` outlive
 * the search. */
LscRangeSearch *lsc_range_search_new (const LscRangeSearchKind *kind,
                                      void (*found) (gpointer owner),
                                      gpointer owner,
                                      LscRangeBar *bar);
void lsc_range_search_free (LscRangeSearch *self);
/* Once. */
void lsc_range_search_set_view (LscRangeSearch *self, LscLanesView *view);

/* As a tab's hook of that name. FALSE when there is nothing to search: all is forgotten. */
gboolean lsc_range_search_refresh (LscRangeSearch *self, LscPaneChange change);
/* The same range once more: the owner wants to know more of it. */
void lsc_range_search_repeat (LscRangeSearch *self);
void lsc_range_search_forget (LscRangeSearch *self);

/* What was found last; NULL before. It lives until the next is found. */
gpointer lsc_range_search_get (LscRangeSearch *self);
