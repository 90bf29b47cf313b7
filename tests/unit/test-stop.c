/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/headline.h"
#include "lib/explain/meanwhile.h"
#include "lib/explain/stop.h"
#include "tests/support/handmade.h"
#include "tests/support/synth-trace.h"

#define NBSP "\302\240"

/* On CPU 0 "alpha" waits for a lock from 1000 to 1400, then in the queue until 1500 while "beta",
 * who woke it, runs on; alpha is pushed off by beta from 1600 to 1900. */
static LscTrace *
make_trace (void)
{
  g_autoptr (GByteArray) stream = begin_stream (900);

  add_task (stream, 900, 11, "alpha", 0, 0);
  add_task (stream, 900, 12, "beta", 0, 0);
  add_switch (stream, 950, 0,
              (LscRecordSwitch){ .next_tid = 11, .prev_syscall = LSC_SYSCALL_NONE });
  add_sleep (stream, 1000, 0, 11, FUTEX, 12);
  add_waking (stream, 1400, 0, 12, 11);
  add_preemption (stream, 1500, 0, 12, 11);
  add_preemption (stream, 1600, 0, 11, 12);
  add_preemption (stream, 1900, 0, 12, 11);
  end_stream (stream, 2000);
  return trace_of_stream (stream);
}

static uint64_t
number_at (const LscTrace *trace, uint32_t thread, uint64_t time_ns)
{
  return lsc_lane_find (lsc_trace_get_thread (trace, thread)->lane, time_ns);
}

static void
test_lock (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  LscStop asleep, queued;
  uint32_t alpha = lsc_trace_find_thread (trace, 11)->index;
  uint32_t beta = lsc_trace_find_thread (trace, 12)->index;

  g_assert_true (lsc_stop_find (trace, alpha, number_at (trace, alpha, 1100), &asleep));
  g_assert_cmpint (asleep.reason, ==, LSC_REASON_LOCK);
  g_assert_cmpuint (asleep.facts.arg, ==, 0x7f40);
  g_assert_cmpuint (asleep.blocked_ns, ==, 400);
  g_assert_cmpuint (asleep.queued_ns, ==, 100);
  g_assert_cmpuint (asleep.woken_ns, ==, 1400);
  g_assert_true (asleep.has_waker && asleep.waker.thread == beta);
  g_assert_true (asleep.has_back);
  g_assert_cmpuint (asleep.cpu_back, ==, 0);
  g_assert_cmpuint (asleep.end, ==, number_at (trace, alpha, 1500));
  /* the same stop, whichever of its spans is asked about */
  g_assert_true (lsc_stop_find (trace, alpha, number_at (trace, alpha, 1450), &queued));
  g_assert_cmpuint (queued.first, ==, asleep.first);
  g_assert_cmpuint (queued.blocked_ns, ==, asleep.blocked_ns);
}

static void
test_preempted (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  uint32_t alpha = lsc_trace_find_thread (trace, 11)->index;
  LscStop stop;

  g_assert_true (lsc_stop_find (trace, alpha, number_at (trace, alpha, 1700), &stop));
  g_assert_cmpint (stop.reason, ==, LSC_REASON_PREEMPTED);
  g_assert_cmpuint (stop.blocked_ns, ==, 0);
  g_assert_cmpuint (stop.queued_ns, ==, 300);
  g_assert_cmpuint (stop.woken_ns, ==, stop.start_ns);
  g_assert_false (stop.has_waker);
}

static void
test_run_is_none (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  uint32_t alpha = lsc_trace_find_thread (trace, 11)->index;
  LscStop stop;

  g_assert_false (lsc_stop_find (trace, alpha, number_at (trace, alpha, 1550), &stop));
  g_assert_false (lsc_stop_find (trace, alpha, 1000, &stop));
  g_assert_false (lsc_stop_find (trace, 99, 0, &stop));
}

static void
test_woken_by (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  uint32_t alpha = lsc_trace_find_thread (trace, 11)->index;
  uint32_t beta = lsc_trace_find_thread (trace, 12)->index;
  g_autoptr (GArray) woken = lsc_stop_list_woken_by (trace, beta, 1000, 1500, 1000);
  g_autoptr (GArray) later = lsc_stop_list_woken_by (trace, beta, 1500, 2000, 1000);

  g_assert_cmpuint (woken->len, ==, 1);
  g_assert_cmpuint (g_array_index (woken, LscWakeup, 0).thread, ==, alpha);
  g_assert_cmpuint (g_array_index (woken, LscWakeup, 0).time_ns, ==, 1400);
  g_assert_cmpuint (later->len, ==, 0);
}

static void
test_ran_instead (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  uint32_t alpha = lsc_trace_find_thread (trace, 11)->index;
  g_autoptr (GArray) shares = lsc_meanwhile_list (trace, 0, 1550, 1950, alpha, 1000);

  g_assert_cmpuint (shares->len, ==, 1);
  g_assert_cmpuint (g_array_index (shares, LscMeanwhileShare, 0).ns, ==, 300);
}

static void
test_headlines (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  uint32_t alpha = lsc_trace_find_thread (trace, 11)->index;
  g_autofree char *lock = lsc_headline_of_span (trace, alpha, number_at (trace, alpha, 1100));
  g_autofree char *run = lsc_headline_of_span (trace, alpha, number_at (trace, alpha, 1550));
  g_autofree char *pushed = lsc_headline_of_span (trace, alpha, number_at (trace, alpha, 1700));
  g_autofree char *after = lsc_headline_of_neighbour (trace, alpha, number_at (trace, alpha, 1550));

  g_assert_cmpstr (lock, ==, "alpha waited for a lock for 400" NBSP "ns");
  g_assert_cmpstr (run, ==, "alpha ran for 100" NBSP "ns");
  g_assert_cmpstr (pushed, ==, "alpha was pushed off the CPU for 300" NBSP "ns");
  g_assert_cmpstr (after, ==, "ran 100" NBSP "ns on CPU 0");
  g_assert_null (lsc_headline_of_span (trace, alpha, 1000));
}

/* Of every span of a machine's life: blocked and queued add up to the stop, and everybody who was
 * woken by a thread is on its list. */
static void
test_adds_up (void)
{
  LscSynthConfig config = {
    .seed = 5, .n_events = 20000, .n_cpus = 3, .n_threads = 9, .n_processes = 2, .lost = 3
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  uint32_t n_stops = 0;

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    {
      const LscLane *lane = lsc_trace_get_thread (trace, i)->lane;

      for (uint64_t n = lane == NULL ? 0 : lsc_lane_get_first (lane);
           lane != NULL && n < lsc_lane_get_end (lane); n++)
        {
          LscStop stop;
          g_autofree char *headline = lsc_headline_of_span (trace, i, n);

          g_assert_nonnull (headline);
          if (!lsc_stop_find (trace, i, n, &stop))
            continue;
          n_stops++;
          g_assert_cmpuint (stop.blocked_ns + stop.queued_ns, ==, stop.end_ns - stop.start_ns);
          g_assert_true (stop.first <= n && n < stop.end);
        }
    }
  g_assert_cmpuint (n_stops, >, 5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stop/lock", test_lock);
  g_test_add_func ("/stop/preempted", test_preempted);
  g_test_add_func ("/stop/run-is-none", test_run_is_none);
  g_test_add_func ("/stop/woken-by", test_woken_by);
  g_test_add_func ("/stop/ran-instead", test_ran_instead);
  g_test_add_func ("/stop/headlines", test_headlines);
  g_test_add_func ("/stop/adds-up", test_adds_up);
  return g_test_run ();
}
