/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/application.h"

#include "gui/places.h"
#include "gui/preferences.h"
#include "gui/window.h"
#include "lib/client/target.h"

#include "lsc-config.h"

#include <glib/gi18n.h>

struct _LscApplication
{
  AdwApplication parent_instance;
  const LscCommandLine *line;
  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (LscApplication, lsc_application, ADW_TYPE_APPLICATION)

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (data));
  while (windows != NULL)
    {
      GtkWindow *window = windows->data;
      windows = windows->next;
      gtk_window_close (window);
    }
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const char *const developers[] = { "The Lanescope authors", NULL };
  adw_show_about_window (
      gtk_application_get_active_window (GTK_APPLICATION (data)), "application-name", "Lanescope",
      "application-icon", LSC_APP_ID, "version", LSC_VERSION, "developer-name",
      _ ("The Lanescope authors"), "developers", developers, "license-type", GTK_LICENSE_GPL_2_0,
      "comments",
      _ ("See what the threads of a running program really do: a lane per thread, a bar per "
         "stretch of running, waiting and sleeping."),
      NULL);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWidget *window = lsc_preferences_new ();
  gtk_window_set_transient_for (GTK_WINDOW (window),
                                gtk_application_get_active_window (GTK_APPLICATION (data)));
  gtk_window_present (GTK_WINDOW (window));
}

static const GActionEntry actions[] = {
  { .name = "quit", .activate = quit_cb },
  { .name = "about", .activate = about_cb },
  { .name = "preferences", .activate = preferences_cb },
};

typedef struct
{
  const char *action;
  const char *keys[4];
} Accelerator;

static const Accelerator accelerators[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "win.show-help-overlay", { "<Control>question", "F1" } },
  { "win.new-capture", { "<Control>n" } },
  { "win.open-dialog", { "<Control>o" } },
  { "win.save", { "<Control>s" } },
  { "win.export", { "<Control>e" } },
  { "win.copy-picture", { "<Control><Shift>c" } },
  { "win.print", { "<Control>p" } },
  { "win.stop", { "<Control>period" } },
  { "win.find", { "<Control>f" } },
  { "win.menu", { "F10" } },
  { "window.close", { "<Control>w" } },
};

static void
style_cb (LscApplication *self)
{
  adw_style_manager_set_color_scheme (
      adw_style_manager_get_default (),
      (AdwColorScheme) g_settings_get_enum (self->settings, "theme"));
}

static void
lsc_application_startup (GApplication *application)
{
  LscApplication *self = LSC_APPLICATION (application);
  G_APPLICATION_CLASS (lsc_application_parent_class)->startup (application);
  g_autoptr (GError) error = NULL;
  self->settings = lsc_places_new_settings (&error);
  if (self->settings == NULL)
    {
      g_printerr ("lanescope: %s\n", error->message);
      exit (1);
    }
  gtk_window_set_default_icon_name (LSC_APP_ID);
  /* selected as a whole, a text with links would let Tab reach none of them */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           (const char **) accelerators[i].keys);
  g_signal_connect_swapped (self->settings, "changed::theme", G_CALLBACK (style_cb), self);
  style_cb (self);
}

/* Does in `window` what the command line asked for. */
static void
obey (LscApplication *self, LscWindow *window)
{
  const LscCommandLine *line = self->line;
  g_autoptr (LscTarget) target = NULL;
  if (line->pids->len > 0)
    target = lsc_target_new_processes ((const uint32_t *) (const void *) line->pids->data,
                                       line->pids->len, !line->no_children);
  else if (line->command != NULL)
    {
      target = lsc_target_new_command ((const char *const *) line->command, NULL, NULL);
      target->children = !line->no_children;
    }
  else if (line->all)
    target = lsc_target_new_everything (LSC_TARGET_WHOLE_MACHINE);
  if (target != NULL)
    lsc_window_trace (window, target);
  if (line->files[0] != NULL)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (line->files[0]);
      lsc_window_open (window, file);
    }
}

static void
lsc_application_activate (GApplication *application)
{
  LscApplication *self = LSC_APPLICATION (application);
  LscWindow *window = lsc_window_new (GTK_APPLICATION (self));
  gtk_window_present (GTK_WINDOW (window));
  obey (self, window);
  for (guint i = 1; self->line->files[0] != NULL && self->line->files[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->line->files[i]);
      window = lsc_window_new (GTK_APPLICATION (self));
      gtk_window_present (GTK_WINDOW (window));
      lsc_window_open (window, file);
    }
}

static void
lsc_application_finalize (GObject *object)
{
  g_clear_object (&LSC_APPLICATION (object)->settings);
  G_OBJECT_CLASS (lsc_application_parent_class)->finalize (object);
}

static void
lsc_application_class_init (LscApplicationClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lsc_application_finalize;
  G_APPLICATION_CLASS (class)->startup = lsc_application_startup;
  G_APPLICATION_CLASS (class)->activate = lsc_application_activate;
}

static void
lsc_application_init (LscApplication *self)
{
}

/* A command keeps the terminal, folder and environment it was typed in, and so do its captures:
 * each start of the program is a process of its own. */
LscApplication *
lsc_application_new (const LscCommandLine *line)
{
  LscApplication *self = g_object_new (LSC_TYPE_APPLICATION, "application-id", LSC_APP_ID, "flags",
                                       G_APPLICATION_NON_UNIQUE, "resource-base-path",
                                       "/org/lanescope/Lanescope", NULL);
  self->line = line;
  return self;
}
