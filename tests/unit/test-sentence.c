/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/duration.h"
#include "lib/explain/push.h"
#include "lib/explain/sentence.h"
#include "lib/explain/syscall-name.h"
#include "lib/trace/assembler.h"
#include "tests/support/handmade.h"
#include "tests/support/synth.h"

#define NBSP "\302\240"
/* System calls of x86-64. */
#define FLOCK 73

static LscTrace *
make_trace (GByteArray *stream)
{
  LscTrace *trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);

  g_assert_cmpint (lsc_assembler_feed (assembler, stream->data, stream->len), ==, stream->len);
  lsc_assembler_finish (assembler);
  g_byte_array_unref (stream);
  return trace;
}

static void
assert_says (
    const LscTrace *trace, uint32_t tid, uint64_t nth, LscWords words, const char *expected)
{
  const LscThread *thread = lsc_trace_find_thread (trace, tid);
  uint64_t number = lsc_lane_get_first (thread->lane) + nth;
  g_autofree char *text = lsc_sentence_of_span (trace, thread->index, number, words);

  g_assert_cmpstr (text, ==, expected);
}

/* main waits for a lock; worker-2 on CPU 3 wakes it; firefox keeps it from CPU 1. */
static LscTrace *
make_lock_story (void)
{
  GByteArray *s = begin_stream (0);

  add_task (s, 0, 11, "main", LSC_TASK_ON_CPU, 0);
  add_task (s, 0, 12, "worker-2", 0, 1);
  add_task (s, 0, 13, "firefox", 0, 1);
  add_sleep (s, 1000000, 0, 11, FUTEX, 0);
  add_switch (s, 4100000, 1, (LscRecordSwitch){ .next_tid = 13 });
  add_waking (s, 4200000, 3, 12, 11);
  add_sleep (s, 4600000, 1, 13, CLOCK_NANOSLEEP, 11);
  add_preemption (s, 4700000, 1, 11, 13);
  add_sleep (s, 4800000, 1, 13, CLOCK_NANOSLEEP, 11);
  add_yield (s, 4900000, 1, 11, 13);
  add_sleep (s, 4950000, 1, 13, CLOCK_NANOSLEEP, 11);
  add_sleep (s, 5000000, 1, 11, CLOCK_NANOSLEEP, 0);
  add_waking (s, 6000000, 1, LSC_TID_IDLE, 11);
  add_switch (s, 6010000, 1, (LscRecordSwitch){ .next_tid = 11 });
  add_switch (
      s, 6500000, 1,
      (LscRecordSwitch){ .prev_tid = 11, .prev_state = 2, .prev_syscall = LSC_SYSCALL_NONE });
  end_stream (s, 9000000);
  return make_trace (s);
}

static void
test_lock_wait_in_plain_words (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();

  assert_says (trace, 11, 1, LSC_WORDS_PLAIN,
               "Slept 3.2" NBSP "ms in futex, waiting for the lock at 0x7f40. Woken by worker-2 on "
               "CPU 3. Then waited 400" NBSP "\302\265s in the queue of CPU 1 while firefox ran.");
  assert_says (trace, 11, 2, LSC_WORDS_PLAIN,
               "Ready to run. Woken by worker-2 on CPU 3. Then waited 400" NBSP
               "\302\265s in the queue of CPU 1 while firefox ran.");
}

/* `detail` as the switch says it, and what is said of it. */
static void
assert_says_of_detail (int16_t call, uint64_t arg, LscDetail detail, const char *expected)
{
  GByteArray *s = begin_stream (0);
  LscRecordSwitch sleep = { .head.flags = (uint8_t) (detail << LSC_SWITCH_DETAIL_SHIFT),
                            .prev_tid = 11,
                            .prev_state = 1,
                            .prev_syscall = call,
                            .prev_arg = arg };
  g_autoptr (LscTrace) trace = NULL;
  g_autofree char *text = NULL;

  add_task (s, 0, 11, "main", LSC_TASK_ON_CPU, 0);
  add_switch (s, 1000000, 0, sleep);
  end_stream (s, 3000000);
  trace = make_trace (s);
  text = g_strdup_printf ("Slept 2" NBSP "ms in %s. It goes on where the capture ends.", expected);
  assert_says (trace, 11, 1, LSC_WORDS_PLAIN, text);
}

