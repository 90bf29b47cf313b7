/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/run-program.h"

#include "gui/file-dialog.h"
#include "gui/places.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define KEY "recent-commands"
#define REMEMBERED_MAX 8u

struct _LscRunProgram
{
  GtkWidget parent_instance;
  GtkWidget *root;
  AdwEntryRow *command_row;
  AdwEntryRow *arguments_row;
  AdwEntryRow *folder_row;
  GtkSwitch *children_switch;
  GtkLabel *problem_label;
  GtkButton *start_button;
  AdwPreferencesGroup *recent_group;
  GtkListBox *recent_list;
  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (LscRunProgram, lsc_run_program, GTK_TYPE_WIDGET)

static const char *
text_of (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

/* The words of the command, as a shell would split them. NULL: there are none; with a sentence when
 * something is wrong with them. */
static char **
split (LscRunProgram *self, const char **out_problem)
{
  g_autofree char *line =
      g_strdup_printf ("%s %s", text_of (self->command_row), text_of (self->arguments_row));
  g_autoptr (GError) error = NULL;
  char **argv = NULL;
  if (!g_shell_parse_argv (line, NULL, &argv, &error)
      && !g_error_matches (error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
    *out_problem =
        _ ("A quotation mark is not closed, or nothing follows a backslash. Close it, or "
           "put a backslash before a mark that is part of a word.");
  return argv;
}

/* Where the program is to run: a person's own folder may be written as in a shell. */
static char *
dup_folder (LscRunProgram *self)
{
  const char *text = text_of (self->folder_row);
  if (g_str_equal (text, "~") || g_str_has_prefix (text, "~/"))
    return g_build_filename (g_get_home_dir (), text + 1, NULL);
  return g_strdup (text);
}

static void
changed_cb (LscRunProgram *self)
{
  if (self->root == NULL) /* the entries are emptied when the page goes */
    return;
  gboolean empty = text_of (self->command_row)[0] == '\0';
  const char *problem = NULL;
  g_auto (GStrv) argv = empty ? NULL : split (self, &problem);
  gtk_label_set_text (self->problem_label, problem == NULL ? "" : problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), argv != NULL);
}

static void
recent_cb (GtkListBoxRow *row, LscRunProgram *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->command_row),
                         g_object_get_data (G_OBJECT (row), "command"));
  gtk_editable_set_text (GTK_EDITABLE (self->arguments_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->folder_row),
                         g_object_get_data (G_OBJECT (row), "folder"));
  gtk_widget_grab_focus (GTK_WIDGET (self->start_button));
}

static void
show_recent (LscRunProgram *self)
{
  GtkWidget *child = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->recent_list))) != NULL)
    gtk_list_box_remove (self->recent_list, child);
  g_autoptr (GVariant) list = g_settings_get_value (self->settings, KEY);
  GVariantIter iter;
  const char *command = NULL;
  const char *folder = NULL;
  g_variant_iter_init (&iter, list);
  gtk_widget_set_visible (GTK_WIDGET (self->recent_group), g_variant_n_children (list) > 0);
  while (g_variant_iter_next (&iter, "(&s&s)", &command, &folder))
    {
      GtkWidget *row = adw_action_row_new ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), command);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
      if (folder[0] != '\0')
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row), folder);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "command", g_strdup (command), g_free);
      g_object_set_data_full (G_OBJECT (row), "folder", g_strdup (folder), g_free);
      g_signal_connect (row, "activated", G_CALLBACK (recent_cb), self);
      gtk_list_box_append (self->recent_list, row);
    }
}

static void
remember (LscRunProgram *self, const char *command, const char *folder)
{
  g_autoptr (GVariant) list = g_settings_get_value (self->settings, KEY);
  GVariantBuilder builder;
  GVariantIter iter;
  const char *other = NULL;
  const char *other_folder = NULL;
  guint n = 1;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&builder, "(ss)", command, folder);
  g_variant_iter_init (&iter, list);
  while (n < REMEMBERED_MAX && g_variant_iter_next (&iter, "(&s&s)", &other, &other_folder))
    if (!g_str_equal (other, command) || !g_str_equal (other_folder, folder))
      {
        g_variant_builder_add (&builder, "(ss)", other, other_folder);
        n++;
      }
  g_settings_set_value (self->settings, KEY, g_variant_builder_end (&builder));
  show_recent (self);
}

static void
start (LscRunProgram *self)
{
  const char *problem = NULL;
  g_auto (GStrv) argv = text_of (self->command_row)[0] == '\0' ? NULL : split (self, &problem);
  if (argv == NULL)
    return;
  g_autofree char *folder = dup_folder (self);
  g_autofree char *line = g_strstrip (
      g_strdup_printf ("%s %s", text_of (self->command_row), text_of (self->arguments_row)));
  remember (self, line, folder);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.trace-command", "(^asssb)", argv, folder, "",
                              gtk_switch_get_active (self->children_switch));
}

static void
folder_chosen_cb (GFile *folder, gpointer data)
{
  LscRunProgram *self = data;
  g_autofree char *path = g_file_get_path (folder);
  if (path != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->folder_row), path);
}

static void
choose_folder_cb (LscRunProgram *self)
{
  lsc_file_dialog_choose_folder (GTK_WIDGET (self), folder_chosen_cb, self);
}

static void
lsc_run_program_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lsc_run_program_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (LSC_RUN_PROGRAM (widget)->command_row));
}

static void
lsc_run_program_dispose (GObject *object)
{
  LscRunProgram *self = LSC_RUN_PROGRAM (object);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lsc_run_program_parent_class)->dispose (object);
}

static void
lsc_run_program_class_init (LscRunProgramClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_run_program_dispose;
  widget_class->map = lsc_run_program_map;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/run-program.ui");
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, root);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, command_row);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, arguments_row);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, folder_row);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, children_switch);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, start_button);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, recent_group);
  gtk_widget_class_bind_template_child (widget_class, LscRunProgram, recent_list);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, start);
  gtk_widget_class_bind_template_callback (widget_class, choose_folder_cb);
}

static void
lsc_run_program_init (LscRunProgram *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = lsc_places_new_settings (NULL);
  g_settings_bind (self->settings, "follow-children", self->children_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  show_recent (self);
  changed_cb (self);
}
