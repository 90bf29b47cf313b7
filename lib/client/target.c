/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/target.h"

#include "lib/client/process-handle.h"
#include "lib/wire/command.h"
#include "lsc-config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

LscTarget *
lsc_target_new_processes (const uint32_t *pids, gsize n_pids, gboolean children)
{
  LscTarget *self = g_new0 (LscTarget, 1);

  self->kind = LSC_TARGET_PROCESSES;
  self->children = children;
  self->pids = g_memdup2 (pids, n_pids * sizeof *pids);
  self->n_pids = n_pids;
  return self;
}

LscTarget *
lsc_target_new_command (const char *const *argv, const char *folder, const char *const *envp)
{
  LscTarget *self = g_new0 (LscTarget, 1);

  self->kind = LSC_TARGET_COMMAND;
  self->children = TRUE;
  self->argv = g_strdupv ((char **) argv);
  self->folder = g_strdup (folder);
  self->envp = g_strdupv ((char **) envp);
  return self;
}

LscTarget *
lsc_target_new_everything (LscTargetKind kind)
{
  LscTarget *self = g_new0 (LscTarget, 1);

  self->kind = kind;
  return self;
}

LscTarget *
lsc_target_copy (const LscTarget *self)
{
  LscTarget *copy = g_new0 (LscTarget, 1);

  *copy = *self;
  copy->pids = g_memdup2 (self->pids, self->n_pids * sizeof *self->pids);
  copy->argv = g_strdupv (self->argv);
  copy->folder = g_strdup (self->folder);
  copy->envp = g_strdupv (self->envp);
  return copy;
}

void
lsc_target_free (LscTarget *self)
{
  if (self == NULL)
    return;
  g_free (self->pids);
  g_strfreev (self->argv);
  g_free (self->folder);
  g_strfreev (self->envp);
  g_free (self);
}

gboolean
lsc_target_parse_pid (const char *text, uint32_t *out_pid, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  guint64 number;

  /* g_ascii_string_to_unsigned() takes neither signs, spaces nor rests. */
  if (!g_ascii_string_to_unsigned (trimmed, 10, 1, G_MAXINT32, &number, NULL))
    {
      lsc_trouble_set (error, LSC_CLIENT_ERROR_NOT_A_NUMBER, text);
      return FALSE;
    }
  *out_pid = (uint32_t) number;
  return TRUE;
}

static gboolean
check_processes (const LscTarget *self, GError **error)
{
  if (self->n_pids > LSC_COMMAND_TARGETS_MAX)
    {
      g_autofree char *most = g_strdup_printf ("%u", LSC_COMMAND_TARGETS_MAX);

      lsc_trouble_set (error, LSC_CLIENT_ERROR_TOO_MANY_TARGETS, most);
      return FALSE;
    }
  for (gsize i = 0; i < self->n_pids; i++)
    {
      LscProcessHandle handle;

      if (!lsc_process_handle_init (&handle, self->pids[i], error))
        return FALSE;
      lsc_process_handle_clear (&handle);
    }
  return TRUE;
}

static gboolean
is_program (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && S_ISREG (status.st_mode) && access (path, X_OK) == 0;
}

static gboolean
check_program (const LscTarget *self, GError **error)
{
  const char *program = self->argv[0];
  g_autofree char *path = NULL;

  if (strchr (program, '/') == NULL)
    path = g_find_program_in_path (program);
  else if (g_path_is_absolute (program) || self->folder == NULL)
    path = g_strdup (program);
  else
    path = g_build_filename (self->folder, program, NULL);
  if (path == NULL || *program == '\0' || access (path, F_OK) != 0)
    lsc_trouble_set (error, LSC_CLIENT_ERROR_NO_PROGRAM, program);
  else if (!is_program (path))
    lsc_trouble_set (error, LSC_CLIENT_ERROR_NOT_EXECUTABLE, program);
  else
    return TRUE;
  return FALSE;
}

gboolean
lsc_target_check (const LscTarget *self, GError **error)
{
  if (self->kind == LSC_TARGET_PROCESSES)
    return check_processes (self, error);
  if (self->kind != LSC_TARGET_COMMAND)
    return TRUE;
  if (self->folder != NULL && access (self->folder, X_OK) != 0)
    {
      lsc_trouble_set (error, LSC_CLIENT_ERROR_NO_FOLDER, self->folder);
      return FALSE;
    }
  return check_program (self, error);
}

static char *
describe_command (const LscTarget *self)
{
  GString *text = g_string_new (NULL);

  for (char **arg = self->argv; *arg != NULL; arg++)
    {
      g_autofree char *quoted = NULL;

      if (**arg == '\0' || strpbrk (*arg, " \t\n'\"\\$`*?[]{}()<>|&;#~!") != NULL)
        quoted = g_shell_quote (*arg);
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", quoted ? quoted : *arg);
    }
  return g_string_free (text, FALSE);
}

static char *
read_name (uint32_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/comm", pid);
  g_autofree char *name = NULL;

  if (!g_file_get_contents (path, &name, NULL, NULL))
    return g_strdup ("?");
  return g_utf8_make_valid (g_strchomp (name), -1);
}

static char *
describe_processes (const LscTarget *self)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < self->n_pids; i++)
    {
      g_autofree char *name = read_name (self->pids[i]);

      /* TRANSLATORS: a process's name and its id */
      g_string_append_printf (text, _ ("%s (%u)"), name, self->pids[i]);
      if (i + 1 < self->n_pids)
        g_string_append (text, ", ");
    }
  return g_string_free (text, FALSE);
}

char *
lsc_target_describe (const LscTarget *self)
{
  switch (self->kind)
    {
    case LSC_TARGET_PROCESSES:
      return describe_processes (self);
    case LSC_TARGET_COMMAND:
      return describe_command (self);
    case LSC_TARGET_MINE:
      return g_strdup (_ ("all my processes"));
    case LSC_TARGET_WHOLE_MACHINE:
    default:
      return g_strdup (_ ("the whole machine"));
    }
}
