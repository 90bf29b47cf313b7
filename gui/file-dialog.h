/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Asks for files and folders. The one place that knows which of GTK's choosers that takes.
 */
#pragma once

#include <gtk/gtk.h>

/* Called when something was chosen; not called when the dialog was dismissed. */
typedef void (*LscFileDialogFunc) (GFile *file, gpointer user_data);

/* Each is modal to the window of `widget`, which stays alive until the dialog is gone and is what
 * `user_data` may belong to. */
void lsc_file_dialog_open_capture (GtkWidget *widget, LscFileDialogFunc func, gpointer user_data);
void lsc_file_dialog_save_capture (GtkWidget *widget,
                                   const char *name,
                                   LscFileDialogFunc func,
                                   gpointer user_data);
/* For a file of any kind; `name` is what it is called at first. */
void lsc_file_dialog_export (GtkWidget *widget,
                             const char *name,
                             LscFileDialogFunc func,
                             gpointer user_data);
void lsc_file_dialog_choose_folder (GtkWidget *widget, LscFileDialogFunc func, gpointer user_data);
