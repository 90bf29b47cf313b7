/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The critical path of captures with a known one; and for any capture, range and thread: segments
 * that touch, cover the range, and agree with the lanes of the threads they name.
 */
#include "lib/explain/critical-path.h"
#include "lib/explain/lock-story.h"
#include "tests/support/handmade.h"
#include "tests/support/stories.h"
#include "tests/support/synth-trace.h"

#define MS UINT64_C (1000000)

typedef struct
{
  uint64_t from_ms;
  uint64_t to_ms;
  LscCriticalKind kind;
  uint32_t tid;
  uint32_t other; /* tid, 0: none */
} Expected;

static void
assert_path (const LscTrace *trace, uint32_t tid, const Expected *expected, uint32_t n)
{
  const LscThread *thread = lsc_trace_find_thread (trace, tid);
  g_autoptr (LscCriticalPath) path = lsc_critical_path_new (trace, thread->index, 0, UINT64_MAX);

  g_assert_true (lsc_critical_path_run (path, NULL));
  g_assert_cmpuint (lsc_critical_path_get_n (path), ==, n);
  for (uint32_t i = 0; i < n; i++)
    {
      const LscCriticalSegment *segment = lsc_critical_path_get (path, i);

      g_assert_cmpuint (segment->from_ns, ==, expected[i].from_ms * MS);
      g_assert_cmpuint (segment->to_ns, ==, expected[i].to_ms * MS);
      g_assert_cmpint (segment->kind, ==, expected[i].kind);
      g_assert_cmpuint (lsc_trace_get_thread (trace, segment->thread)->tid, ==, expected[i].tid);
      if (expected[i].other == 0)
        g_assert_cmpuint (segment->other, ==, LSC_THREAD_NONE);
      else
        g_assert_cmpuint (lsc_trace_get_thread (trace, segment->other)->tid, ==, expected[i].other);
      g_assert_true (lsc_critical_path_find (path, segment->from_ns) == segment);
      g_assert_true (lsc_critical_path_find (path, segment->to_ns - 1) == segment);
    }
}

/* main waits for worker, which waits for the disk and is queued behind other; then main runs. */
static void
test_through_two_threads (void)
{
  GByteArray *s = begin_stream (0);
  g_autoptr (LscTrace) trace = NULL;
  static const Expected expected[] = {
    { 0, 10, LSC_CRITICAL_RUNNING, 11, 0 },  { 10, 20, LSC_CRITICAL_RUNNING, 12, 0 },
    { 20, 30, LSC_CRITICAL_WAITING, 12, 0 }, { 30, 35, LSC_CRITICAL_QUEUED, 12, 13 },
    { 35, 50, LSC_CRITICAL_RUNNING, 12, 0 }, { 50, 52, LSC_CRITICAL_QUEUED, 11, 0 },
    { 52, 60, LSC_CRITICAL_RUNNING, 11, 0 },
  };

  add_task (s, 0, 11, "main", LSC_TASK_ON_CPU, 0);
  add_task (s, 0, 12, "worker", 0, 1);
  add_task (s, 0, 13, "other", 0, 1);
  add_waking (s, 5 * MS, 0, 11, 12);
  add_switch (s, 6 * MS, 1, (LscRecordSwitch){ .next_tid = 12 });
  add_sleep (s, 10 * MS, 0, 11, FUTEX, 0);
  add_switch (s, 20 * MS, 1,
              (LscRecordSwitch){ .head.flags = LSC_SWITCH_IO_WAIT,
                                 .prev_tid = 12,
                                 .next_tid = 13,
                                 .prev_state = 2,
                                 .prev_syscall = 0 });
  add_waking (s, 30 * MS, 0, LSC_TID_IDLE, 12);
  add_sleep (s, 35 * MS, 1, 13, CLOCK_NANOSLEEP, 12);
  add_waking (s, 50 * MS, 1, 12, 11);
  add_switch (s, 52 * MS, 0, (LscRecordSwitch){ .next_tid = 11 });
  add_sleep (s, 55 * MS, 1, 12, FUTEX, 0);
  end_stream (s, 60 * MS);
  trace = trace_of_stream (s);
  g_byte_array_unref (s);
  assert_path (trace, 11, expected, G_N_ELEMENTS (expected));
}

