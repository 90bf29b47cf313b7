/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each pattern is found in a capture that shows it, with the right threads and share, and in no
 * capture that only nearly does; nothing is found in traces without any.
 */
#include "lib/explain/pattern.h"
#include "tests/support/stories.h"
#include "tests/support/synth-trace.h"

#define MS UINT64_C (1000000)
#define US UINT64_C (1000)

typedef struct
{
  LscTrace *trace;
  LscSurvey *survey;
  LscPatternScan *scan;
} Scan;

static Scan
scan_trace (LscTrace *trace)
{
  Scan scan = { .trace = trace };

  scan.survey = lsc_survey_new (trace, 0, UINT64_MAX, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  scan.scan = lsc_pattern_scan_new (scan.survey);
  while (lsc_survey_step (scan.survey, 997))
    ;
  return scan;
}

static Scan
scan_story (GByteArray *story)
{
  Scan scan = scan_trace (trace_of_stream (story));

  g_byte_array_unref (story);
  return scan;
}

static void
clear_scan (Scan *scan)
{
  lsc_survey_free (scan->survey);
  lsc_pattern_scan_free (scan->scan);
  lsc_trace_free (scan->trace);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, clear_scan)

/* The one pattern that was found. */
static const LscPattern *
the_pattern (const Scan *scan, LscPatternKind kind, uint32_t n_threads)
{
  const LscPattern *pattern = lsc_pattern_scan_get (scan->scan, 0);

  for (uint32_t i = 0; i < lsc_pattern_scan_get_n (scan->scan); i++)
    g_test_message ("%s: %s. %s", lsc_pattern_kind_id (lsc_pattern_scan_get (scan->scan, i)->kind),
                    lsc_pattern_scan_get (scan->scan, i)->title,
                    lsc_pattern_scan_get (scan->scan, i)->evidence);
  g_assert_cmpuint (lsc_pattern_scan_get_n (scan->scan), ==, 1);
  g_assert_cmpint (pattern->kind, ==, kind);
  g_assert_cmpuint (pattern->n_threads, ==, n_threads);
  g_assert_cmpfloat (pattern->share, >, 0);
  g_assert_cmpfloat (pattern->share, <=, 1);
  g_assert_cmpuint (pattern->at_ns, <, pattern->until_ns);
  g_assert_cmpuint (pattern->until_ns, <=, lsc_trace_get_end_ns (scan->trace));
  g_assert_cmpuint (strlen (pattern->title), >, 5);
  g_assert_cmpuint (strlen (pattern->evidence), >, 20);
  g_assert_cmpuint (strlen (pattern->doubt), >, 20);
  return pattern;
}

static void
assert_quiet (GByteArray *story)
{
  g_auto (Scan) scan = scan_story (story);

  for (uint32_t i = 0; i < lsc_pattern_scan_get_n (scan.scan); i++)
    g_test_message ("not quiet: %s", lsc_pattern_scan_get (scan.scan, i)->evidence);
  g_assert_cmpuint (lsc_pattern_scan_get_n (scan.scan), ==, 0);
}

static uint32_t
tid_of (const Scan *scan, uint32_t thread)
{
  return lsc_trace_get_thread (scan->trace, thread)->tid;
}

static void
test_serialised (void)
{
  g_auto (Scan) scan = scan_story (story_of_turns (4, 8 * MS, 0));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_SERIALISED, 4);

  g_assert_cmpuint (pattern->lock, ==, LOCK_A);
  g_assert_cmpfloat (pattern->share, >, 0.95);
  g_assert_nonnull (strstr (pattern->evidence, "one held it for 8\302\240ms"));
}

