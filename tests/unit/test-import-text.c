/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text of ftrace, trace-cmd and perf: the three ways to write the same events give the same lanes,
 * and lines nobody wrote are counted, not believed.
 */
#include "lib/files/capture-load.h"
#include "tests/support/capture-fixture.h"

static const char ftrace[] =
    "# tracer: nop\n#\n# entries-in-buffer/entries-written: 5/5   #P:2\n#\n"
    "          <idle>-0       (-------) [000] d..2.     1.000000: sched_switch: "
    "prev_comm=swapper/0 "
    "prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=my prog next_pid=11 next_prio=120\n"
    "         my prog-11      (     10) [000] d..2.     1.000100: sched_switch: prev_comm=my prog "
    "prev_pid=11 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120\n"
    "          <idle>-0       (-------) [000] d.h4.     1.000200: sched_waking: comm=my prog "
    "pid=11 "
    "prio=120 target_cpu=000\n"
    "          <idle>-0       (-------) [000] d..2.     1.000300: sched_switch: "
    "prev_comm=swapper/0 "
    "prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=my prog next_pid=11 next_prio=120\n"
    "         my prog-11      (     10) [000] d..2.     1.000400: sched_switch: prev_comm=my prog "
    "prev_pid=11 prev_prio=120 prev_state=R+ ==> next_comm=cat next_pid=12 next_prio=120\n";

static const char report[] =
    "cpus=2\n"
    "          <idle>-0     [000]     1.000000: sched_switch:         swapper/0:0 [120] R ==> my "
    "prog:11 [120]\n"
    "         my prog-11    [000]     1.000100: sched_switch:         my prog:11 [120] S ==> "
    "swapper/0:0 [120]\n"
    "          <idle>-0     [000]     1.000200: sched_waking:         my prog:11 [120] CPU:000\n"
    "          <idle>-0     [000]     1.000300: sched_switch:         swapper/0:0 [120] R ==> my "
    "prog:11 [120]\n"
    "         my prog-11    [000]     1.000400: sched_switch:         my prog:11 [120] R+ ==> "
    "cat:12 "
    "[120]\n";

static const char perf[] =
    "swapper     0/0     [000]     1.000000000:       sched:sched_switch: prev_comm=swapper/0 "
    "prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=my prog next_pid=11 next_prio=120\n"
    "my prog    10/11    [000]     1.000050000: sched:sched_stat_runtime: comm=my prog pid=11\n"
    "my prog    10/11    [000]     1.000100000:       sched:sched_switch: prev_comm=my prog "
    "prev_pid=11 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120\n"
    "swapper     0/0     [000]     1.000200000:       sched:sched_waking: comm=my prog pid=11 "
    "prio=120 target_cpu=000\n"
    "swapper     0/0     [000]     1.000300000:       sched:sched_switch: prev_comm=swapper/0 "
    "prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=my prog next_pid=11 next_prio=120\n"
    "my prog    10/11    [000]     1.000400000:       sched:sched_switch: prev_comm=my prog "
    "prev_pid=11 prev_prio=120 prev_state=R+ ==> next_comm=cat next_pid=12 next_prio=120\n";

static LscTrace *
load (Fixture *f, const char *text, LscCaptureCondition *out_condition, GError **error)
{
  *out_condition = (LscCaptureCondition){ 0 };
  put (f->path, text, strlen (text));
  return lsc_capture_load (f->path, NULL, NULL, NULL, out_condition, error);
}

static void
assert_span (const LscThread *thread, uint64_t n, uint64_t us, LscState state)
{
  LscSpan span;

  g_assert_cmpuint (n, <, lsc_lane_get_end (thread->lane));
  lsc_lane_get (thread->lane, n, &span);
  g_assert_cmpuint (span.start_ns, ==, 1000000000 + us * 1000);
  g_assert_cmpint (span.facts.state, ==, state);
}

