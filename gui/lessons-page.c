/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lessons-page.h"

#include "gui/pages.h"
#include "gui/places.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* One group of lessons.ini. */
typedef struct
{
  char *title;
  char *summary;
  char *command;
  char *source;
  char *question;
  char *look_for;
} Lesson;

struct _LscLessonsPage
{
  GtkWidget parent_instance;
  GtkStack *stack;
  AdwStatusPage *trouble;
  GtkListBox *list;
  GtkLabel *question_label;
  GtkButton *source_button;
  GtkButton *start_button;
  GPtrArray *lessons; /* Lesson */
  char *folder;
};

G_DEFINE_FINAL_TYPE (LscLessonsPage, lsc_lessons_page, GTK_TYPE_WIDGET)

static void
lesson_free (gpointer data)
{
  Lesson *self = data;
  g_free (self->title);
  g_free (self->summary);
  g_free (self->command);
  g_free (self->source);
  g_free (self->question);
  g_free (self->look_for);
  g_free (self);
}

static Lesson *
read_lesson (GKeyFile *file, const char *group)
{
  Lesson *self = g_new0 (Lesson, 1);
  self->title = g_key_file_get_locale_string (file, group, "Title", NULL, NULL);
  self->summary = g_key_file_get_locale_string (file, group, "Summary", NULL, NULL);
  self->command = g_key_file_get_string (file, group, "Command", NULL);
  self->source = g_key_file_get_string (file, group, "Source", NULL);
  self->question = g_key_file_get_locale_string (file, group, "Question", NULL, NULL);
  self->look_for = g_key_file_get_locale_string (file, group, "LookFor", NULL, NULL);
  if (self->title != NULL && self->command != NULL)
    return self;
  lesson_free (self);
  return NULL;
}

static Lesson *
get_chosen (LscLessonsPage *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  return row == NULL ? NULL : self->lessons->pdata[gtk_list_box_row_get_index (row)];
}

static void
chosen_cb (LscLessonsPage *self)
{
  if (self->stack == NULL) /* the list is emptied when the page goes */
    return;
  const Lesson *lesson = get_chosen (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), lesson != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->source_button),
                            lesson != NULL && lesson->source != NULL);
  gtk_label_set_text (self->question_label,
                      lesson == NULL || lesson->question == NULL ? "" : lesson->question);
}

static void
start (LscLessonsPage *self)
{
  const Lesson *lesson = get_chosen (self);
  g_auto (GStrv) argv = NULL;
  if (lesson == NULL || !g_shell_parse_argv (lesson->command, NULL, &argv, NULL))
    return;
  g_autofree char *program = g_build_filename (self->folder, argv[0], NULL);
  g_free (argv[0]);
  argv[0] = g_steal_pointer (&program);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.trace-command", "(^asssb)", argv,
                              self->folder, lesson->look_for == NULL ? "" : lesson->look_for, TRUE);
}

static void
show_source_cb (LscLessonsPage *self)
{
  const Lesson *lesson = get_chosen (self);
  if (lesson == NULL || lesson->source == NULL)
    return;
  g_autofree char *path = g_build_filename (self->folder, lesson->source, NULL);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-text", "s", path);
}

static void
add_row (LscLessonsPage *self, const Lesson *lesson)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), lesson->title);
  if (lesson->summary != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), lesson->summary);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_list_box_append (self->list, row);
}

static void
show_trouble (LscLessonsPage *self, const char *path, const char *why)
{
  g_autofree char *text = g_strdup_printf (
      _ ("%s could not be read: %s. Install Lanescope again to have the lessons."), path, why);
  adw_status_page_set_description (self->trouble, text);
  lsc_pages_show (self->stack, "trouble");
}

static void
read_lessons (LscLessonsPage *self)
{
  g_autofree char *path = g_build_filename (self->folder, "lessons.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    {
      show_trouble (self, path, error->message);
      return;
    }
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      Lesson *lesson = read_lesson (file, groups[i]);
      if (lesson == NULL)
        continue;
      g_ptr_array_add (self->lessons, lesson);
      add_row (self, lesson);
    }
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
lsc_lessons_page_dispose (GObject *object)
{
  LscLessonsPage *self = LSC_LESSONS_PAGE (object);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->stack)));
  g_clear_pointer (&self->lessons, g_ptr_array_unref);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (lsc_lessons_page_parent_class)->dispose (object);
}

static void
lsc_lessons_page_class_init (LscLessonsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_lessons_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/lessons-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LscLessonsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LscLessonsPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, LscLessonsPage, list);
  gtk_widget_class_bind_template_child (widget_class, LscLessonsPage, question_label);
  gtk_widget_class_bind_template_child (widget_class, LscLessonsPage, source_button);
  gtk_widget_class_bind_template_child (widget_class, LscLessonsPage, start_button);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, start);
  gtk_widget_class_bind_template_callback (widget_class, show_source_cb);
}

static void
lsc_lessons_page_init (LscLessonsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->lessons = g_ptr_array_new_with_free_func (lesson_free);
  self->folder = lsc_places_dup_lessons_dir ();
  read_lessons (self);
}
