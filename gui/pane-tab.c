/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/pane-tab.h"

G_DEFINE_INTERFACE (LscPaneTab, lsc_pane_tab, GTK_TYPE_WIDGET)

static void
lsc_pane_tab_default_init (LscPaneTabInterface *interface)
{
}

void
lsc_pane_tab_set_view (LscPaneTab *self, LscLanesView *view)
{
  LSC_PANE_TAB_GET_IFACE (self)->set_view (self, view);
}

void
lsc_pane_tab_refresh (LscPaneTab *self, LscPaneChange change)
{
  LSC_PANE_TAB_GET_IFACE (self)->refresh (self, change);
}
