/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What all subcommands do with their command line: options, complaints, exit statuses.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LSC_EXIT_WELL 0
#define LSC_EXIT_FAILURE 1
#define LSC_EXIT_USAGE 2
#define LSC_EXIT_CANNOT_TRACE 77

/* What a subcommand says about itself. */
typedef struct
{
  const char *name;
  const char *arguments;              /* after the options: "FILE" */
  const char *summary;                /* one line */
  const char *details;                /* below the options in --help; may be NULL */
  int (*run) (int argc, char **argv); /* argv[0] is the name; returns the exit status */
} LscSubcommand;

/* The option every subcommand that may take long has. */
#define LSC_USAGE_QUIET(variable)                                                                  \
  {                                                                                                \
    "quiet", 'q', 0, G_OPTION_ARG_NONE, variable, N_ ("Say nothing but what fails"), NULL          \
  }

/* Takes the options out of `argv` (argv[0] and arguments are left). False: LSC_EXIT_USAGE is owed,
 * the complaint is printed. --help prints and ends the program. */
bool lsc_usage_parse (const LscSubcommand *subcommand,
                      const GOptionEntry *entries,
                      int *argc,
                      char ***argv);

/* The one FILE of a subcommand, or NULL and the complaint is printed. */
const char *lsc_usage_get_file (const LscSubcommand *subcommand, int argc, char **argv);

/* Complains about wrong usage and returns LSC_EXIT_USAGE. */
int lsc_usage_wrong (const LscSubcommand *subcommand, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Says what failed and returns LSC_EXIT_FAILURE. */
int lsc_usage_failed (const GError *error);

/* Reads a TID. False: the complaint is printed. */
bool lsc_usage_parse_tid (const LscSubcommand *subcommand, const char *text, uint32_t *tid);

/* Reads a TIME option, NULL leaves `*ns` alone. False: the complaint is printed. */
bool lsc_usage_parse_time (const LscSubcommand *subcommand,
                           const char *option,
                           const char *text,
                           uint64_t *ns);
