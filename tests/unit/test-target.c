/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/process-handle.h"
#include "lib/client/target.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_process_ids_are_read_strictly (void)
{
  static const struct
  {
    const char *text;
    uint32_t pid; /* 0: refused */
  } cases[] = {
    { "1", 1 },
    { "4711", 4711 },
    { " 42\n", 42 },
    { "2147483647", 2147483647 },
    { "", 0 },
    { "0", 0 },
    { "-1", 0 },
    { "+5", 0 },
    { "1.5", 0 },
    { "12a", 0 },
    { "0x10", 0 },
    { "1 2", 0 },
    { "bash", 0 },
    { "2147483648", 0 },
    { "99999999999999999999999", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      uint32_t pid = 77;

      g_test_message ("\"%s\"", cases[i].text);
      g_assert_true (lsc_target_parse_pid (cases[i].text, &pid, &error) == (cases[i].pid != 0));
      g_assert_cmpuint (pid, ==, cases[i].pid != 0 ? cases[i].pid : 77);
      if (cases[i].pid != 0)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_NOT_A_NUMBER);
          g_assert_nonnull (strstr (error->message, "process id"));
        }
    }
}

static pid_t
start_child (void)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      pause ();
      _exit (0);
    }
  g_assert_cmpint (pid, >, 0);
  return pid;
}

