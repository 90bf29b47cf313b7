/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tab "Statistics": what a thread, a process or all did in the capture, the visible range or
 * the selection, in numbers that lead to where they come from.
 */
#pragma once

#include "gui/pane-tab.h"

#define LSC_TYPE_STATISTICS_TAB (lsc_statistics_tab_get_type ())
G_DECLARE_FINAL_TYPE (LscStatisticsTab, lsc_statistics_tab, LSC, STATISTICS_TAB, GtkWidget)