static void
test_three_tools_tell_the_same (Fixture *f, gconstpointer data)
{
  const char *const texts[] = { ftrace, report, perf };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      LscCaptureCondition condition;
      g_autoptr (GError) error = NULL;
      g_autoptr (LscTrace) trace = load (f, texts[i], &condition, &error);
      const LscThread *thread;
      LscSpan queued;

      g_assert_no_error (error);
      g_assert_cmpstr (condition.format, ==, "text");
      g_assert_cmpuint (condition.n_unread, ==, 0);
      g_assert_false (condition.cut_short);
      g_assert_cmpuint (lsc_trace_get_n_events (trace), ==, 5);
      thread = lsc_trace_find_thread (trace, 11);
      g_assert_nonnull (thread);
      g_assert_cmpstr (thread->name, ==, "my prog");
      /* trace-cmd does not say which process a thread is of. */
      g_assert_cmpuint (lsc_trace_get_process (trace, thread->process)->tgid, ==, i == 1 ? 11 : 10);
      assert_span (thread, 0, 0, LSC_STATE_RUNNING);
      assert_span (thread, 1, 100, LSC_STATE_SLEEPING);
      assert_span (thread, 2, 200, LSC_STATE_RUNNABLE);
      assert_span (thread, 3, 300, LSC_STATE_RUNNING);
      assert_span (thread, 4, 400, LSC_STATE_PREEMPTED);
      lsc_lane_get (thread->lane, 2, &queued);
      g_assert_true (queued.facts.flags & LSC_FACT_INTERRUPT);
      g_assert_nonnull (lsc_trace_find_thread (trace, 12));
    }
}

static void
test_losses_are_gaps (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strconcat (
      ftrace,
      "CPU:0 [LOST 17 EVENTS]\n"
      "             cat-12      (     12) [000] d..2.     1.002000: sched_switch: prev_comm=cat "
      "prev_pid=12 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120\n",
      NULL);
  LscCaptureCondition condition;
  g_autoptr (LscTrace) trace = load (f, text, &condition, NULL);

  g_assert_cmpuint (lsc_trace_get_n_gaps (trace), ==, 1);
  g_assert_cmpuint (lsc_trace_get_n_lost (trace), ==, 17);
  g_assert_cmpuint (lsc_trace_get_gap (trace, 0)->cpu, ==, 0);
}

/* A process's birth, change of program, change of name, end. */
static void
test_lives_are_told (Fixture *f, gconstpointer data)
{
  static const char text[] =
      "a-11 [001] ..... 1.000000: task_newtask: pid=12 comm=a clone_flags=1200000 oom_score_adj=0\n"
      "a-11 [001] ..... 1.000010: sched_process_fork: comm=a pid=11 child_comm=a child_pid=12\n"
      "a-11 [001] d..2. 1.000020: sched_wakeup_new: comm=a pid=12 prio=120 target_cpu=001\n"
      "a-11 [001] d..2. 1.000030: sched_switch: prev_comm=a prev_pid=11 prev_prio=120 prev_state=S "
      "==> next_comm=a next_pid=12 next_prio=120\n"
      "a-12 [001] ..... 1.000040: sched_process_exec: filename=/usr/bin/sleep pid=12 old_pid=12\n"
      "sleep-12 [001] ..... 1.000050: task_newtask: pid=13 comm=sleep clone_flags=10000 "
      "oom_score_adj=0\n"
      "sleep-12 [001] ..... 1.000055: sched_process_fork: comm=sleep pid=12 child_comm=sleep "
      "child_pid=13\n"
      "sleep-12 [001] ..... 1.000060: task_rename: pid=12 oldcomm=sleep newcomm=nap "
      "oom_score_adj=0\n"
      "nap-12 [001] ..... 1.000070: sched_process_exit: comm=nap pid=12 prio=120\n"
      "nap-12 [001] d..2. 1.000080: sched_switch: prev_comm=nap prev_pid=12 prev_prio=120 "
      "prev_state=Z ==> next_comm=a next_pid=11 next_prio=120\n";
  LscCaptureCondition condition;
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) trace = load (f, text, &condition, &error);
  const LscThread *thread, *other;

  g_assert_no_error (error);
  thread = lsc_trace_find_thread (trace, 12);
  other = lsc_trace_find_thread (trace, 13);
  g_assert_true (thread->born);
  g_assert_true (thread->ended);
  g_assert_cmpstr (thread->name, ==, "nap");
  g_assert_cmpuint (lsc_trace_get_process (trace, thread->process)->tgid, ==, 12);
  g_assert_cmpuint (other->process, ==, thread->process);
}

