/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tab "Locks": the locks of a range by how long threads waited for them, and what is known of
 * the chosen one.
 */
#pragma once

#include "gui/pane-tab.h"

#define LSC_TYPE_LOCKS_TAB (lsc_locks_tab_get_type ())
G_DECLARE_FINAL_TYPE (LscLocksTab, lsc_locks_tab, LSC, LOCKS_TAB, GtkWidget)
