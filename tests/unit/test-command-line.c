/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/command-line.h"

#include <string.h>

/* Parses words divided by blanks. */
static gboolean
parse (const char *text, LscCommandLine *out, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  if (text[0] == '\0')
    g_clear_pointer (&words[0], g_free);
  return lsc_command_line_parse ((const char *const *) words, out, error);
}

static void
refuse (const char *text, const char *part)
{
  g_autoptr (GError) error = NULL;
  LscCommandLine line;
  g_assert_false (parse (text, &line, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, part);
}

static void
test_nothing (void)
{
  LscCommandLine line;
  g_assert_true (parse ("", &line, NULL));
  g_assert_null (line.files[0]);
  g_assert_cmpuint (line.pids->len, ==, 0);
  g_assert_null (line.command);
  g_assert_false (line.all || line.no_children || line.show_help || line.show_version);
  lsc_command_line_clear (&line);
}

static void
test_files (void)
{
  LscCommandLine line;
  g_assert_true (parse ("a.lanes 42", &line, NULL));
  g_assert_cmpstr (line.files[0], ==, "a.lanes");
  g_assert_cmpstr (line.files[1], ==, "42");
  g_assert_null (line.files[2]);
  lsc_command_line_clear (&line);
}

static void
test_pids (void)
{
  LscCommandLine line;
  g_assert_true (parse ("--pid 1 22 --no-children --pid 333", &line, NULL));
  g_assert_cmpuint (line.pids->len, ==, 3);
  g_assert_cmpuint (g_array_index (line.pids, guint32, 0), ==, 1);
  g_assert_cmpuint (g_array_index (line.pids, guint32, 1), ==, 22);
  g_assert_cmpuint (g_array_index (line.pids, guint32, 2), ==, 333);
  g_assert_true (line.no_children);
  lsc_command_line_clear (&line);
}

static void
test_command_keeps_its_options (void)
{
  LscCommandLine line;
  g_assert_true (parse ("-- ls --all -- -l", &line, NULL));
  g_assert_cmpstr (line.command[0], ==, "ls");
  g_assert_cmpstr (line.command[1], ==, "--all");
  g_assert_cmpstr (line.command[2], ==, "--");
  g_assert_cmpstr (line.command[3], ==, "-l");
  g_assert_false (line.all);
  lsc_command_line_clear (&line);
}

static void
test_refused (void)
{
  refuse ("--pid", "nothing");
  refuse ("--pid fish", "fish");
  refuse ("--pid 0", "0");
  refuse ("--pid -5", "-5");
  refuse ("--pid 4294967296", "4294967296");
  refuse ("--", "command");
  refuse ("--fast", "--fast");
  refuse ("a.lanes --pid 1", "exclude");
  refuse ("--all -- ls", "exclude");
  refuse ("--pid 1 --all", "exclude");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-line/nothing", test_nothing);
  g_test_add_func ("/command-line/files", test_files);
  g_test_add_func ("/command-line/pids", test_pids);
  g_test_add_func ("/command-line/command-keeps-its-options", test_command_keeps_its_options);
  g_test_add_func ("/command-line/refused", test_refused);
  return g_test_run ();
}