/* A capture that has not ended yet has more to come. */
static void
test_what_goes_on_live (void)
{
  GByteArray *s = begin_stream (0);
  LscRecordSwitch sleep = { .prev_tid = 11, .prev_state = 1, .prev_syscall = -1 };
  g_autoptr (LscTrace) trace = NULL;
  g_autofree char *text = NULL;

  add_task (s, 0, 11, "main", LSC_TASK_ON_CPU, 0);
  add_switch (s, 1000000, 0, sleep);
  trace = make_trace (s);
  text = lsc_sentence_of_span (trace, 0, 1, LSC_WORDS_PLAIN);
  g_assert_nonnull (text);
  g_assert_true (g_str_has_suffix (text, " So far it has not ended."));
}

static void
test_details_of_a_wait (void)
{
  assert_says_of_detail (0, 5, LSC_DETAIL_NONE,
                         "read, waiting for a pipe, a terminal or a socket (descriptor 5)");
  assert_says_of_detail (0, 5, LSC_DETAIL_PIPE, "read, reading from a pipe (descriptor 5)");
  assert_says_of_detail (20, 5, LSC_DETAIL_PIPE, "writev, writing to a pipe (descriptor 5)");
  assert_says_of_detail (0, 0, LSC_DETAIL_TERMINAL, "read, reading from a terminal (descriptor 0)");
  assert_says_of_detail (FUTEX, 0x7f40, LSC_DETAIL_FUTEX_WAIT,
                         "futex, waiting for the lock at 0x7f40");
  assert_says_of_detail (FUTEX, 0x7f40, LSC_DETAIL_FUTEX_WAIT_BITSET,
                         "futex, waiting for another thread, probably for a condition, an end "
                         "(join) or a semaphore (futex at 0x7f40)");
  assert_says_of_detail (FUTEX, 0x7f40, LSC_DETAIL_FUTEX_LOCK_PI,
                         "futex, waiting for a lock with priority inheritance (futex at 0x7f40)");
}

static void
test_lock_wait_in_kernel_words (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();

  assert_says (trace, 11, 1, LSC_WORDS_KERNEL,
               "S for 3.2" NBSP
               "ms in futex (0x7f40, ...). Woken by worker-2 (12) on CPU 3. Then waited "
               "400" NBSP "\302\265s in the queue of CPU 1 while firefox (13) ran.");
}

static void
test_runs_say_why_they_ended (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();

  assert_says (trace, 11, 0, LSC_WORDS_PLAIN,
               "Ran 1" NBSP
               "ms on CPU 0. It had begun before the capture. It stopped in futex, waiting for a "
               "lock.");
  assert_says (trace, 11, 3, LSC_WORDS_PLAIN,
               "Ran 100" NBSP "\302\265s on CPU 1. Pushed off CPU 1 by firefox.");
}

static void
test_pushed_and_given_away (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();

  assert_says (trace, 11, 4, LSC_WORDS_PLAIN,
               "Pushed off CPU 1 by firefox. Then waited 100" NBSP
               "\302\265s in the queue of CPU 1 while firefox ran.");
  assert_says (trace, 11, 6, LSC_WORDS_PLAIN,
               "Gave CPU 1 away; firefox took it. Then waited 50" NBSP
               "\302\265s in the queue of CPU 1 while firefox ran.");
}

static void
test_timer_and_page_fault (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();

  assert_says (trace, 11, 8, LSC_WORDS_PLAIN,
               "Slept 1" NBSP
               "ms in clock_nanosleep, asleep until a chosen time. Woken by a timer on CPU 1. "
               "Then waited 10" NBSP "\302\265s in the queue of CPU 1.");
  assert_says (trace, 11, 11, LSC_WORDS_PLAIN,
               "Slept 2.5" NBSP
               "ms, waiting for memory that was not there yet. It goes on where the "
               "capture ends.");
}

