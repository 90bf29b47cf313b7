/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/click-window.h"

gboolean
lsc_click_window_is_possible (GtkWidget *widget)
{
  return FALSE;
}

void
lsc_click_window_ask (GtkWidget *widget, LscClickWindowFunc func, gpointer user_data)
{
  func (0, FALSE, user_data);
}