/* Whose card it is: of those who have part in it, and of their waits for that lock alone. */
static void
test_about (void)
{
  g_auto (Scan) scan = scan_story (story_of_turns (4, 8 * MS, 0));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_SERIALISED, 4);
  uint32_t other = 0;
  LscFacts bar = { .state = LSC_STATE_SLEEPING, .arg = LOCK_A };

  for (uint32_t i = 0; i < pattern->n_threads; i++)
    {
      g_assert_true (lsc_pattern_is_about (pattern, pattern->threads[i], NULL));
      g_assert_true (lsc_pattern_is_about (pattern, pattern->threads[i], &bar));
      other = MAX (other, pattern->threads[i] + 1);
    }
  g_assert_false (lsc_pattern_is_about (pattern, other, NULL));
  g_assert_false (lsc_pattern_is_about (pattern, other, &bar));
  bar.arg = LOCK_B;
  g_assert_false (lsc_pattern_is_about (pattern, pattern->threads[0], &bar));
  bar.state = LSC_STATE_RUNNING;
  g_assert_true (lsc_pattern_is_about (pattern, pattern->threads[0], &bar));
}

static void
test_not_serialised (void)
{
  assert_quiet (story_of_turns (4, 2 * MS, 3 * MS));
  assert_quiet (story_of_turns (1, 8 * MS, 2 * MS));
}

static void
test_convoy (void)
{
  g_auto (Scan) scan = scan_story (story_of_turns (4, 200 * US, 0));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_CONVOY, 4);

  g_assert_cmpuint (pattern->lock, ==, LOCK_A);
  g_assert_cmpfloat (pattern->share, >, 0.9);
}

/* Two cannot queue: one of them holds it. */
static void
test_no_convoy (void)
{
  g_auto (Scan) scan = scan_story (story_of_turns (2, 200 * US, 0));

  the_pattern (&scan, LSC_PATTERN_SERIALISED, 2);
}

static void
test_alternation (void)
{
  g_auto (Scan) scan = scan_story (story_of_interpreter (3, STORY_INTERPRETER));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_ALTERNATION, 3);

  g_assert_cmpfloat (pattern->share, >, 0.9);
}

static void
test_no_alternation (void)
{
  g_auto (Scan) scan = scan_story (story_of_interpreter (3, STORY_UNTIMED));

  g_auto (Scan) queued = scan_story (story_of_interpreter (3, STORY_QUEUED));

  the_pattern (&scan, LSC_PATTERN_SERIALISED, 3);
  the_pattern (&queued, LSC_PATTERN_OVERSUBSCRIBED, 3);
  assert_quiet (story_of_interpreter (3, STORY_IDLE));
}

static void
test_crowd (void)
{
  g_auto (Scan) scan = scan_story (story_of_crowd (6, 2));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_OVERSUBSCRIBED, 6);

  g_assert_cmpfloat (pattern->share, >, 0.95);
  g_assert_nonnull (strstr (pattern->evidence, "2.0 threads ran and 4.0 more were ready"));
}

static void
test_no_crowd (void)
{
  assert_quiet (story_of_crowd (2, 2));
  assert_quiet (story_of_crowd (1, 2));
}

static void
test_uneven (void)
{
  static const uint64_t work[] = { 100 * MS, 300 * MS, 600 * MS, 900 * MS };
  g_auto (Scan) scan = scan_story (story_of_shares (work, 4, NULL));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_UNEVEN, 4);

  g_assert_cmpuint (tid_of (&scan, pattern->threads[0]), ==, 14);
  g_assert_cmpfloat (pattern->share, >, 0.85);
}

static void
test_even (void)
{
  static const uint64_t even[] = { 850 * MS, 900 * MS, 880 * MS, 900 * MS };
  static const uint64_t uneven[] = { 100 * MS, 300 * MS, 600 * MS, 900 * MS };
  static const char *const others[] = { "decoder", "audio", "input", "render" };

  assert_quiet (story_of_shares (even, 4, NULL));
  assert_quiet (story_of_shares (uneven, 4, others));
  assert_quiet (story_of_shares (uneven, 2, NULL));
}

static void
test_barrier (void)
{
  g_auto (Scan) scan = scan_story (story_of_barrier (FALSE));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_UNEVEN, 4);

  g_assert_cmpuint (tid_of (&scan, pattern->threads[0]), ==, 11);
  g_assert_cmpuint (pattern->lock, ==, LOCK_A);
  g_assert_nonnull (strstr (pattern->evidence, "In 40 of 40 rounds"));
}

