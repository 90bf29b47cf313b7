/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/application.h"

#include "lsc-config.h"

#include <glib/gi18n.h>
#include <locale.h>

static int
run (LscCommandLine *line)
{
  g_autoptr (LscApplication) application = lsc_application_new (line);
  char *arguments[] = { (char *) "lanescope", NULL };
  return g_application_run (G_APPLICATION (application), 1, arguments);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LSC_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (GError) error = NULL;
  LscCommandLine line = { 0 };
  if (!lsc_command_line_parse ((const char *const *) argv + 1, &line, &error))
    {
      g_printerr ("lanescope: %s\n", error->message);
      return 2;
    }
  int status = 0;
  if (line.show_help)
    {
      g_autofree char *help = lsc_command_line_dup_help ();
      g_print ("%s", help);
    }
  else if (line.show_version)
    g_print ("lanescope %s\n", LSC_VERSION);
  else
    status = run (&line);
  lsc_command_line_clear (&line);
  return status;
}
