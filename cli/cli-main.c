/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lanescope-cli: the same work without a desktop.
 */
#include "cli/subcommands.h"

#include "lsc-config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

static const LscSubcommand *const subcommands[] = {
  &lsc_record_subcommand,  &lsc_info_subcommand,       &lsc_stats_subcommand,
  &lsc_narrate_subcommand, &lsc_path_subcommand,       &lsc_export_subcommand,
  &lsc_render_subcommand,  &lsc_can_record_subcommand,
};

static void
print_help (FILE *out)
{
  fprintf (out, "%s\n  lanescope-cli %s\n\n%s\n", _ ("Usage:"), _ ("SUBCOMMAND [OPTION...] ..."),
           _ ("Records what the threads of programs really do, and looks at recordings."));
  fprintf (out, "\n%s\n", _ ("Subcommands:"));
  for (size_t i = 0; i < G_N_ELEMENTS (subcommands); i++)
    fprintf (out, "  %-12s %s\n", subcommands[i]->name, _ (subcommands[i]->summary));
  fprintf (out, "\n%s\n",
           _ ("Each has its own --help. Exit status: 0 well, 1 failure, 2 wrong usage, 77 this "
              "machine cannot trace."));
}

static int
complain (const char *name)
{
  if (name == NULL)
    g_printerr ("lanescope-cli: %s\n", _ ("Say what to do."));
  else
    g_printerr (_ ("lanescope-cli: there is no subcommand \342\200\234%s\342\200\235.\n"), name);
  print_help (stderr);
  return LSC_EXIT_USAGE;
}

static int
run (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : NULL;

  if (name == NULL)
    return complain (NULL);
  if (g_str_equal (name, "--help") || g_str_equal (name, "-h") || g_str_equal (name, "help"))
    {
      print_help (stdout);
      return LSC_EXIT_WELL;
    }
  if (g_str_equal (name, "--version"))
    {
      printf ("lanescope-cli %s\n", LSC_VERSION);
      return LSC_EXIT_WELL;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (subcommands); i++)
    if (g_str_equal (name, subcommands[i]->name))
      return subcommands[i]->run (argc - 1, argv + 1);
  return complain (name);
}

/* In UTF-8 as standard output is; GLib would put question marks for quotes in the C locale. */
static void
print_error_cb (const char *text)
{
  fputs (text, stderr);
}

int
main (int argc, char **argv)
{
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LSC_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_printerr_handler (print_error_cb);
  /* A file size limit is an error to report, not a reason to die, on stdout too. */
  signal (SIGXFSZ, SIG_IGN);
  status = run (argc, argv);
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  g_printerr (_ ("lanescope-cli: the output could not be written: %s.\n"), g_strerror (errno));
  return status != LSC_EXIT_WELL ? status : LSC_EXIT_FAILURE;
}