static void
test_fair_barrier (void)
{
  assert_quiet (story_of_barrier (TRUE));
}

static void
test_inversion (void)
{
  g_auto (Scan) scan = scan_story (story_of_priorities (FALSE));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_INVERSION, 3);

  g_assert_cmpuint (tid_of (&scan, pattern->threads[0]), ==, 11);
  g_assert_cmpuint (tid_of (&scan, pattern->threads[1]), ==, 12);
  g_assert_cmpuint (tid_of (&scan, pattern->threads[2]), ==, 13);
  g_assert_cmpint (pattern->certainty, ==, LSC_CERTAINTY_CLEAR);
  /* 5 waits of 9.95 ms, of which 7 ms each while middle ran. */
  g_assert_nonnull (strstr (pattern->evidence, "in 5 waits"));
  g_assert_nonnull (strstr (pattern->evidence, "for 35\302\240ms of that"));
}

static void
test_no_inversion (void)
{
  assert_quiet (story_of_priorities (TRUE));
}

static void
test_ping_pong (void)
{
  g_auto (Scan) scan = scan_story (story_of_moves (1));

  the_pattern (&scan, LSC_PATTERN_PING_PONG, 1);
  assert_quiet (story_of_moves (2));
}

static void
test_spinning (void)
{
  g_auto (Scan) yields = scan_story (story_of_yields (50 * US));
  g_auto (Scan) naps = scan_story (story_of_naps (60 * US));
  const LscPattern *pattern = the_pattern (&naps, LSC_PATTERN_SPINNING, 1);

  g_assert_cmpfloat (pattern->share, <, 0.5);
  /* Both spin, and are more than the CPU they share. */
  g_assert_cmpuint (lsc_pattern_scan_get_n (yields.scan), ==, 3);
  for (uint32_t i = 0; i < 2; i++)
    g_assert_cmpint (lsc_pattern_scan_get (yields.scan, i)->kind, >=, LSC_PATTERN_OVERSUBSCRIBED);
}

static void
test_not_spinning (void)
{
  g_auto (Scan) slow = scan_story (story_of_yields (4 * MS));

  the_pattern (&slow, LSC_PATTERN_OVERSUBSCRIBED, 2);
  assert_quiet (story_of_naps (MS));
}

static void
test_deadlock (void)
{
  g_auto (Scan) scan = scan_story (story_of_deadlock (2 * SECOND, FALSE, FALSE, LSC_DETAIL_NONE));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_DEADLOCK, 4);

  g_assert_cmpfloat (pattern->share, >, 0.45);
  g_assert_nonnull (strstr (pattern->evidence, "4 different addresses"));
}

static void
test_deadlock_of_known_locks (void)
{
  g_auto (Scan) scan =
      scan_story (story_of_deadlock (2 * SECOND, FALSE, FALSE, LSC_DETAIL_FUTEX_LOCK_PI));

  the_pattern (&scan, LSC_PATTERN_DEADLOCK, 4);
}

/* What somebody ends with Ctrl+C is told for the time before. */
static void
test_deadlock_that_is_killed (void)
{
  g_auto (Scan) scan = scan_story (story_of_killing (TRUE));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_DEADLOCK, 4);

  g_assert_cmpfloat (pattern->share, >, 0.45);
  g_assert_cmpuint (pattern->until_ns - lsc_trace_get_start_ns (scan.trace), <=, 3 * SECOND);
  g_assert_nonnull (strstr (pattern->evidence, "until the program was ended"));
}

static void
test_no_deadlock (void)
{
  assert_quiet (story_of_killing (FALSE));
  assert_quiet (story_of_deadlock (SECOND / 2, FALSE, FALSE, LSC_DETAIL_NONE));
  assert_quiet (story_of_deadlock (2 * SECOND, TRUE, FALSE, LSC_DETAIL_NONE));
  assert_quiet (story_of_deadlock (2 * SECOND, FALSE, TRUE, LSC_DETAIL_NONE));
  /* A pool without work waits for conditions. */
  assert_quiet (story_of_deadlock (2 * SECOND, FALSE, FALSE, LSC_DETAIL_FUTEX_WAIT_BITSET));
}