static void
test_cpu_lane (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();
  const LscLane *lane = lsc_trace_get_cpu_lane (trace, 1);
  g_autofree char *text = lsc_sentence_of_cpu_span (trace, 1, lsc_lane_find (lane, 4300000));

  g_assert_cmpstr (text, ==, "CPU 1 ran firefox for 500" NBSP "\302\265s.");
}

static void
test_no_such_span (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();

  g_assert_null (lsc_sentence_of_span (trace, 0, 1u << 30, LSC_WORDS_PLAIN));
  g_assert_null (lsc_sentence_of_span (trace, 99, 0, LSC_WORDS_PLAIN));
  g_assert_null (lsc_sentence_of_cpu_span (trace, 99, 0));
}

static void
test_names_are_made_printable (void)
{
  GByteArray *s = begin_stream (0);
  g_autoptr (LscTrace) trace = NULL;
  g_autofree char *name = NULL;

  add_task (s, 0, 11, "a\033[31m\377", LSC_TASK_ON_CPU, 0);
  end_stream (s, 10);
  trace = make_trace (s);
  name = lsc_sentence_name_thread (trace, lsc_trace_find_thread (trace, 11)->index);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_null (strchr (name, '\033'));
}

/* Each span of any stream has its sentence, in both kinds of words, and it is UTF-8. */
static void
test_every_span_has_a_sentence (void)
{
  LscSynthConfig config = { .seed = 5,
                            .n_events = 5000,
                            .n_cpus = 2,
                            .n_threads = 12,
                            .n_processes = 2,
                            .churn = 20,
                            .lost = 5 };
  g_autoptr (LscTrace) trace = make_trace (lsc_synth_all (&config));

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    {
      const LscLane *lane = lsc_trace_get_thread (trace, i)->lane;

      for (uint64_t n = lane != NULL ? lsc_lane_get_first (lane) : 0;
           lane != NULL && n < lsc_lane_get_end (lane); n++)
        for (int words = LSC_WORDS_PLAIN; words <= LSC_WORDS_KERNEL; words++)
          {
            g_autofree char *text = lsc_sentence_of_span (trace, i, n, (LscWords) words);

            g_assert_nonnull (text);
            g_assert_cmpuint (strlen (text), >, 10);
            g_assert_true (g_utf8_validate (text, -1, NULL));
          }
    }
}

static void
test_system_call_names (void)
{
  g_autofree char *futex = lsc_syscall_name ("x86_64", 202, false);
  g_autofree char *arm = lsc_syscall_name ("aarch64", 98, false);
  g_autofree char *compat = lsc_syscall_name ("x86_64", 240, true);
  g_autofree char *nameless = lsc_syscall_name ("x86_64", 3000, false);
  g_autofree char *strange = lsc_syscall_name ("pdp11", 3, false);

  g_assert_cmpstr (futex, ==, "futex");
  g_assert_cmpstr (arm, ==, "futex");
  g_assert_cmpstr (compat, ==, "futex");
  g_assert_cmpstr (nameless, ==, "system call 3000");
  g_assert_cmpstr (strange, ==, "system call 3");
  g_assert_null (lsc_syscall_name ("x86_64", -1, false));
}

static void
test_words_are_complete (void)
{
  for (int i = 0; i < LSC_N_REASONS; i++)
    {
      g_assert_nonnull (lsc_words_reason ((LscReason) i));
      g_assert_nonnull (lsc_words_reason_phrase ((LscReason) i));
      for (int j = 0; j < i; j++)
        g_assert_cmpstr (lsc_words_reason_id ((LscReason) i), !=,
                         lsc_words_reason_id ((LscReason) j));
    }
  for (int i = 0; i < LSC_N_STATES; i++)
    {
      LscFacts facts = { .state = (uint8_t) i };

      g_assert_cmpstr (lsc_words_state ((LscState) i, LSC_WORDS_PLAIN), !=,
                       lsc_words_state ((LscState) i, LSC_WORDS_KERNEL));
      g_assert_true (g_str_has_prefix (lsc_words_state ((LscState) i, LSC_WORDS_KERNEL),
                                       lsc_words_letter (&facts)));
    }
}

