/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-output.h"

#include "gui/capture-title.h"
#include "gui/export-window.h"
#include "gui/lanes-picture.h"

#include <glib/gi18n.h>

void
lsc_capture_output_export (LscCapturePage *page)
{
  LscLanesView *view = lsc_capture_page_get_view (page);
  g_autofree char *path = lsc_capture_page_dup_path (page);
  if (view == NULL || path == NULL)
    return;
  g_autofree char *name = lsc_capture_title_to_file_name (lsc_capture_page_get_title (page));
  char *ending = strrchr (name, '.');
  if (ending != NULL)
    *ending = '\0';
  gtk_window_present (GTK_WINDOW (lsc_export_window_new (view, path, name)));
}

void
lsc_capture_output_copy (LscCapturePage *page)
{
  LscLanesView *view = lsc_capture_page_get_view (page);
  g_autoptr (GError) error = NULL;
  if (view == NULL)
    return;
  gboolean copied = lsc_lanes_picture_copy (view, &error);
  gtk_widget_activate_action (GTK_WIDGET (page), "win.toast", "s",
                              copied ? _ ("Copied as a picture") : error->message);
}

void
lsc_capture_output_print (LscCapturePage *page)
{
  LscLanesView *view = lsc_capture_page_get_view (page);
  if (view != NULL)
    lsc_lanes_picture_print (view, lsc_capture_page_get_title (page));
}