static void
test_deadlock_beside_work (void)
{
  g_auto (Scan) scan = scan_story (story_of_tangle (STORY_TANGLE));
  const LscPattern *pattern = the_pattern (&scan, LSC_PATTERN_DEADLOCK, 3);

  for (uint32_t i = 0; i < 3; i++)
    {
      uint32_t tid = lsc_trace_get_thread (scan.trace, pattern->threads[i])->tid;

      g_assert_true (tid >= 11 && tid <= 13);
    }
  g_assert_nonnull (strstr (pattern->evidence, "3 different addresses"));
}

static void
test_no_deadlock_beside_work (void)
{
  assert_quiet (story_of_tangle (STORY_TANGLE_OUTSIDER));
  assert_quiet (story_of_tangle (STORY_TANGLE_SUDDEN));
  assert_quiet (story_of_tangle (STORY_TANGLE_PARKED));
}

/* Threads that do a bit of everything, with CPUs to spare. */
static void
test_nothing_in_mixed_work (void)
{
  for (uint32_t seed = 1; seed <= 5; seed++)
    {
      LscSynthConfig config = { .seed = seed,
                                .n_events = 30000,
                                .n_cpus = 16,
                                .n_threads = 20,
                                .n_processes = 4,
                                .churn = seed,
                                .lost = seed == 5 ? 3 : 0 };
      g_auto (Scan) scan = scan_trace (trace_of_synth (&config));

      for (uint32_t i = 0; i < lsc_pattern_scan_get_n (scan.scan); i++)
        g_test_message ("%s", lsc_pattern_scan_get (scan.scan, i)->evidence);
      g_assert_cmpuint (lsc_pattern_scan_get_n (scan.scan), ==, 0);
    }
}

static void
test_nothing_in_nothing (void)
{
  g_auto (Scan) scan = scan_trace (lsc_trace_new ());

  g_assert_cmpuint (lsc_pattern_scan_get_n (scan.scan), ==, 0);
  g_assert_null (lsc_pattern_scan_get (scan.scan, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pattern/serialised", test_serialised);
  g_test_add_func ("/pattern/about", test_about);
  g_test_add_func ("/pattern/not-serialised", test_not_serialised);
  g_test_add_func ("/pattern/convoy", test_convoy);
  g_test_add_func ("/pattern/no-convoy", test_no_convoy);
  g_test_add_func ("/pattern/alternation", test_alternation);
  g_test_add_func ("/pattern/no-alternation", test_no_alternation);
  g_test_add_func ("/pattern/crowd", test_crowd);
  g_test_add_func ("/pattern/no-crowd", test_no_crowd);
  g_test_add_func ("/pattern/uneven", test_uneven);
  g_test_add_func ("/pattern/even", test_even);
  g_test_add_func ("/pattern/barrier", test_barrier);
  g_test_add_func ("/pattern/fair-barrier", test_fair_barrier);
  g_test_add_func ("/pattern/inversion", test_inversion);
  g_test_add_func ("/pattern/no-inversion", test_no_inversion);
  g_test_add_func ("/pattern/ping-pong", test_ping_pong);
  g_test_add_func ("/pattern/spinning", test_spinning);
  g_test_add_func ("/pattern/not-spinning", test_not_spinning);
  g_test_add_func ("/pattern/deadlock", test_deadlock);
  g_test_add_func ("/pattern/deadlock-of-known-locks", test_deadlock_of_known_locks);
  g_test_add_func ("/pattern/deadlock-that-is-killed", test_deadlock_that_is_killed);
  g_test_add_func ("/pattern/no-deadlock", test_no_deadlock);
  g_test_add_func ("/pattern/deadlock-beside-work", test_deadlock_beside_work);
  g_test_add_func ("/pattern/no-deadlock-beside-work", test_no_deadlock_beside_work);
  g_test_add_func ("/pattern/nothing-in-mixed-work", test_nothing_in_mixed_work);
  g_test_add_func ("/pattern/nothing-in-nothing", test_nothing_in_nothing);
  return g_test_run ();
}
