/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/usage.h"

#include "lsc-config.h"

#include "lib/explain/duration.h"

#include <glib/gi18n.h>
#include <stdio.h>

int
lsc_usage_wrong (const LscSubcommand *subcommand, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("lanescope-cli %s: %s\n", subcommand->name, text);
  /* Translators: %s is a command to type. */
  g_printerr (_ ("Try: lanescope-cli %s --help\n"), subcommand->name);
  return LSC_EXIT_USAGE;
}

int
lsc_usage_failed (const GError *error)
{
  g_printerr ("lanescope-cli: %s\n", error->message);
  return LSC_EXIT_FAILURE;
}

bool
lsc_usage_parse (const LscSubcommand *subcommand,
                 const GOptionEntry *entries,
                 int *argc,
                 char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (subcommand->arguments);
  g_autofree char *name = g_strdup_printf ("lanescope-cli %s", subcommand->name);
  g_autoptr (GError) error = NULL;

  /* So that --help shows both words. */
  g_set_prgname (name);
  g_option_context_set_summary (context, _ (subcommand->summary));
  if (subcommand->details != NULL)
    g_option_context_set_description (context, _ (subcommand->details));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error))
    return true;
  lsc_usage_wrong (subcommand, "%s", error->message);
  return false;
}

const char *
lsc_usage_get_file (const LscSubcommand *subcommand, int argc, char **argv)
{
  if (argc == 2)
    return argv[1];
  if (argc < 2)
    lsc_usage_wrong (subcommand, "%s", _ ("Name the capture to read."));
  else
    lsc_usage_wrong (subcommand,
                     _ ("One capture at a time; \342\200\234%s\342\200\235 is one too many."),
                     argv[2]);
  return NULL;
}

bool
lsc_usage_parse_time (const LscSubcommand *subcommand,
                      const char *option,
                      const char *text,
                      uint64_t *ns)
{
  if (text == NULL || lsc_duration_parse (text, ns))
    return true;
  lsc_usage_wrong (subcommand,
                   _ ("\342\200\234%s\342\200\235 is no time for %s: give seconds from the "
                      "capture's start, or a unit "
                      "as in 1.5ms."),
                   text, option);
  return false;
}

bool
lsc_usage_parse_tid (const LscSubcommand *subcommand, const char *text, uint32_t *tid)
{
  guint64 value = 0;
  bool well = g_ascii_string_to_unsigned (text, 10, 0, INT32_MAX, &value, NULL);

  if (!well)
    lsc_usage_wrong (subcommand, _ ("\342\200\234%s\342\200\235 is no thread number."), text);
  *tid = (uint32_t) value;
  return well;
}
