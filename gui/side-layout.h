/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Places a pane beside what a widget is about, at its end. Where there is no room for both the pane
 * goes by itself, and comes back with the room; who asks for it nevertheless has it above the rest.
 *
 * Where everything is follows from the width alone, so nothing is ever half way.
 *
 * Signals: "changed" (the pane is shown or gone, by itself or because it was asked for).
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_SIDE_LAYOUT (lsc_side_layout_get_type ())
G_DECLARE_FINAL_TYPE (LscSideLayout, lsc_side_layout, LSC, SIDE_LAYOUT, GtkLayoutManager)

/* Both are children of the widget that is laid out, the pane the later one. */
GtkLayoutManager *lsc_side_layout_new (GtkWidget *content, GtkWidget *pane);

/* What a person asks for. `now`: also where there is no room, until there has been. */
void lsc_side_layout_want (LscSideLayout *self, gboolean wanted, gboolean now);
gboolean lsc_side_layout_is_shown (LscSideLayout *self);
