/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/file-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *widget;
  GtkFileChooserNative *dialog;
  LscFileDialogFunc func;
  gpointer user_data;
} Question;

static void
response_cb (GtkNativeDialog *dialog, int response, Question *question)
{
  g_autoptr (GFile) file = NULL;
  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    question->func (file, question->user_data);
  g_object_unref (question->dialog);
  g_object_unref (question->widget);
  g_free (question);
}

static const char *const captures[] = { "*.lanes", NULL };
static const char *const all[] = { "*", NULL };
/* What such files are called by default; their content decides what they are. */
static const char *const openable[] = {
  "*.lanes",           "trace*.dat", "*.dat", "perf.data*", "*.perf.data", "*.data", "*.perfetto",
  "*.perfetto-trace*", "*.pftrace*", "*.pb",  "*.trace",    "*.txt",       NULL,
};

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; patterns[i] != NULL; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
ask (GtkFileChooserNative *dialog, GtkWidget *widget, LscFileDialogFunc func, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);
  question->dialog = dialog;
  question->widget = g_object_ref (widget);
  question->func = func;
  question->user_data = user_data;
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), question);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static GtkFileChooserNative *
make (GtkWidget *widget, const char *title, GtkFileChooserAction action, const char *accept)
{
  return gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (widget)), action,
                                      accept, _ ("_Cancel"));
}

void
lsc_file_dialog_open_capture (GtkWidget *widget, LscFileDialogFunc func, gpointer user_data)
{
  GtkFileChooserNative *dialog =
      make (widget, _ ("Open a Capture"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"));
  add_filter (GTK_FILE_CHOOSER (dialog), _ ("Captures and traces"), openable);
  add_filter (GTK_FILE_CHOOSER (dialog), _ ("Captures (*.lanes)"), captures);
  add_filter (GTK_FILE_CHOOSER (dialog), _ ("All files"), all);
  ask (dialog, widget, func, user_data);
}

void
lsc_file_dialog_save_capture (GtkWidget *widget,
                              const char *name,
                              LscFileDialogFunc func,
                              gpointer user_data)
{
  GtkFileChooserNative *dialog =
      make (widget, _ ("Save the Capture"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));
  add_filter (GTK_FILE_CHOOSER (dialog), _ ("Captures (*.lanes)"), captures);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  ask (dialog, widget, func, user_data);
}

void
lsc_file_dialog_export (GtkWidget *widget,
                        const char *name,
                        LscFileDialogFunc func,
                        gpointer user_data)
{
  GtkFileChooserNative *dialog =
      make (widget, _ ("Export"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  ask (dialog, widget, func, user_data);
}

void
lsc_file_dialog_choose_folder (GtkWidget *widget, LscFileDialogFunc func, gpointer user_data)
{
  GtkFileChooserNative *dialog =
      make (widget, _ ("Choose a Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose"));
  ask (dialog, widget, func, user_data);
}
