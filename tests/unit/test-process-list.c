/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/process-list.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_US (20 * G_TIME_SPAN_SECOND)

/* A program that only waits; it believes to be called `name`, and does so when this returns. */
static pid_t
spawn (const char *name)
{
  int started[2]; /* closed by exec */
  char nothing;

  g_assert_cmpint (pipe2 (started, O_CLOEXEC), ==, 0);
  pid_t pid = fork ();
  if (pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      execlp ("sleep", name, "600", NULL);
      _exit (127);
    }
  g_assert_cmpint (pid, >, 0);
  close (started[1]);
  g_assert_cmpint (read (started[0], &nothing, 1), ==, 0);
  close (started[0]);
  return pid;
}

static void
end (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

/* Where the process stands in the list, or -1. */
static int
find (LscProcessList *list, pid_t pid)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LscProcessItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      if (lsc_process_item_get_row (item)->pid == (guint32) pid)
        return (int) i;
    }
  return -1;
}

static LscProcessItem *
dup_item (LscProcessList *list, pid_t pid)
{
  return g_list_model_get_item (G_LIST_MODEL (list), (guint) find (list, pid));
}

static void
count_cb (LscProcessList *list, guint *n)
{
  (*n)++;
}

/* Lets the list read `n` times. */
static void
wait_readings (LscProcessList *list, guint n)
{
  guint seen = 0;
  gint64 until = g_get_monotonic_time () + PATIENCE_US;
  gulong handler = g_signal_connect (list, "updated", G_CALLBACK (count_cb), &seen);
  while (seen < n)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (list, handler);
}

static void
test_comes_and_goes (void)
{
  g_autoptr (LscProcessList) list = lsc_process_list_new ();
  lsc_process_list_set_active (list, TRUE);
  wait_readings (list, 1);
  pid_t pid = spawn ("sleep");
  g_assert_cmpint (find (list, pid), ==, -1);
  wait_readings (list, 2);
  g_assert_cmpint (find (list, pid), >=, 0);
  g_autoptr (LscProcessItem) item = dup_item (list, pid);
  g_assert_true (lsc_process_item_is_mine (item));
  g_assert_false (lsc_process_item_is_thread (item));
  g_assert_cmpuint (lsc_process_item_get_row (item)->n_threads, ==, 1);
  end (pid);
  wait_readings (list, 2);
  g_assert_cmpint (find (list, pid), ==, -1);
  g_assert_true (lsc_process_item_has_ended (item));
}

static void
test_leaves_itself_out (void)
{
  g_autoptr (LscProcessList) list = lsc_process_list_new ();
  lsc_process_list_set_active (list, TRUE);
  wait_readings (list, 1);
  g_assert_cmpint (find (list, getppid ()), >=, 0);
  g_assert_cmpint (find (list, getpid ()), ==, -1);
}

static void
test_held_rows_stay (void)
{
  g_autoptr (LscProcessList) list = lsc_process_list_new ();
  pid_t first = spawn ("sleep");
  pid_t second = spawn ("sleep");
  lsc_process_list_set_active (list, TRUE);
  wait_readings (list, 1);
  int place = find (list, second);
  lsc_process_list_set_held (list, TRUE);
  end (first);
  wait_readings (list, 2);
  g_assert_cmpint (find (list, first), >=, 0);
  g_assert_cmpint (find (list, second), ==, place);
  g_autoptr (LscProcessItem) gone = dup_item (list, first);
  g_assert_true (lsc_process_item_has_ended (gone));
  lsc_process_list_set_held (list, FALSE);
  wait_readings (list, 1);
  g_assert_cmpint (find (list, first), ==, -1);
  end (second);
}

static void
test_matches (void)
{
  g_autoptr (LscProcessList) list = lsc_process_list_new ();
  pid_t pid = spawn ("Gr\303\266\303\237e");
  lsc_process_list_set_active (list, TRUE);
  wait_readings (list, 1);
  g_autoptr (LscProcessItem) item = dup_item (list, pid);
  g_autofree char *number = g_strdup_printf ("%d", (int) pid);
  g_autofree char *needle = g_utf8_casefold ("GR\303\226SSE", -1);
  g_assert_true (lsc_process_item_matches (item, number));
  g_assert_true (lsc_process_item_matches (item, needle));
  g_assert_false (lsc_process_item_matches (item, "no such thing"));
  end (pid);
}

static void
test_threads_of_an_opened_row (void)
{
  g_autoptr (LscProcessList) list = lsc_process_list_new ();
  pid_t pid = spawn ("sleep");
  lsc_process_list_set_active (list, TRUE);
  wait_readings (list, 1);
  g_autoptr (LscProcessItem) item = dup_item (list, pid);
  GListModel *threads = G_LIST_MODEL (lsc_process_item_get_threads (item));
  g_assert_cmpuint (g_list_model_get_n_items (threads), ==, 0);
  lsc_process_list_set_expanded (list, item, TRUE);
  wait_readings (list, 2);
  g_assert_cmpuint (g_list_model_get_n_items (threads), ==, 1);
  g_autoptr (LscProcessItem) thread = g_list_model_get_item (threads, 0);
  g_assert_true (lsc_process_item_is_thread (thread));
  g_assert_cmpuint (lsc_process_item_get_row (thread)->tid, ==, (guint32) pid);
  end (pid);
}

/* One CPU's work, as ticks over half a second, is 100 percent. */
static void
test_cpu_share (void)
{
  LscProcessRow row = { .pid = 1, .tid = 1, .user = (char *) "", .name = (char *) "x" };
  row.command_line = (char *) "";
  g_autoptr (LscProcessItem) item = lsc_process_item_new (&row, FALSE);
  row.cpu_ticks = 50;
  lsc_process_item_update (item, &row, 100, 0.5);
  g_assert_cmpfloat_with_epsilon (lsc_process_item_get_cpu (item), 100, 0.001);
  row.cpu_ticks = 75;
  lsc_process_item_update (item, &row, 100, 0.5);
  g_assert_cmpfloat_with_epsilon (lsc_process_item_get_cpu (item), 75, 0.001); /* of a second */
  const float *history = lsc_process_item_get_history (item);
  g_assert_cmpfloat_with_epsilon (history[LSC_PROCESS_HISTORY - 1], 50, 0.001);
  g_assert_cmpfloat_with_epsilon (history[LSC_PROCESS_HISTORY - 2], 100, 0.001);
  g_assert_cmpfloat (history[LSC_PROCESS_HISTORY - 3], <, 0);
  g_assert_cmpfloat (lsc_process_item_get_settled_cpu (item), ==, 0);
  lsc_process_item_settle (item);
  g_assert_cmpfloat_with_epsilon (lsc_process_item_get_settled_cpu (item), 75, 0.001);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8"); /* libproc2 tells only what the locale can print */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process-list/comes-and-goes", test_comes_and_goes);
  g_test_add_func ("/process-list/leaves-itself-out", test_leaves_itself_out);
  g_test_add_func ("/process-list/held-rows-stay", test_held_rows_stay);
  g_test_add_func ("/process-list/matches", test_matches);
  g_test_add_func ("/process-list/threads-of-an-opened-row", test_threads_of_an_opened_row);
  g_test_add_func ("/process-list/cpu-share", test_cpu_share);
  return g_test_run ();
}
