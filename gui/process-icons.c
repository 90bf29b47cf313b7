/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/process-icons.h"

struct _LscProcessIcons
{
  GIcon *program;
  GIcon *terminal;
  GIcon *kernel;
  GHashTable *by_program; /* basename of an executable -> GIcon, or NULL while it is made */
  GCancellable *cancellable;
};

static const char *const shells[] = { "bash", "sh", "dash", "zsh", "fish", "tmux", "screen", NULL };

static void
collect (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  GList *apps = g_app_info_get_all ();
  for (GList *at = apps; at != NULL; at = at->next)
    {
      GIcon *icon = g_app_info_get_icon (at->data);
      const char *executable = g_app_info_get_executable (at->data);
      if (icon != NULL && executable != NULL)
        g_hash_table_insert (table, g_path_get_basename (executable), g_object_ref (icon));
    }
  g_list_free_full (apps, g_object_unref);
  g_task_return_pointer (task, table, (GDestroyNotify) g_hash_table_unref);
}

static void
collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GHashTable *table = g_task_propagate_pointer (G_TASK (result), NULL);
  if (table == NULL) /* cancelled: `data` is gone */
    return;
  LscProcessIcons *self = data;
  self->by_program = table;
}

LscProcessIcons *
lsc_process_icons_new (void)
{
  LscProcessIcons *self = g_new0 (LscProcessIcons, 1);
  self->program = g_themed_icon_new ("application-x-executable-symbolic");
  self->terminal = g_themed_icon_new ("utilities-terminal-symbolic");
  self->kernel = g_themed_icon_new ("emblem-system-symbolic");
  self->cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, collected_cb, self);
  g_task_run_in_thread (task, collect);
  return self;
}

void
lsc_process_icons_free (LscProcessIcons *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->program);
  g_clear_object (&self->terminal);
  g_clear_object (&self->kernel);
  g_clear_pointer (&self->by_program, g_hash_table_unref);
  g_free (self);
}

GIcon *
lsc_process_icons_lookup (LscProcessIcons *self, const LscProcessRow *row)
{
  if (row->kernel)
    return self->kernel;
  GIcon *icon = self->by_program == NULL ? NULL : g_hash_table_lookup (self->by_program, row->name);
  if (icon != NULL)
    return icon;
  return g_strv_contains (shells, row->name) ? self->terminal : self->program;
}
