/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/command-line.h"

#include <glib/gi18n.h>

static gboolean
parse_pid (const char *text, guint32 *out_pid)
{
  guint64 value = 0;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &value, NULL))
    return FALSE;
  *out_pid = (guint32) value;
  return TRUE;
}

/* Takes every number that follows --pid. Returns how many words it used, 0 on a mistake. */
static guint
take_pids (const char *const *args, GArray *pids, GError **error)
{
  guint n = 0;
  guint32 pid = 0;
  while (args[n] != NULL && parse_pid (args[n], &pid))
    {
      g_array_append_val (pids, pid);
      n++;
    }
  if (n == 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("--pid wants the number of a process, as in: --pid 1234. Got: %s"),
                 args[0] == NULL ? _ ("nothing") : args[0]);
  return n;
}

static gboolean
take_flag (const char *arg, LscCommandLine *self, GError **error)
{
  if (g_str_equal (arg, "--all"))
    self->all = TRUE;
  else if (g_str_equal (arg, "--no-children"))
    self->no_children = TRUE;
  else if (g_str_equal (arg, "--help") || g_str_equal (arg, "-h"))
    self->show_help = TRUE;
  else if (g_str_equal (arg, "--version"))
    self->show_version = TRUE;
  else
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
                   _ ("There is no option %s. See lanescope --help."), arg);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check (const LscCommandLine *self, GError **error)
{
  int n = (self->files[0] != NULL) + (self->pids->len > 0) + (self->command != NULL) + self->all;
  if (n <= 1)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       _ ("Files, --pid, --all and a command after -- exclude each other: choose "
                          "one of them."));
  return FALSE;
}

gboolean
lsc_command_line_parse (const char *const *args, LscCommandLine *out_self, GError **error)
{
  LscCommandLine self = { .pids = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  g_autoptr (GStrvBuilder) files = g_strv_builder_new ();
  gboolean good = TRUE;
  for (guint i = 0; good && args[i] != NULL; i++)
    {
      guint n = 0;
      if (g_str_equal (args[i], "--"))
        {
          self.command = g_strdupv ((char **) args + i + 1);
          good = self.command[0] != NULL;
          if (!good)
            g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                                 _ ("After -- there must be a command, as in: -- sleep 1."));
          break;
        }
      if (g_str_equal (args[i], "--pid"))
        {
          n = take_pids (args + i + 1, self.pids, error);
          good = n > 0;
          i += n;
        }
      else if (args[i][0] == '-')
        good = take_flag (args[i], &self, error);
      else
        g_strv_builder_add (files, args[i]);
    }
  self.files = g_strv_builder_end (files);
  if (!good || !check (&self, error))
    {
      lsc_command_line_clear (&self);
      return FALSE;
    }
  *out_self = self;
  return TRUE;
}

void
lsc_command_line_clear (LscCommandLine *self)
{
  g_clear_pointer (&self->files, g_strfreev);
  g_clear_pointer (&self->command, g_strfreev);
  g_clear_pointer (&self->pids, g_array_unref);
}

char *
lsc_command_line_dup_help (void)
{
  return g_strdup (_ ("Usage:\n"
                      "  lanescope [FILE]...               open captures\n"
                      "  lanescope --pid PID...            watch running processes\n"
                      "  lanescope --all                   watch the whole machine\n"
                      "  lanescope -- COMMAND [ARG]...     run a program and watch it\n"
                      "\n"
                      "  --no-children   leave out the processes that a watched one starts\n"
                      "  --help          show this\n"
                      "  --version       show the version\n"));
}
