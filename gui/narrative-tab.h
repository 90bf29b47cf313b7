/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tab "Narrative": the story of the picked thread, a sentence for each thing it did. What is
 * chosen in it is picked in the lanes, and the other way round.
 */
#pragma once

#include "gui/pane-tab.h"

#define LSC_TYPE_NARRATIVE_TAB (lsc_narrative_tab_get_type ())
G_DECLARE_FINAL_TYPE (LscNarrativeTab, lsc_narrative_tab, LSC, NARRATIVE_TAB, GtkWidget)
