/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The button in the corner above the lanes' names: says which lanes stand above, and has the menu
 * that changes it.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_ORDER_BUTTON (lsc_order_button_get_type ())
G_DECLARE_FINAL_TYPE (LscOrderButton, lsc_order_button, LSC, ORDER_BUTTON, GtkWidget)

/* The lanes it is for, once; its actions go into `actions` (the group "lanes"). */
void
lsc_order_button_set_view (LscOrderButton *self, LscLanesView *view, GSimpleActionGroup *actions);