/* At a barrier with one slow worker, the path of every other one leads through it. */
static void
test_slow_worker (void)
{
  g_autoptr (GByteArray) story = story_of_barrier (FALSE);
  g_autoptr (LscTrace) trace = trace_of_stream (story);
  const LscThread *fast = lsc_trace_find_thread (trace, 12);
  const LscThread *slow = lsc_trace_find_thread (trace, 11);
  g_autoptr (LscCriticalPath) path = lsc_critical_path_new (trace, fast->index, 21 * MS, 800 * MS);
  g_autoptr (GArray) shares = NULL;
  const LscCriticalShare *first;

  g_assert_true (lsc_critical_path_run (path, NULL));
  shares = lsc_critical_path_sum (path);
  first = &g_array_index (shares, LscCriticalShare, 0);
  g_assert_cmpuint (shares->len, ==, 2);
  g_assert_cmpuint (first->thread, ==, slow->index);
  /* 15 of each 20 ms: from when the fast one is done until it is let go. */
  g_assert_cmpfloat ((double) first->ns[LSC_CRITICAL_RUNNING] / (779.0 * 1e6), >, 0.7);
  g_assert_cmpfloat ((double) first->ns[LSC_CRITICAL_RUNNING] / (779.0 * 1e6), <, 0.8);
}

static LscState
state_of_kind (LscCriticalKind kind)
{
  static const LscState states[] = {
    [LSC_CRITICAL_RUNNING] = LSC_STATE_RUNNING,  [LSC_CRITICAL_QUEUED] = LSC_STATE_RUNNABLE,
    [LSC_CRITICAL_WAITING] = LSC_STATE_SLEEPING, [LSC_CRITICAL_BLOCKED] = LSC_STATE_SLEEPING,
    [LSC_CRITICAL_UNKNOWN] = LSC_STATE_UNKNOWN,  [LSC_CRITICAL_ABSENT] = LSC_STATE_ABSENT,
  };

  return states[kind];
}

static LscState
main_state (uint8_t state)
{
  if (state == LSC_STATE_PREEMPTED)
    return LSC_STATE_RUNNABLE;
  return state == LSC_STATE_UNINTERRUPTIBLE || state == LSC_STATE_STOPPED ? LSC_STATE_SLEEPING
                                                                          : (LscState) state;
}

static void
check_segment (const LscTrace *trace, const LscCriticalSegment *segment)
{
  const LscLane *lane = lsc_trace_get_thread (trace, segment->thread)->lane;
  LscSpan span;

  lsc_lane_span_at (lane, segment->from_ns, &span);
  g_assert_cmpint (main_state (span.facts.state), ==, state_of_kind (segment->kind));
  if (segment->kind != LSC_CRITICAL_ABSENT)
    g_assert_cmpuint (span.end_ns, >=, segment->to_ns);
}

static void
test_any_range (void)
{
  for (uint32_t seed = 1; seed <= 4; seed++)
    {
      LscSynthConfig config = { .seed = seed,
                                .n_events = 20000,
                                .n_cpus = 3,
                                .n_threads = 12,
                                .n_processes = 2,
                                .churn = 20,
                                .lost = seed % 2 };
      g_autoptr (LscTrace) trace = trace_of_synth (&config);
      uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);

      for (uint32_t thread = 0; thread < 12; thread++)
        {
          uint64_t from = start + (end - start) / 13 * thread, at = from;
          uint32_t deepest = 0;
          g_autoptr (LscCriticalPath) path = lsc_critical_path_new (trace, thread, from, end);

          while (lsc_critical_path_step (path, 13))
            ;
          for (uint32_t i = 0; i < lsc_critical_path_get_n (path); i++)
            {
              const LscCriticalSegment *segment = lsc_critical_path_get (path, i);

              g_assert_cmpuint (segment->from_ns, ==, at);
              g_assert_cmpuint (segment->to_ns, >, at);
              check_segment (trace, segment);
              at = segment->to_ns;
              deepest = MAX (deepest, segment->depth);
            }
          g_assert_cmpuint (at, ==, end);
          g_assert_cmpuint (deepest, <, 64);
        }
    }
}

