/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-output.h"

#include "gui/capture-title.h"
#include "gui/export-window.h"
#include "gui/lanes-picture.h"

/* What files are called at first, without an ending. */
static char *
dup_name (LscCapturePage *page)
{
  char *name = lsc_capture_title_to_file_name (lsc_capture_page_get_title (page));
  char *ending = strrchr (name, '.');
  if (ending != NULL)
    *ending = '\0';
  return name;
}

void
lsc_capture_output_export (LscCapturePage *page)
{
  LscLanesView *view = lsc_capture_page_get_view (page);
  g_autofree char *path = lsc_capture_page_dup_path (page);
  if (view == NULL || path == NULL)
    return;
  g_autofree char *name = dup_name (page);
  gtk_window_present (
      GTK_WINDOW (lsc_export_window_new (view, lsc_capture_page_get_keeper (page), path, name)));
}

void
lsc_capture_output_copy (LscCapturePage *page)
{
  LscLanesView *view = lsc_capture_page_get_view (page);
  if (view != NULL)
    lsc_lanes_picture_copy (view);
}

void
lsc_capture_output_print (LscCapturePage *page)
{
  LscLanesView *view = lsc_capture_page_get_view (page);
  g_autofree char *name = dup_name (page);
  if (view != NULL)
    lsc_lanes_picture_print (view, name);
}