/* slow runs 3 ms and is pushed off by fast, which was woken for it; then by turn, which had waited.
 */
static void
test_why_it_was_pushed (void)
{
  GByteArray *s = begin_stream (0);
  g_autoptr (LscTrace) trace = NULL;

  add_task (s, 0, 11, "slow", 0, 1);
  add_task (s, 0, 12, "fast", 0, 1);
  add_task (s, 0, 13, "turn", 0, 1);
  add_waking (s, 1000000, 0, LSC_TID_IDLE, 11);
  add_switch (s, 1010000, 0, (LscRecordSwitch){ .next_tid = 11 });
  add_waking (s, 2000000, 0, LSC_TID_IDLE, 13);
  add_waking (s, 4000000, 0, LSC_TID_IDLE, 12);
  add_preemption (s, 4010000, 0, 11, 12);
  add_sleep (s, 4110000, 0, 12, CLOCK_NANOSLEEP, 11);
  add_preemption (s, 7110000, 0, 11, 13);
  add_sleep (s, 8110000, 0, 13, CLOCK_NANOSLEEP, 11);
  end_stream (s, 9000000);
  trace = make_trace (s);
  assert_says (trace, 11, 2, LSC_WORDS_PLAIN,
               "Ran 3" NBSP "ms on CPU 0. Pushed off CPU 0 by fast, which had just been woken.");
  assert_says (
      trace, 11, 5, LSC_WORDS_PLAIN,
      "Its timeslice on CPU 0 was probably over: turn, which had waited, took its turn. Then "
      "waited 1" NBSP "ms in the queue of CPU 0 while turn ran.");
}

/* Woken while it was still on its way off the CPU. */
static void
test_sleep_of_no_time (void)
{
  GByteArray *s = begin_stream (0);
  g_autoptr (LscTrace) trace = NULL;

  add_task (s, 0, 11, "main", LSC_TASK_ON_CPU, 0);
  add_waking (s, 999000, 1, LSC_TID_IDLE, 11);
  add_sleep (s, 1000000, 0, 11, FLOCK, 0);
  add_switch (s, 1020000, 0, (LscRecordSwitch){ .next_tid = 11 });
  end_stream (s, 4000000);
  trace = make_trace (s);
  assert_says (trace, 11, 1, LSC_WORDS_PLAIN,
               "Was about to sleep in flock, waiting for a lock. Woken by an interrupt on CPU 1. "
               "Then waited 20" NBSP "\302\265s in the queue of CPU 0.");
}

