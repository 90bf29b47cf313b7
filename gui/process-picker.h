/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The page on which a person finds a running process and starts to watch it.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_PROCESS_PICKER (lsc_process_picker_get_type ())
G_DECLARE_FINAL_TYPE (LscProcessPicker, lsc_process_picker, LSC, PROCESS_PICKER, GtkWidget)

/* Puts the keyboard into the search entry. */
void lsc_process_picker_focus_search (LscProcessPicker *self);
