/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The window: the start page or a capture, with toasts over both.
 */
#pragma once

#include "lib/client/target.h"

#include <adwaita.h>

#define LSC_TYPE_WINDOW (lsc_window_get_type ())
G_DECLARE_FINAL_TYPE (LscWindow, lsc_window, LSC, WINDOW, AdwApplicationWindow)

LscWindow *lsc_window_new (GtkApplication *application);

/* Begins a capture. While another one runs, offers to stop and keep that first. */
void lsc_window_trace (LscWindow *self, const LscTarget *target);
/* Opens a capture file, in the same way. */
void lsc_window_open (LscWindow *self, GFile *file);
