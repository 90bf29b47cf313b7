/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"
#include "cli/subcommands.h"
#include "lib/files/capture-convert.h"
#include "lib/files/export.h"

#include <glib/gi18n.h>

static int run (int argc, char **argv);

/* Lanescope's own format is no export of a trace but the records as they are. */
#define OWN_FORMAT "lanescope"

const LscSubcommand lsc_export_subcommand = {
  .name = "export",
  .arguments = "FILE",
  .summary = N_ ("Write a capture in another form"),
  .run = run,
};

static char *
list_formats (void)
{
  GString *text = g_string_new (NULL);

  for (const LscExportFormat *format = lsc_export_get_formats (); format->id != NULL; format++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", format->id);
  return g_string_free (text, FALSE);
}

/* The list in --help is made from the table, so that it never promises what is not there. */
static char *
describe_formats (void)
{
  GString *text = g_string_new (_ ("Formats:"));

  for (const LscExportFormat *format = lsc_export_get_formats (); format->id != NULL; format++)
    g_string_append_printf (text, "\n  %-10s %s", format->id, _ (format->summary));
  g_string_append_printf (text, "\n  %-10s %s", OWN_FORMAT, _ ("A Lanescope capture (.lanes)"));
  return g_string_free (text, FALSE);
}

static int
write_export (const char *path, const LscExportFormat *format, const char *output)
{
  g_autoptr (LscTrace) trace = NULL;
  g_autoptr (GError) error = NULL;
  LscCaptureCondition condition;
  LscExport what;

  trace = lsc_open_capture (path, &condition);
  if (trace == NULL)
    return LSC_EXIT_FAILURE;
  what = (LscExport){ trace, lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace) };
  if (lsc_export_write (&what, format, output, NULL, &error))
    return LSC_EXIT_WELL;
  return lsc_usage_failed (error);
}

static int
write_capture (const char *path, const char *output)
{
  g_autoptr (GError) error = NULL;

  if (lsc_capture_convert (path, output, NULL, &error))
    return LSC_EXIT_WELL;
  return lsc_usage_failed (error);
}

static int
run (int argc, char **argv)
{
  g_autofree char *format_id = NULL, *output = NULL, *details = describe_formats ();
  LscSubcommand self = lsc_export_subcommand;
  const GOptionEntry entries[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format_id, N_ ("The form to write"), "FORMAT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write it here"), "FILE" },
    { NULL },
  };
  const LscExportFormat *format;
  const char *path;

  self.details = details;
  if (!lsc_usage_parse (&self, entries, &argc, &argv))
    return LSC_EXIT_USAGE;
  if (format_id == NULL)
    return lsc_usage_wrong (&self, "%s", _ ("Say in which form: --format FORMAT."));
  if (output == NULL)
    return lsc_usage_wrong (&self, "%s", _ ("Say where it goes: --output FILE."));
  format = lsc_export_find_format (format_id);
  if (format == NULL && !g_str_equal (format_id, OWN_FORMAT))
    {
      g_autofree char *all = list_formats ();

      return lsc_usage_wrong (
          &self, _ ("There is no format \342\200\234%s\342\200\235: it is one of %s, %s."),
          format_id, all, OWN_FORMAT);
    }
  path = lsc_usage_get_file (&self, argc, argv);
  if (path == NULL)
    return LSC_EXIT_USAGE;
  return format != NULL ? write_export (path, format, output) : write_capture (path, output);
}
