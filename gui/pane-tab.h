/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A tab of the side pane: a widget that tells something about the lanes beside it.
 *
 * The pane says what has changed; a tab that is not seen hears of it when it is shown next, all at
 * once. A tab takes a few milliseconds for a refresh: what needs more it leaves to an LscAnalysis.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_PANE_TAB (lsc_pane_tab_get_type ())
G_DECLARE_INTERFACE (LscPaneTab, lsc_pane_tab, LSC, PANE_TAB, GtkWidget)

typedef enum
{
  LSC_PANE_TRACE = 1 << 0, /* another trace, or none: nothing of the one before may be touched */
  LSC_PANE_PICK = 1 << 1,  /* another bar or lane is picked */
  LSC_PANE_RANGE = 1 << 2, /* another range of time is visible or selected */
  LSC_PANE_GROWN = 1 << 3, /* the trace has grown */
  LSC_PANE_WORDS = 1 << 4, /* plain words or the kernel's */
} LscPaneChange;

struct _LscPaneTabInterface
{
  GTypeInterface parent_interface;

  /* The lanes it tells about. Once; they outlive the tab. */
  void (*set_view) (LscPaneTab *self, LscLanesView *view);
  /* `change` holds LSC_PANE_* bits; LSC_PANE_TRACE comes at once, whether the tab is seen or not.
   */
  void (*refresh) (LscPaneTab *self, LscPaneChange change);
};

void lsc_pane_tab_set_view (LscPaneTab *self, LscLanesView *view);
void lsc_pane_tab_refresh (LscPaneTab *self, LscPaneChange change);
