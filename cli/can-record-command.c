/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/subcommands.h"
#include "lib/client/capability.h"

#include <glib/gi18n.h>

static int run (int argc, char **argv);

const LscSubcommand lsc_can_record_subcommand = {
  .name = "can-record",
  .arguments = "",
  .summary = N_ ("Say whether this machine can record, and if not, why"),
  .run = run,
};

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = { { NULL } };
  g_autoptr (GError) error = NULL;

  if (!lsc_usage_parse (&lsc_can_record_subcommand, entries, &argc, &argv))
    return LSC_EXIT_USAGE;
  if (argc > 1)
    return lsc_usage_wrong (&lsc_can_record_subcommand, "%s", _ ("It takes no arguments."));
  if (lsc_capability_check (&error))
    return LSC_EXIT_WELL;
  lsc_usage_failed (error);
  return LSC_EXIT_CANNOT_TRACE;
}
