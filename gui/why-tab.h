/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tab "Why": the picked bar in plain words with numbers, and links to everybody it names; how
 * its thread spent what is in view.
 */
#pragma once

#include "gui/critical-strip.h"
#include "gui/pane-tab.h"

#define LSC_TYPE_WHY_TAB (lsc_why_tab_get_type ())
G_DECLARE_FINAL_TYPE (LscWhyTab, lsc_why_tab, LSC, WHY_TAB, GtkWidget)

/* The critical path it tells the shares of; it outlives the tab. */
void lsc_why_tab_set_path (LscWhyTab *self, LscCriticalStrip *path);
