/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/frame-pace.h"

void
lsc_frame_pace_watch (GtkWidget *window)
{
}
