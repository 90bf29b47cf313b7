/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-title.h"

static void
assert_title (const char *const *argv, const char *title)
{
  g_autoptr (LscTarget) target = lsc_target_new_command (argv, NULL, NULL);
  g_autofree char *got = lsc_capture_title_of_target (target);
  g_assert_cmpstr (got, ==, title);
}

static void
test_of_command (void)
{
  assert_title ((const char *[]){ "/usr/bin/sleep", "5", NULL }, "sleep 5");
  assert_title ((const char *[]){ "true", NULL }, "true");
  assert_title ((const char *[]){ "sh", "-c", "a\nb\tc", NULL }, "sh -c a b c");
  assert_title (
      (const char *[]){ "/x/echo", "0123456789012345678901234567890123456789abcdef", NULL },
      "echo 0123456789012345678901234567890123456789abc\342\200\246");
  assert_title ((const char *[]){ "echo", "\377", NULL }, "echo \357\277\275");
}

static void
test_of_recorded_command (void)
{
  static const char *const pairs[][2] = {
    { "/usr/lib/x/fib-mutex -s 3 /tmp/a", "fib-mutex -s 3 /tmp/a" },
    { "sleep 5", "sleep 5" },
    { "./run it/there", "./run it/there" },
    { "bash (4711)", "bash (4711)" },
    { "", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *got = lsc_capture_title_of_command (pairs[i][0]);
      g_assert_cmpstr (got, ==, pairs[i][1]);
    }
}

static void
assert_file (const char *title, const char *file)
{
  g_autofree char *got = lsc_capture_title_to_file_name (title);
  g_assert_cmpstr (got, ==, file);
}

static void
test_to_file_name (void)
{
  assert_file ("fib-mutex (4711)", "fib-mutex.lanes");
  assert_file ("sleep 5", "sleep.lanes");
  assert_file ("kworker/0:1 (12)", "kworker-0:1.lanes");
  assert_file ("my capture.lanes", "my capture.lanes");
  assert_file ("? (99)", "capture.lanes");
  assert_file ("", "capture.lanes");
}

static void
test_end_says_that_the_program_goes_on (void)
{
  g_autofree char *nothing = lsc_capture_title_of_end ("", 0, NULL);
  g_autofree char *hint = lsc_capture_title_of_end ("Look at the locks.", 0, NULL);
  g_autofree char *child = lsc_capture_title_of_end (NULL, 4711, NULL);
  g_autofree char *both = lsc_capture_title_of_end ("Look at the locks.", 4711, NULL);
  g_autofree char *failed = lsc_capture_title_of_end ("Look.", 0, "fib ended with status 3.");

  g_assert_null (nothing);
  g_assert_cmpstr (hint, ==, "Look at the locks.");
  g_assert_nonnull (strstr (child, "4711"));
  g_assert_true (g_str_has_prefix (both, "Look at the locks.\n"));
  g_assert_true (g_str_has_suffix (both, child));
  g_assert_cmpstr (failed, ==, "Look.\nfib ended with status 3.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture-title/of-command", test_of_command);
  g_test_add_func ("/capture-title/of-recorded-command", test_of_recorded_command);
  g_test_add_func ("/capture-title/to-file-name", test_to_file_name);
  g_test_add_func ("/capture-title/end", test_end_says_that_the_program_goes_on);
  return g_test_run ();
}