static void
end_child (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

static void
test_handle_of_an_own_process (void)
{
  g_autoptr (GError) error = NULL;
  LscProcessHandle handle;
  LscProcessHandle own;
  pid_t pid = start_child ();

  g_assert_true (lsc_process_handle_init (&handle, (uint32_t) pid, &error));
  g_assert_true (lsc_process_handle_init (&own, (uint32_t) getpid (), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (handle.tgid, ==, (uint32_t) pid);
  g_assert_cmpuint (handle.uid, ==, getuid ());
  g_assert_true (handle.own);
  g_assert_cmpint (handle.pidfd, >=, 0);
  g_assert_cmpuint (own.start_ticks, >, 0);
  g_assert_cmpuint (handle.start_ticks, >=, own.start_ticks);
  g_assert_cmpuint (handle.start_ticks - own.start_ticks, <, 100 * 60);
  lsc_process_handle_clear (&handle);
  g_assert_cmpint (handle.pidfd, ==, -1);
  lsc_process_handle_clear (&own);
  end_child (pid);
}

static void
assert_no_such_process (uint32_t pid)
{
  g_autofree char *number = g_strdup_printf ("%u", pid);
  g_autoptr (GError) error = NULL;
  LscProcessHandle handle = { .pidfd = -2 };

  g_assert_false (lsc_process_handle_init (&handle, pid, &error));
  g_assert_error (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_NO_SUCH_PROCESS);
  g_assert_nonnull (strstr (error->message, number));
  g_assert_cmpint (handle.pidfd, ==, -2);
}

static void
test_no_such_process (void)
{
  pid_t pid = start_child ();

  assert_no_such_process (0);
  assert_no_such_process (G_MAXINT32);
  assert_no_such_process (G_MAXUINT32);
  /* A zombie has ended, whoever still has to look at it. */
  kill (pid, SIGKILL);
  waitid (P_PID, (id_t) pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
  assert_no_such_process ((uint32_t) pid);
  waitpid (pid, NULL, 0);
  assert_no_such_process ((uint32_t) pid);
}

static gpointer
say_tid (gpointer data)
{
  GAsyncQueue **queues = data;

  g_async_queue_push (queues[0], GINT_TO_POINTER (gettid ()));
  g_async_queue_pop (queues[1]); /* waits */
  return NULL;
}

static void
test_thread_stands_for_its_process (void)
{
  GAsyncQueue *queues[2] = { g_async_queue_new (), g_async_queue_new () };
  GThread *thread = g_thread_new ("test", say_tid, queues);
  uint32_t tid = (uint32_t) GPOINTER_TO_INT (g_async_queue_pop (queues[0]));
  g_autoptr (GError) error = NULL;
  LscProcessHandle handle;

  g_assert_cmpuint (tid, !=, (uint32_t) getpid ());
  g_assert_true (lsc_process_handle_init (&handle, tid, &error));
  g_assert_cmpuint (handle.tgid, ==, (uint32_t) getpid ());
  lsc_process_handle_clear (&handle);
  g_async_queue_push (queues[1], queues);
  g_thread_join (thread);
  g_async_queue_unref (queues[0]);
  g_async_queue_unref (queues[1]);
}

/* Start times do not come from a name that looks like one. */
static void
test_names_cannot_fool_it (void)
{
  static const char evil[] = ") S 1 2 3 (x";
  int ready[2];
  LscProcessHandle plain;
  LscProcessHandle handle;
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe (ready), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      prctl (PR_SET_NAME, evil);
      g_assert_cmpint (write (ready[1], "r", 1), ==, 1);
      pause ();
      _exit (0);
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  g_assert_true (lsc_process_handle_init (&plain, (uint32_t) getpid (), NULL));
  g_assert_true (lsc_process_handle_init (&handle, (uint32_t) pid, NULL));
  g_assert_cmpuint (handle.start_ticks, >=, plain.start_ticks);
  g_assert_cmpuint (handle.start_ticks - plain.start_ticks, <, 100 * 60);
  lsc_process_handle_clear (&handle);
  lsc_process_handle_clear (&plain);
  end_child (pid);
  close (ready[0]);
  close (ready[1]);
}

static void
test_too_many_targets (void)
{
  g_autoptr (GError) error = NULL;
  uint32_t pids[65];
  g_autoptr (LscTarget) target = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (pids); i++)
    pids[i] = (uint32_t) getpid ();
  target = lsc_target_new_processes (pids, G_N_ELEMENTS (pids), TRUE);
  g_assert_false (lsc_target_check (target, &error));
  g_assert_error (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_TOO_MANY_TARGETS);
  g_assert_nonnull (strstr (error->message, "64"));
}

static void
test_descriptions_read_as_typed (void)
{
  const char *argv[] = { "sh", "-c", "echo 'a b'; exit", "", NULL };
  uint32_t pids[] = { (uint32_t) getpid (), 1 };
  g_autoptr (LscTarget) command = lsc_target_new_command (argv, NULL, NULL);
  g_autoptr (LscTarget) copy = lsc_target_copy (command);
  g_autoptr (LscTarget) processes = lsc_target_new_processes (pids, 2, TRUE);
  g_autoptr (LscTarget) everything = lsc_target_new_everything (LSC_TARGET_WHOLE_MACHINE);
  g_autofree char *first = lsc_target_describe (copy);
  g_autofree char *second = lsc_target_describe (processes);
  g_autofree char *third = lsc_target_describe (everything);
  g_autofree char *own = g_strdup_printf ("test-target (%u), ", pids[0]);

  g_assert_cmpstr (first, ==, "sh -c 'echo '\\''a b'\\''; exit' ''");
  g_assert_true (g_str_has_prefix (second, own));
  g_assert_true (g_str_has_suffix (second, "(1)"));
  g_assert_cmpstr (third, ==, "the whole machine");
}

static void
test_relative_program_is_looked_up_in_its_folder (void)
{
  const char *argv[] = { "./sh", NULL };
  g_autoptr (LscTarget) there = lsc_target_new_command (argv, "/bin", NULL);
  g_autoptr (LscTarget) elsewhere = lsc_target_new_command (argv, "/etc", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (lsc_target_check (there, &error));
  g_assert_no_error (error);
  g_assert_false (lsc_target_check (elsewhere, &error));
  g_assert_error (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_NO_PROGRAM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/target/parse-pid", test_process_ids_are_read_strictly);
  g_test_add_func ("/target/own-process", test_handle_of_an_own_process);
  g_test_add_func ("/target/no-such-process", test_no_such_process);
  g_test_add_func ("/target/thread", test_thread_stands_for_its_process);
  g_test_add_func ("/target/evil-name", test_names_cannot_fool_it);
  g_test_add_func ("/target/too-many", test_too_many_targets);
  g_test_add_func ("/target/describe", test_descriptions_read_as_typed);
  g_test_add_func ("/target/relative-program", test_relative_program_is_looked_up_in_its_folder);
  return g_test_run ();
}
