/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session.h"
#include "lib/wire/command.h"
#include "tests/support/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
start_command (LscOwner *owner, const char *const *argv)
{
  g_autoptr (LscTarget) target = lsc_target_new_command (argv, NULL, NULL);

  lsc_owner_start (owner, target);
}

static void
test_command_waits_until_ready (LscOwner *owner, gconstpointer data)
{
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "lsc-held-XXXXXX", NULL);
  g_autofree char *script = NULL;
  const char *argv[] = { "sh", "-c", NULL, NULL };
  LscCommandStart command;
  int status;

  close (g_mkstemp (file));
  script = g_strdup_printf ("echo ran > %s; exit 3", file);
  argv[2] = script;
  start_command (owner, argv);
  lsc_owner_hear (owner, &command, sizeof command);
  g_assert_cmpuint (command.targets[0].tgid, ==, (uint32_t) lsc_session_get_child (owner->session));
  lsc_owner_say_header (owner);
  g_usleep (200000);
  g_main_context_iteration (NULL, FALSE);
  {
    g_autofree char *text = NULL;

    g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, "");
  }
  g_assert_false (lsc_session_get_child_status (owner->session, &status));
  lsc_owner_say_ready (owner);
  while (owner->n_child_exited == 0)
    g_main_context_iteration (NULL, TRUE);
  lsc_owner_say_end (owner, LSC_END_TARGET_EXIT, 0);
  lsc_owner_run_to_the_end (owner);
  g_assert_no_error (lsc_session_get_error (owner->session));
  g_assert_true (lsc_session_get_child_status (owner->session, &status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 3);
  g_assert_cmpint (g_remove (file), ==, 0);
}

/* The end of the stream may be heard before the child's. */
static void
test_end_waits_for_the_commands_status (LscOwner *owner, gconstpointer data)
{
  const char *argv[] = { "sh", "-c", "sleep 0.3; exit 5", NULL };
  int status;

  start_command (owner, argv);
  lsc_owner_say_header (owner);
  lsc_owner_say_ready (owner);
  lsc_owner_say_end (owner, LSC_END_TARGET_EXIT, 0);
  lsc_owner_run_to_the_end (owner);
  g_assert_cmpuint (owner->n_child_exited, ==, 1);
  g_assert_true (lsc_session_get_child_status (owner->session, &status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 5);
}

static void
test_command_is_never_run_without_tracing (LscOwner *owner, gconstpointer data)
{
  const char *argv[] = { "sh", "-c", "exit 3", NULL };
  GPid pid;

  start_command (owner, argv);
  pid = lsc_session_get_child (owner->session);
  g_assert_cmpint (pid, >, 0);
  lsc_owner_say_end (owner, LSC_END_FAILED, 66);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_NO_BTF);
  g_assert_cmpuint (owner->n_child_exited, ==, 0);
  /* Gone, and no zombie. */
  for (int i = 0; kill (pid, 0) == 0; i++)
    {
      g_assert_cmpint (i, <, 2000);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

typedef struct
{
  const char *program;
  int code;
  int exit_status;
} CommandCase;

static const CommandCase command_cases[] = {
  { "no-such-program-anywhere", LSC_CLIENT_ERROR_NO_PROGRAM, 127 },
  { "/no/such/folder/program", LSC_CLIENT_ERROR_NO_PROGRAM, 127 },
  { "", LSC_CLIENT_ERROR_NO_PROGRAM, 127 },
  { "/etc/passwd", LSC_CLIENT_ERROR_NOT_EXECUTABLE, 126 },
  { "/tmp", LSC_CLIENT_ERROR_NOT_EXECUTABLE, 126 },
};

static void
test_bad_command_is_refused_at_once (LscOwner *owner, gconstpointer data)
{
  const CommandCase *test = data;
  const char *argv[] = { test->program, NULL };
  g_autoptr (LscTarget) target = lsc_target_new_command (argv, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (lsc_session_start (owner->session, target, &error));
  g_assert_error (error, LSC_CLIENT_ERROR, test->code);
  g_assert_cmpint (lsc_trouble_get_exit_status (error), ==, test->exit_status);
  g_assert_cmpint (lsc_session_get_state (owner->session), ==, LSC_SESSION_IDLE);
}

/* What only the kernel can say: a file that is executable, and is not a program. */
static void
test_failed_exec_becomes_a_sentence (LscOwner *owner, gconstpointer data)
{
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "lsc-exec-XXXXXX", NULL);
  const char *argv[] = { file, NULL };
  int fd = g_mkstemp_full (file, O_RDWR, 0755);

  g_assert_cmpint (write (fd, "\177ELFnonsense", 12), ==, 12);
  close (fd);
  start_command (owner, argv);
  lsc_owner_say_header (owner);
  lsc_owner_say_ready (owner);
  lsc_owner_run_until (owner, LSC_SESSION_LIVE);
  while (lsc_session_get_error (owner->session) == NULL)
    g_main_context_iteration (NULL, TRUE);
  lsc_owner_say_end (owner, LSC_END_TARGET_EXIT, 0);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_NOT_EXECUTABLE);
  g_assert_cmpint (g_remove (file), ==, 0);
}

static void
test_missing_folder_is_refused (LscOwner *owner, gconstpointer data)
{
  const char *argv[] = { "true", NULL };
  g_autoptr (LscTarget) target = lsc_target_new_command (argv, "/no/such/folder", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (lsc_session_start (owner->session, target, &error));
  g_assert_error (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_NO_FOLDER);
}

#define ADD(path, data, test)                                                                      \
  g_test_add (path, LscOwner, data, lsc_owner_set_up, test, lsc_owner_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session-command/held", NULL, test_command_waits_until_ready);
  ADD ("/session-command/status", NULL, test_end_waits_for_the_commands_status);
  ADD ("/session-command/never-run", NULL, test_command_is_never_run_without_tracing);
  for (gsize i = 0; i < G_N_ELEMENTS (command_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/session-command/bad/%zu", i);

      ADD (path, &command_cases[i], test_bad_command_is_refused_at_once);
    }
  ADD ("/session-command/exec-fails", NULL, test_failed_exec_becomes_a_sentence);
  ADD ("/session-command/folder", NULL, test_missing_folder_is_refused);
  return g_test_run ();
}
