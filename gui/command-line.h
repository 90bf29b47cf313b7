/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the person asked for on the command line of the window:
 * lanescope [FILE]... | --pid PID... | --all | -- COMMAND [ARG]...
 */
#pragma once

#include <glib.h>

typedef struct
{
  char **files;   /* NULL-terminated, may be empty */
  GArray *pids;   /* guint32 */
  char **command; /* NULL-terminated, or NULL */
  gboolean all;
  gboolean no_children;
  gboolean show_help;
  gboolean show_version;
} LscCommandLine;

/* Reads the arguments, the program's name excluded. On a wrong usage FALSE and a sentence
 * (G_OPTION_ERROR). */
gboolean lsc_command_line_parse (const char *const *args, LscCommandLine *out_self, GError **error);
void lsc_command_line_clear (LscCommandLine *self);
/* The text of --help. Free with g_free(). */
char *lsc_command_line_dup_help (void);
