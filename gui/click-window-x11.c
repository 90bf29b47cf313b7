/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/click-window.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/cursorfont.h>
#include <gdk/x11/gdkx.h>
#include <glib-unix.h>

#define WAIT_SECONDS 30
#define GRAB_TRIES 20u /* the click on our own button may still hold the pointer */
#define GRAB_RETRY_MS 50
#define DEPTH_MAX 4u /* of a window manager's frames */

typedef struct
{
  GtkWidget *widget;
  LscClickWindowFunc func;
  gpointer user_data;
  Display *display; /* a connection of its own: GDK's sees nothing of this */
  Cursor cursor;
  guint tries;
  guint watch;
  guint timeout;
} Question;

static void
answer (Question *self, guint32 pid, gboolean clicked)
{
  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->display != NULL)
    {
      XUngrabPointer (self->display, CurrentTime);
      XUngrabKeyboard (self->display, CurrentTime);
      XFreeCursor (self->display, self->cursor);
      XCloseDisplay (self->display);
    }
  self->func (pid, clicked, self->user_data);
  g_object_unref (self->widget);
  g_free (self);
}

static guint32
read_pid (Display *display, Window window)
{
  Atom type = None;
  int format = 0;
  unsigned long n_items = 0;
  unsigned long n_left = 0;
  unsigned char *data = NULL;
  guint32 pid = 0;
  if (XGetWindowProperty (display, window, XInternAtom (display, "_NET_WM_PID", False), 0, 1, False,
                          XA_CARDINAL, &type, &format, &n_items, &n_left, &data)
          == Success
      && type == XA_CARDINAL && format == 32 && n_items == 1)
    pid = (guint32) * (unsigned long *) (void *) data;
  if (data != NULL)
    XFree (data);
  return pid;
}

/* The process of `window`, or of the client inside the frames a window manager put around it. */
static guint32
find_pid (Display *display, Window window, guint depth)
{
  Window root = None;
  Window parent = None;
  Window *children = NULL;
  unsigned int n_children = 0;
  guint32 pid = read_pid (display, window);
  if (pid != 0 || depth == 0
      || !XQueryTree (display, window, &root, &parent, &children, &n_children))
    return pid;
  for (unsigned int i = 0; i < n_children && pid == 0; i++)
    pid = find_pid (display, children[i], depth - 1);
  if (children != NULL)
    XFree (children);
  return pid;
}

static gboolean
event_cb (gint fd, GIOCondition condition, gpointer data)
{
  Question *self = data;
  while (XPending (self->display) > 0)
    {
      XEvent event;
      XNextEvent (self->display, &event);
      if (event.type == ButtonPress && event.xbutton.subwindow != None)
        {
          self->watch = 0;
          answer (self, find_pid (self->display, event.xbutton.subwindow, DEPTH_MAX), TRUE);
          return G_SOURCE_REMOVE;
        }
      if (event.type == KeyPress || event.type == ButtonPress)
        {
          self->watch = 0;
          answer (self, 0, FALSE);
          return G_SOURCE_REMOVE;
        }
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
timeout_cb (gpointer data)
{
  Question *self = data;
  self->timeout = 0;
  answer (self, 0, FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
grab_cb (gpointer data)
{
  Question *self = data;
  Window root = DefaultRootWindow (self->display);
  int status = XGrabPointer (self->display, root, False, ButtonPressMask, GrabModeAsync,
                             GrabModeAsync, root, self->cursor, CurrentTime);
  if (status != GrabSuccess && self->tries++ < GRAB_TRIES)
    return G_SOURCE_CONTINUE;
  self->timeout = 0;
  if (status != GrabSuccess)
    {
      answer (self, 0, FALSE);
      return G_SOURCE_REMOVE;
    }
  XGrabKeyboard (self->display, root, False, GrabModeAsync, GrabModeAsync, CurrentTime);
  XFlush (self->display);
  self->watch = g_unix_fd_add (ConnectionNumber (self->display), G_IO_IN, event_cb, self);
  self->timeout = g_timeout_add_seconds (WAIT_SECONDS, timeout_cb, self);
  return G_SOURCE_REMOVE;
}

gboolean
lsc_click_window_is_possible (GtkWidget *widget)
{
  return GDK_IS_X11_DISPLAY (gtk_widget_get_display (widget));
}

void
lsc_click_window_ask (GtkWidget *widget, LscClickWindowFunc func, gpointer user_data)
{
  Question *self = g_new0 (Question, 1);
  self->widget = g_object_ref (widget);
  self->func = func;
  self->user_data = user_data;
  self->display = XOpenDisplay (gdk_display_get_name (gtk_widget_get_display (widget)));
  if (self->display == NULL)
    {
      answer (self, 0, FALSE);
      return;
    }
  self->cursor = XCreateFontCursor (self->display, XC_crosshair);
  self->timeout = g_timeout_add (GRAB_RETRY_MS, grab_cb, self);
}