/* The lengths in a sentence, added up. */
static uint64_t
add_lengths (const char *text)
{
  g_autoptr (GRegex) length =
      g_regex_new ("([0-9]+(\\.[0-9]+)?)\302\240(ns|\302\265s|ms|s)\\b", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  uint64_t sum = 0;

  g_assert_nonnull (length);
  for (g_regex_match (length, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *found = g_match_info_fetch (match, 0);
      uint64_t ns;

      g_assert_true (lsc_duration_parse (found, &ns));
      sum += ns;
    }
  return sum;
}

/* What a bar's sentence is to add up to: the bar, and the queue after a sleep. */
static uint64_t
length_of_story (const LscLane *lane, uint64_t number)
{
  LscSpan span, after;
  uint64_t ns;

  lsc_lane_get (lane, number, &span);
  ns = span.end_ns - span.start_ns;
  if (span.facts.state == LSC_STATE_RUNNABLE && span.open_end)
    return 0;
  if ((span.facts.state != LSC_STATE_SLEEPING && span.facts.state != LSC_STATE_UNINTERRUPTIBLE)
      || number + 1 >= lsc_lane_get_end (lane))
    return ns;
  lsc_lane_get (lane, number + 1, &after);
  return after.facts.state == LSC_STATE_RUNNABLE ? ns + after.end_ns - after.start_ns : ns;
}

static void
check_lengths (const LscTrace *trace, const LscThread *thread)
{
  for (uint64_t n = lsc_lane_get_first (thread->lane); n < lsc_lane_get_end (thread->lane); n++)
    {
      uint64_t ns = length_of_story (thread->lane, n);
      g_autofree char *exact = lsc_sentence_of_span (trace, thread->index, n, LSC_WORDS_KERNEL);
      g_autofree char *plain = lsc_sentence_of_span (trace, thread->index, n, LSC_WORDS_PLAIN);
      uint64_t told_ns = add_lengths (plain);

      g_assert_cmpuint (add_lengths (exact), ==, ns);
      g_assert_cmpuint (MAX (told_ns, ns) - MIN (told_ns, ns), <=, ns / 100);
    }
}

static void
test_numbers_add_up (void)
{
  for (uint32_t seed = 1; seed <= 3; seed++)
    {
      LscSynthConfig config = { .seed = seed,
                                .n_events = 8000,
                                .n_cpus = 2,
                                .n_threads = 12,
                                .n_processes = 3,
                                .churn = 20,
                                .lost = seed };
      g_autoptr (LscTrace) trace = make_trace (lsc_synth_all (&config));
      uint32_t n = 0;

      for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
        if (lsc_trace_get_thread (trace, i)->lane != NULL)
          check_lengths (trace, lsc_trace_get_thread (trace, i)), n++;
      g_assert_cmpuint (n, >=, 12);
    }
}

/* Every name in every sentence of a story is found, and the words are those without links. */
static void
test_names_are_found_in_sentences (void)
{
  g_autoptr (LscTrace) trace = make_lock_story ();
  guint n_links = 0;

  for (uint32_t t = 0; t < lsc_trace_get_n_threads (trace); t++)
    {
      const LscLane *lane = lsc_trace_get_thread (trace, t)->lane;

      for (uint64_t n = 0; lane != NULL && n < lsc_lane_get_end (lane); n++)
        {
          g_autoptr (GArray) links = NULL;
          g_autofree char *plain = lsc_sentence_of_span (trace, t, n, LSC_WORDS_PLAIN);
          g_autofree char *text =
              lsc_sentence_of_span_linked (trace, t, n, LSC_WORDS_PLAIN, &links);

          g_assert_cmpstr (text, ==, plain);
          for (guint i = 0; i < links->len; i++, n_links++)
            {
              const LscSentenceLink *link = &g_array_index (links, LscSentenceLink, i);
              const char *name = lsc_trace_get_thread (trace, link->thread)->name;

              g_assert_cmpuint (link->to, >=, link->from + strlen (name));
              g_assert_true (g_str_has_prefix (text + link->from, name));
            }
        }
    }
  g_assert_cmpuint (n_links, >=, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sentence/lock", test_lock_wait_in_plain_words);
  g_test_add_func ("/sentence/lock-kernel", test_lock_wait_in_kernel_words);
  g_test_add_func ("/sentence/goes-on", test_what_goes_on_live);
  g_test_add_func ("/sentence/details", test_details_of_a_wait);
  g_test_add_func ("/sentence/runs", test_runs_say_why_they_ended);
  g_test_add_func ("/sentence/pushed", test_pushed_and_given_away);
  g_test_add_func ("/sentence/why-pushed", test_why_it_was_pushed);
  g_test_add_func ("/sentence/sleep-of-no-time", test_sleep_of_no_time);
  g_test_add_func ("/sentence/numbers-add-up", test_numbers_add_up);
  g_test_add_func ("/sentence/timer", test_timer_and_page_fault);
  g_test_add_func ("/sentence/cpu", test_cpu_lane);
  g_test_add_func ("/sentence/no-such-span", test_no_such_span);
  g_test_add_func ("/sentence/printable", test_names_are_made_printable);
  g_test_add_func ("/sentence/every-span", test_every_span_has_a_sentence);
  g_test_add_func ("/words/system-calls", test_system_call_names);
  g_test_add_func ("/words/complete", test_words_are_complete);
  g_test_add_func ("/sentence/links", test_names_are_found_in_sentences);
  return g_test_run ();
}
