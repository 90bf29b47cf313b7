/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"
#include "cli/progress.h"
#include "cli/subcommands.h"
#include "lib/files/capture-convert.h"
#include "lib/files/export.h"

#include <glib/gi18n.h>

static int run (int argc, char **argv);

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
  return g_string_free (text, FALSE);
}

typedef struct
{
  char *format, *output, *from, *to;
  char **threads, **processes;
  gboolean redact, quiet;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->format);
  g_free (self->output);
  g_free (self->from);
  g_free (self->to);
  g_strfreev (self->threads);
  g_strfreev (self->processes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static bool
is_listed (char *const *numbers, uint32_t number)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", number);
  return numbers != NULL && g_strv_contains ((const char *const *) numbers, text);
}

/* Which threads were asked for, by index; NULL for all of them. */
static bool *
choose_threads (const LscTrace *trace, const Options *options, uint32_t *n_chosen)
{
  uint32_t n = lsc_trace_get_n_threads (trace);
  bool *chosen;

  *n_chosen = n;
  if (options->threads == NULL && options->processes == NULL)
    return NULL;
  *n_chosen = 0;
  chosen = g_new0 (bool, MAX (n, 1));
  for (uint32_t i = 0; i < n; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, i);
      uint32_t tgid = lsc_trace_get_process (trace, thread->process)->tgid;

      chosen[i] =
          thread->lane != NULL
          && (is_listed (options->threads, thread->tid) || is_listed (options->processes, tgid));
      *n_chosen += chosen[i];
    }
  return chosen;
}

static int
write_export (const char *path, const LscExportFormat *format, const Options *options)
{
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (LscTrace) trace = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree bool *threads = NULL;
  LscCaptureCondition condition;
  uint64_t range_ns[2];
  uint32_t n_threads;
  LscProgress progress;
  gboolean written;

  trace = lsc_open_annotated (path, options->quiet, annotations, &condition);
  if (trace == NULL)
    return LSC_EXIT_FAILURE;
  if (!lsc_open_range (&lsc_export_subcommand, trace, options->from, options->to, range_ns))
    return LSC_EXIT_USAGE;
  threads = choose_threads (trace, options, &n_threads);
  if (threads != NULL && n_threads == 0)
    {
      g_printerr ("%s\n", _ ("lanescope-cli: the capture holds none of these threads. "
                             "\342\200\234lanescope-cli stats\342\200\235 lists those it holds."));
      return LSC_EXIT_FAILURE;
    }
  if (options->redact)
    lsc_trace_redact (trace);
  lsc_progress_init (&progress, _ ("Writing: %d %%"), options->quiet);
  /* What happens at the very last moment belongs to the whole. */
  written = lsc_export_write (
      &(LscExport){ trace, range_ns[0], options->to != NULL ? range_ns[1] : range_ns[1] + 1,
                    threads, annotations },
      format, options->output, &(LscExportWatch){ lsc_progress_show, &progress, NULL }, &error);
  lsc_progress_end (&progress);
  return written ? LSC_EXIT_WELL : lsc_usage_failed (error);
}

/* The records themselves, without making a trace of them. */
static int
write_capture (const char *name, const Options *options)
{
  LscCapturePart part = { .to_ns = UINT64_MAX, .relative = TRUE, .redact = options->redact };
  gboolean whole = options->from == NULL && options->to == NULL && !options->redact;
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  LscProgress progress;
  const char *path;
  gboolean written;

  if (options->threads != NULL || options->processes != NULL)
    return lsc_usage_wrong (&lsc_export_subcommand, "%s",
                            _ ("A capture keeps all its threads: --format lanescope goes with "
                               "neither --thread nor --process."));
  if (!lsc_usage_parse_time (&lsc_export_subcommand, "--from", options->from, &part.from_ns)
      || !lsc_usage_parse_time (&lsc_export_subcommand, "--to", options->to, &part.to_ns))
    return LSC_EXIT_USAGE;
  path = lsc_open_path (name, &kept);
  if (path == NULL)
    return LSC_EXIT_FAILURE;
  lsc_progress_init (&progress, _ ("Writing: %d %%"), options->quiet);
  written = lsc_capture_convert (path, options->output, whole ? NULL : &part,
                                 &(LscExportWatch){ lsc_progress_show, &progress, NULL }, &error);
  lsc_progress_end (&progress);
  return written ? LSC_EXIT_WELL : lsc_usage_failed (error);
}

static bool
are_numbers (const char *option, char *const *numbers)
{
  for (; numbers != NULL && *numbers != NULL; numbers++)
    if (!g_ascii_string_to_unsigned (*numbers, 10, 0, INT32_MAX, NULL, NULL))
      {
        lsc_usage_wrong (&lsc_export_subcommand,
                         _ ("\342\200\234%s\342\200\235 is no number for %s."), *numbers, option);
        return false;
      }
  return true;
}

/* LSC_EXIT_WELL, or what is owed. */
static int
check_options (const LscSubcommand *self, const Options *options)
{
  g_autofree char *all = list_formats ();
  uint64_t ignored;

  if (options->format == NULL)
    return lsc_usage_wrong (self, "%s", _ ("Say in which form: --format FORMAT."));
  if (options->output == NULL)
    return lsc_usage_wrong (self, "%s", _ ("Say where it goes: --output FILE."));
  if (lsc_export_find_format (options->format) == NULL)
    return lsc_usage_wrong (self,
                            _ ("There is no format \342\200\234%s\342\200\235: it is one of %s."),
                            options->format, all);
  if (!are_numbers ("--thread", options->threads) || !are_numbers ("--process", options->processes)
      || !lsc_usage_parse_time (self, "--from", options->from, &ignored)
      || !lsc_usage_parse_time (self, "--to", options->to, &ignored))
    return LSC_EXIT_USAGE;
  return LSC_EXIT_WELL;
}

static int
run (int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autofree char *details = describe_formats ();
  LscSubcommand self = lsc_export_subcommand;
  const GOptionEntry entries[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &options.format, N_ ("The form to write"), "FORMAT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Write it here (- for standard output)"), "FILE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_ ("Leave out what ended before"),
      "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("Leave out what began later"), "TIME" },
    { "thread", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.threads,
      N_ ("Only this thread; may be repeated"), "TID" },
    { "process", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.processes,
      N_ ("Only the threads of this process; may be repeated"), "PID" },
    { "redact", 0, 0, G_OPTION_ARG_NONE, &options.redact,
      N_ ("Number processes and threads in place of naming them"), NULL },
    LSC_USAGE_QUIET (&options.quiet),
    { NULL },
  };
  const LscExportFormat *format;
  const char *path;
  int status;

  self.details = details;
  if (!lsc_usage_parse (&self, entries, &argc, &argv))
    return LSC_EXIT_USAGE;
  status = check_options (&self, &options);
  if (status != LSC_EXIT_WELL)
    return status;
  path = lsc_usage_get_file (&self, argc, argv);
  if (path == NULL)
    return LSC_EXIT_USAGE;
  format = lsc_export_find_format (options.format);
  return format->write != NULL ? write_export (path, format, &options)
                               : write_capture (path, &options);
}
