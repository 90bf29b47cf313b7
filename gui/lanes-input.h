/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What hands do to the lanes: wheel, touchpad, pointer and keys, as moves of the view.
 */
#pragma once

#include "gui/lanes-view.h"

/* Adds the keys to the class of the widget. */
void lsc_lanes_input_install (GtkWidgetClass *widget_class);
/* Adds the controllers to one widget, which owns them. */
void lsc_lanes_input_attach (LscLanesView *view);