/* Four take turns of 8 ms: each is inferred to hold it from its run to its release. */
static void
test_lock_story (void)
{
  g_autoptr (GByteArray) story = story_of_turns (4, 8 * MS, 0);
  g_autoptr (LscTrace) trace = trace_of_stream (story);
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscLockStory) lock =
      lsc_lock_story_new (survey, lsc_trace_find_thread (trace, 11)->process, LOCK_A);

  g_assert_true (lsc_survey_run (survey, NULL));
  g_assert_cmpuint (lsc_lock_story_get_n_waits (lock), ==, 125);
  g_assert_cmpuint (lsc_lock_story_get_n_holds (lock), >, 100);
  for (uint32_t i = 0; i < lsc_lock_story_get_n_holds (lock); i++)
    {
      const LscLockHold *hold = lsc_lock_story_get_hold (lock, i);
      LscSpan span;

      lsc_lane_span_at (lsc_trace_get_thread (trace, hold->thread)->lane, hold->from_ns, &span);
      g_assert_cmpint (span.facts.state, ==, LSC_STATE_RUNNING);
      g_assert_cmpuint (hold->to_ns - hold->from_ns, ==, 8 * MS - 5000);
    }
  g_assert_cmpuint (lsc_lock_story_get_n_mutual (lock), ==, lsc_lock_story_get_n_releases (lock));
  g_assert_cmpuint (lsc_lock_story_get_n_bursts (lock), ==, 0);
}

/* A story of too many waits ends earlier, and is whole up to there. */
static void
test_short_story (void)
{
  g_autoptr (GByteArray) story = story_of_turns (4, 200000, 0);
  g_autoptr (LscTrace) trace = trace_of_stream (story);
  uint32_t process = lsc_trace_find_thread (trace, 11)->process, n_before = 0;
  g_autoptr (LscSurvey) survey =
      lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  g_autoptr (LscLockStory) whole = lsc_lock_story_new (survey, process, LOCK_A);
  g_autoptr (LscLockStory) brief = lsc_lock_story_new (survey, process, LOCK_A);

  lsc_lock_story_set_max (brief, 1000);
  g_assert_true (lsc_survey_run (survey, NULL));
  g_assert_cmpuint (lsc_lock_story_get_n_waits (whole), ==, 5000);
  g_assert_cmpuint (lsc_lock_story_get_n_waits (brief), >, 400);
  g_assert_cmpuint (lsc_lock_story_get_n_waits (brief), <=, 1000);
  for (uint32_t i = 0; i < lsc_lock_story_get_n_waits (whole); i++)
    n_before += lsc_lock_story_get_wait (whole, i)->start_ns < lsc_lock_story_get_until_ns (brief);
  g_assert_cmpuint (n_before, ==, lsc_lock_story_get_n_waits (brief));
  g_assert_cmpuint (lsc_lock_story_get_contended_ns (brief), <=,
                    lsc_lock_story_get_until_ns (brief));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/critical-path/through-two-threads", test_through_two_threads);
  g_test_add_func ("/critical-path/slow-worker", test_slow_worker);
  g_test_add_func ("/critical-path/any-range", test_any_range);
  g_test_add_func ("/critical-path/lock-story", test_lock_story);
  g_test_add_func ("/critical-path/short-story", test_short_story);
  return g_test_run ();
}