static void
test_strange_lines_are_counted (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (ftrace);
  LscCaptureCondition condition;
  g_autoptr (LscTrace) trace = NULL;
  g_autofree char *remark = NULL;

  g_string_append (text, "hello\n");
  g_string_append (text, "x-1 [000] d..2. 1.5: sched_switch: prev_comm=\n");
  g_string_append (text, "x-1 [9999] d..2. 1.5: sched_switch: x\n");
  for (int i = 0; i < 300000; i++)
    g_string_append (text, "long ");
  g_string_append (text, "\n x-1 [000] 1.6: sched_sw");
  trace = load (f, text->str, &condition, NULL);
  g_assert_nonnull (trace);
  g_assert_cmpuint (condition.n_unread, >=, 4);
  g_assert_true (condition.cut_short);
  g_assert_cmpuint (lsc_trace_get_n_events (trace), ==, 5);
  remark = lsc_capture_condition_describe (&condition);
  g_assert_nonnull (strstr (remark, "not understood"));
}

static void
test_what_holds_nothing_gets_a_sentence (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *text, *word;
  } cases[] = {
    { "# tracer: nop\n#\n", "no context switches" },
    { "cpus=2\n a-1 [000] 1.5: cpu_idle: state=1\n", "no context switches" },
    { "some letter\n", "not a Lanescope capture" },
    { "", "is empty" },
    { "\x1f\x8b\x08", "gunzip" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LscCaptureCondition condition;
      g_autoptr (GError) error = NULL;

      g_assert_null (load (f, cases[i].text, &condition, &error));
      g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE);
      g_assert_nonnull (strstr (error->message, cases[i].word));
    }
}

/* A reader that takes its time: the first lanes come before the rest has been read. */
typedef struct
{
  uint64_t n_first; /* events */
  int n_shown;
} Watcher;

static void
dawdle_cb (double done, void *data)
{
  const Watcher *watcher = data;

  if (watcher->n_shown == 0)
    g_usleep (G_USEC_PER_SEC / 10);
}

static void
first_lanes_cb (LscTrace *trace, void *data)
{
  Watcher *watcher = data;

  watcher->n_first = lsc_trace_get_n_events (trace);
  watcher->n_shown++;
  lsc_trace_free (trace);
}

static void
test_first_lanes_come_early (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Watcher watcher = { 0 };
  const LscCaptureWatch watch = { dawdle_cb, first_lanes_cb, &watcher };
  LscCaptureCondition condition = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) trace = NULL;

  for (int i = 0; i < 20000; i++)
    g_string_append_printf (
        text,
        "a-11 [000] d..2. %d.%06d: sched_switch: prev_comm=a prev_pid=%d "
        "prev_prio=120 prev_state=S ==> next_comm=a next_pid=%d next_prio=120\n",
        i / 1000000, i % 1000000, 11 + i % 2, 12 - i % 2);
  put (f->path, text->str, text->len);
  trace = lsc_capture_load_watched (f->path, &watch, NULL, &condition, &error);
  g_assert_no_error (error);
  g_assert_cmpint (watcher.n_shown, ==, 1);
  g_assert_cmpuint (watcher.n_first, >, 0);
  g_assert_cmpuint (watcher.n_first, <, 10000);
  g_assert_cmpuint (lsc_trace_get_n_events (trace), ==, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/import-text/three-tools", test_three_tools_tell_the_same);
  ADD ("/import-text/losses", test_losses_are_gaps);
  ADD ("/import-text/lives", test_lives_are_told);
  ADD ("/import-text/strange", test_strange_lines_are_counted);
  ADD ("/import-text/first-lanes", test_first_lanes_come_early);
  ADD ("/import-text/nothing", test_what_holds_nothing_gets_a_sentence);
  return g_test_run ();
}
