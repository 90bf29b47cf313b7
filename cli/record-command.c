/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/recording.h"
#include "cli/subcommands.h"
#include "lib/explain/duration.h"

#include <glib/gi18n.h>
#include <string.h>

static int run (int argc, char **argv);

const LscSubcommand lsc_record_subcommand = {
  .name = "record",
  .arguments = "[-- COMMAND [ARG...]]",
  .summary = N_ ("Record what threads do, into a capture"),
  .details = N_ (
      "It ends after SECONDS, when COMMAND ends, or on an interrupt (Ctrl+C), whichever comes "
      "first;\n"
      "a COMMAND that still runs then is asked to end (SIGTERM). COMMAND is recorded from its "
      "first\n"
      "instruction, and its exit status is passed on. Without --output the capture is written to\n"
      "lanescope-DATE-TIME.lanes in this folder."),
  .run = run,
};

typedef struct
{
  char **pids;
  gboolean all;
  gboolean no_children;
  gboolean quiet;
  char *duration;
  char *output;
  char **command; /* in argv, or NULL */
} Options;

static void
options_clear (Options *self)
{
  g_strfreev (self->pids);
  g_free (self->duration);
  g_free (self->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Everything after "--" is the command's own, options and all. */
static char **
split_command (int *argc, char **argv)
{
  for (int i = 1; i < *argc; i++)
    if (g_str_equal (argv[i], "--"))
      {
        *argc = i;
        argv[i] = NULL;
        return argv + i + 1;
      }
  return NULL;
}

static bool
check_targets (const Options *options)
{
  int n = (options->pids != NULL) + (options->all != FALSE) + (options->command != NULL);
  const LscSubcommand *self = &lsc_record_subcommand;

  if (n == 0)
    lsc_usage_wrong (self, "%s", _ ("Say what to record: --pid PID, --all, or -- COMMAND."));
  else if (n > 1)
    lsc_usage_wrong (
        self, "%s",
        _ ("Record either processes (--pid), everything (--all) or a command, not several "
           "of them at once."));
  else if (options->command != NULL && options->command[0] == NULL)
    lsc_usage_wrong (self, "%s", _ ("No command stands after \342\200\234--\342\200\235."));
  else
    return true;
  return false;
}

static LscTarget *
make_process_target (const Options *options)
{
  guint n = g_strv_length (options->pids);
  g_autofree uint32_t *pids = g_new (uint32_t, n);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    if (!lsc_target_parse_pid (options->pids[i], &pids[i], &error))
      {
        lsc_usage_wrong (&lsc_record_subcommand, "%s", error->message);
        return NULL;
      }
  return lsc_target_new_processes (pids, n, !options->no_children);
}

static LscTarget *
make_target (const Options *options)
{
  LscTarget *target;

  if (options->pids != NULL)
    return make_process_target (options);
  if (options->all)
    return lsc_target_new_everything (LSC_TARGET_WHOLE_MACHINE);
  target = lsc_target_new_command ((const char *const *) options->command, NULL, NULL);
  target->children = !options->no_children;
  return target;
}

static char *
make_output_name (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, "lanescope-%Y%m%d-%H%M%S.lanes");
}

static int
run (int argc, char **argv)
{
  g_auto (Options) options = { .command = split_command (&argc, argv) };
  const GOptionEntry entries[] = {
    { "pid", 'p', 0, G_OPTION_ARG_STRING_ARRAY, &options.pids,
      N_ ("Record this process; may be repeated"), "PID" },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &options.all, N_ ("Record every thread of the machine"),
      NULL },
    { "no-children", 0, 0, G_OPTION_ARG_NONE, &options.no_children,
      N_ ("Leave out the processes they start"), NULL },
    { "duration", 'd', 0, G_OPTION_ARG_STRING, &options.duration, N_ ("End after this long"),
      "SECONDS" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Write the capture here"),
      "FILE" },
    LSC_USAGE_QUIET (&options.quiet),
    { NULL },
  };
  g_autoptr (LscTarget) target = NULL;
  uint64_t duration_ns = 0;

  if (!lsc_usage_parse (&lsc_record_subcommand, entries, &argc, &argv))
    return LSC_EXIT_USAGE;
  if (argc > 1)
    return lsc_usage_wrong (&lsc_record_subcommand,
                            _ ("\342\200\234%s\342\200\235 is not understood. A command to record "
                               "goes after \342\200\234--\342\200\235."),
                            argv[1]);
  if (options.duration != NULL
      && (!lsc_duration_parse (options.duration, &duration_ns) || duration_ns == 0))
    return lsc_usage_wrong (
        &lsc_record_subcommand,
        _ ("\342\200\234%s\342\200\235 is no duration: give seconds, or a unit as in 500ms."),
        options.duration);
  if (!check_targets (&options))
    return LSC_EXIT_USAGE;
  target = make_target (&options);
  if (target == NULL)
    return LSC_EXIT_USAGE;
  if (options.output == NULL)
    options.output = make_output_name ();
  return lsc_recording_run (target, duration_ns, options.output, options.quiet);
}
