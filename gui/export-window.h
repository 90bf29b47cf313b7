/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The window that exports: in which form, which part, and where to; then how far it is.
 */
#pragma once

#include "gui/lanes-view.h"
#include "gui/note-keeper.h"

#include <adwaita.h>

#define LSC_TYPE_EXPORT_WINDOW (lsc_export_window_get_type ())
G_DECLARE_FINAL_TYPE (LscExportWindow, lsc_export_window, LSC, EXPORT_WINDOW, AdwWindow)

/* Over the window of `view`, whose trace comes from the file `source`; `name` is what files are
 * called at first, without an ending; `keeper` knows what is written on the trace. */
LscExportWindow *lsc_export_window_new (LscLanesView *view,
                                        LscNoteKeeper *keeper,
                                        const char *source,
                                        const char *name);
