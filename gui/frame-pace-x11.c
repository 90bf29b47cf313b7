/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/frame-pace.h"

#include <gdk/x11/gdkx.h>

/* A window manager may come later. */
static void
update_cb (GtkWidget *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));
  if (surface == NULL)
    return;
  GdkX11Screen *screen = gdk_x11_display_get_screen (gdk_surface_get_display (surface));
  const char *name = gdk_x11_screen_get_window_manager_name (screen);
  gdk_x11_surface_set_frame_sync_enabled (surface, !g_str_equal (name, "unknown"));
}

static void
realize_cb (GtkWidget *window)
{
  GdkDisplay *display = gtk_widget_get_display (window);
  if (!GDK_IS_X11_DISPLAY (display))
    return;
  g_signal_connect_object (gdk_x11_display_get_screen (display), "window-manager-changed",
                           G_CALLBACK (update_cb), window, G_CONNECT_SWAPPED);
  update_cb (window);
}

void
lsc_frame_pace_watch (GtkWidget *window)
{
  g_signal_connect (window, "realize", G_CALLBACK (realize_cb), NULL);
}
