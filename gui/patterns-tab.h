/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tab "Patterns": what stands out in a range, with the evidence, the doubt, and the place.
 */
#pragma once

#include "gui/pane-tab.h"

#define LSC_TYPE_PATTERNS_TAB (lsc_patterns_tab_get_type ())
G_DECLARE_FINAL_TYPE (LscPatternsTab, lsc_patterns_tab, LSC, PATTERNS_TAB, GtkWidget)
