/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/assembler.h"
#include "tests/support/synth.h"

#include <errno.h>
#include <string.h>

typedef struct
{
  LscTrace *trace;
  LscAssembler *assembler;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  LscRecordHeader header = { .head = { .size = sizeof header, .kind = LSC_RECORD_HEADER },
                             .version_major = LSC_RECORD_MAJOR,
                             .machine = "x86_64" };

  memcpy (header.magic, LSC_RECORD_MAGIC, sizeof header.magic);
  f->trace = lsc_trace_new ();
  f->assembler = lsc_assembler_new (f->trace);
  g_assert_cmpint (lsc_assembler_feed (f->assembler, &header, sizeof header), ==, sizeof header);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  lsc_assembler_free (f->assembler);
  lsc_trace_free (f->trace);
}

static void
feed (Fixture *f, void *record, LscRecordKind kind, uint64_t time_ns, uint32_t cpu)
{
  LscRecordHead *head = record;

  head->kind = (uint8_t) kind;
  head->size = lsc_record_size_of (head->kind);
  head->time_ns = time_ns;
  head->cpu = cpu;
  g_assert_cmpint (lsc_assembler_feed (f->assembler, record, head->size), ==, head->size);
}

static void
task (Fixture *f, uint64_t time_ns, uint32_t tid, uint8_t flags, uint32_t state)
{
  LscRecordTask record = { .head.flags = flags | LSC_TASK_TRACED,
                           .tid = tid,
                           .tgid = 10,
                           .ns_tid = tid,
                           .start_ns = 77,
                           .name = "worker",
                           .state = state,
                           .syscall = LSC_SYSCALL_NONE };

  feed (f, &record, LSC_RECORD_TASK, time_ns, 0);
}

static void
change (Fixture *f, uint64_t time_ns, uint32_t cpu, uint32_t prev, uint32_t state, uint32_t next)
{
  LscRecordSwitch record = { .prev_tid = prev,
                             .next_tid = next,
                             .prev_state = state,
                             .prev_syscall = state == 0 ? LSC_SYSCALL_NONE : (int16_t) 202,
                             .prev_arg = state == 0 ? 0 : 0x40 };

  feed (f, &record, LSC_RECORD_SWITCH, time_ns, cpu);
}

static void
waking (Fixture *f, uint64_t time_ns, uint32_t cpu, uint32_t waker, uint32_t wakee)
{
  LscRecordWaking record = { .waker_tid = waker, .wakee_tid = wakee };

  if (waker == LSC_TID_IDLE)
    record.head.flags = LSC_WAKING_INTERRUPT;
  feed (f, &record, LSC_RECORD_WAKING, time_ns, cpu);
}

static void
gap (Fixture *f, uint64_t first_ns, uint64_t last_ns, uint32_t cpu, uint64_t count)
{
  LscRecordGap record = {
    .first_ns = first_ns, .last_ns = last_ns, .count = count, .cause = LSC_GAP_RING_FULL
  };

  feed (f, &record, LSC_RECORD_GAP, last_ns, cpu);
}

static const LscLane *
lane_of (Fixture *f, uint32_t tid)
{
  return lsc_trace_find_thread (f->trace, tid)->lane;
}

/* The lane's spans as "state start-end", for one readable comparison. */
static char *
story (const LscLane *lane)
{
  static const char *const names[LSC_N_STATES] = { "?",     "run", "queue", "pushed",
                                                   "sleep", "D",   "T",     "-" };
  GString *text = g_string_new (NULL);
  LscLaneIter iter;
  LscSpan span;

  lsc_lane_iter_init (&iter, lane, 0);
  while (lsc_lane_iter_next (&iter, &span))
    g_string_append_printf (text, "%s%s %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                            text->len > 0 ? ", " : "", names[span.facts.state], span.start_ns,
                            span.end_ns);
  return g_string_free (text, FALSE);
}

static void
assert_story (Fixture *f, uint32_t tid, const char *expected)
{
  g_autofree char *actual = story (lane_of (f, tid));

  g_assert_cmpstr (actual, ==, expected);
}

static void
test_sleep_wakeup_and_run (Fixture *f, gconstpointer data)
{
  LscSpan span;

  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  task (f, 100, 12, 0, 1);
  change (f, 200, 0, 11, 1, 0);
  waking (f, 300, 1, 12, 11);
  change (f, 350, 1, 12, 0, 11);
  change (f, 400, 1, 11, 1, 12);
  assert_story (f, 11, "run 100-200, sleep 200-300, queue 300-350, run 350-400, sleep 400-400");
  lsc_lane_get (lane_of (f, 11), 1, &span);
  g_assert_cmpint (span.facts.syscall, ==, 202);
  g_assert_cmpuint (span.facts.arg, ==, 0x40);
  lsc_lane_get (lane_of (f, 11), 2, &span);
  g_assert_cmpuint (span.facts.thread, ==, lsc_trace_find_thread (f->trace, 12)->index);
  g_assert_cmpuint (span.facts.cpu, ==, 1);
  lsc_lane_get (lane_of (f, 11), 3, &span);
  g_assert_cmpuint (span.facts.cpu, ==, 1);
}

static void
test_preempted_knows_who_took_the_cpu (Fixture *f, gconstpointer data)
{
  LscSpan span;

  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  task (f, 100, 12, 0, 0);
  change (f, 200, 0, 11, 0, 12);
  change (f, 260, 0, 12, 1, 11);
  assert_story (f, 11, "run 100-200, pushed 200-260, run 260-260");
  lsc_lane_get (lane_of (f, 11), 1, &span);
  g_assert_cmpuint (span.facts.thread, ==, lsc_trace_find_thread (f->trace, 12)->index);
  g_assert_cmpuint (span.facts.flags & LSC_FACT_YIELDED, ==, 0);
}

static void
test_preempted_on_its_way_to_sleep_is_still_queued (Fixture *f, gconstpointer data)
{
  LscRecordSwitch record = { .head.flags = LSC_SWITCH_PREEMPT,
                             .prev_tid = 11,
                             .next_tid = 12,
                             .prev_state = 1,
                             .prev_syscall = LSC_SYSCALL_NONE };

  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  feed (f, &record, LSC_RECORD_SWITCH, 200, 0);
  assert_story (f, 11, "run 100-200, pushed 200-200");
}

static void
test_yield_is_no_preemption (Fixture *f, gconstpointer data)
{
  LscRecordSwitch record = { .prev_tid = 11, .next_tid = 0, .prev_state = 0, .prev_syscall = 24 };
  LscSpan span;

  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  feed (f, &record, LSC_RECORD_SWITCH, 200, 0);
  lsc_lane_get (lane_of (f, 11), 1, &span);
  g_assert_cmpint (span.facts.state, ==, LSC_STATE_PREEMPTED);
  g_assert_cmpuint (span.facts.flags & LSC_FACT_YIELDED, !=, 0);
}

/* The wakeup is seen before the thread has left its CPU: it must not be dropped ... */
static void
test_wakeup_while_falling_asleep_counts (Fixture *f, gconstpointer data)
{
  LscSpan span;

  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  task (f, 100, 12, LSC_TASK_ON_CPU, 0);
  waking (f, 190, 1, 12, 11);
  change (f, 200, 0, 11, 1, 0);
  change (f, 230, 0, 0, 0, 11);
  assert_story (f, 11, "run 100-200, sleep 200-200, queue 200-230, run 230-230");
  lsc_lane_get (lane_of (f, 11), 2, &span);
  g_assert_cmpuint (span.facts.thread, ==, lsc_trace_find_thread (f->trace, 12)->index);
}

/* ... and no runnable stretch may be invented from it. */
static void
test_wakeup_of_a_running_thread_invents_nothing (Fixture *f, gconstpointer data)
{
  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  waking (f, 150, 1, 12, 11);
  change (f, 200, 0, 11, 1, 0);
  waking (f, 300, 1, 12, 11);
  change (f, 310, 0, 0, 0, 11);
  assert_story (f, 11, "run 100-200, sleep 200-300, queue 300-310, run 310-310");
}

static void
test_wakeup_by_interrupt_has_no_waker (Fixture *f, gconstpointer data)
{
  LscSpan span;

  task (f, 100, 11, 0, 1);
  waking (f, 150, 1, LSC_TID_IDLE, 11);
  lsc_lane_get (lane_of (f, 11), 1, &span);
  g_assert_cmpuint (span.facts.flags & LSC_FACT_INTERRUPT, !=, 0);
  g_assert_cmpuint (span.facts.thread, ==, LSC_THREAD_NONE);
}

static void
test_birth_and_death_bound_a_lane (Fixture *f, gconstpointer data)
{
  LscRecordFork fork = { .parent_tid = 10, .parent_tgid = 10, .child_tid = 11, .child_tgid = 10 };
  LscRecordExit end = { .tid = 11, .tgid = 10 };
  const LscThread *thread;

  task (f, 100, 10, LSC_TASK_ON_CPU, 0);
  task (f, 200, 11, LSC_TASK_NEW, 0);
  feed (f, &fork, LSC_RECORD_FORK, 200, 0);
  waking (f, 205, 0, 10, 11);
  change (f, 210, 1, 0, 0, 11);
  feed (f, &end, LSC_RECORD_EXIT, 300, 1);
  change (f, 320, 1, 11, 0x80, 0);
  waking (f, 400, 0, LSC_TID_IDLE, 10);
  thread = lsc_trace_find_thread (f->trace, 11);
  g_assert_true (thread->born && thread->ended);
  g_assert_cmpuint (thread->parent, ==, lsc_trace_find_thread (f->trace, 10)->index);
  assert_story (f, 11, "sleep 200-205, queue 205-210, run 210-320");
}

static void
test_a_tid_used_again_is_another_thread (Fixture *f, gconstpointer data)
{
  LscRecordTask again = { .head.flags = LSC_TASK_TRACED | LSC_TASK_NEW,
                          .tid = 11,
                          .tgid = 10,
                          .start_ns = 99,
                          .syscall = LSC_SYSCALL_NONE,
                          .name = "second" };
  const LscThread *first;

  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  first = lsc_trace_find_thread (f->trace, 11);
  change (f, 200, 0, 11, 0x80, 0);
  feed (f, &again, LSC_RECORD_TASK, 300, 0);
  g_assert_true (lsc_trace_find_thread (f->trace, 11) != first);
  g_assert_cmpuint (lsc_lane_get_end_ns (first->lane), ==, 200);
  g_assert_cmpstr (lsc_trace_find_thread (f->trace, 11)->name, ==, "second");
}

static void
test_exec_by_another_thread_goes_on_as_the_leader (Fixture *f, gconstpointer data)
{
  LscRecordExec exec = { .tid = 10, .old_tid = 11, .name = "program" };

  task (f, 100, 10, LSC_TASK_ON_CPU, 0);
  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  change (f, 150, 0, 10, 0x80, 0);
  feed (f, &exec, LSC_RECORD_EXEC, 200, 1);
  change (f, 250, 1, 10, 1, 0);
  assert_story (f, 10, "run 100-150, - 150-200, run 200-250, sleep 250-250");
  assert_story (f, 11, "run 100-200");
  g_assert_cmpstr (lsc_trace_find_thread (f->trace, 10)->name, ==, "program");
  g_assert_cmpstr (lsc_trace_get_process (f->trace, 0)->name, ==, "program");
}

static void
test_a_gap_is_unknown_and_ends_where_it_ended (Fixture *f, gconstpointer data)
{
  task (f, 100, 11, 0, 1);
  task (f, 100, 12, LSC_TASK_ON_CPU, 0);
  gap (f, 200, 299, 1, 5);
  waking (f, 400, 1, 12, 11);
  change (f, 410, 1, 0, 0, 11);
  change (f, 500, 0, 12, 1, 0);
  assert_story (f, 11, "sleep 100-200, ? 200-300, sleep 300-400, queue 400-410, run 410-500");
  /* It ran on CPU 0 all the while: what CPU 1 lost cannot be about it. */
  assert_story (f, 12, "run 100-500, sleep 500-500");
  g_assert_cmpuint (lsc_trace_get_n_lost (f->trace), ==, 5);
  g_assert_cmpuint (lsc_trace_get_n_gaps (f->trace), ==, 1);
}

static void
test_a_missing_switch_in_is_unknown_not_invented (Fixture *f, gconstpointer data)
{
  task (f, 100, 11, 0, 1);
  change (f, 300, 0, 11, 1, 0);
  assert_story (f, 11, "? 100-300, sleep 300-300");
}

/* Some machines hide the switches of some threads. While it was queued, somebody else had the CPU:
 * that much is known. */
static void
test_a_hidden_switch_in_is_unknown_from_the_last_switch_on (Fixture *f, gconstpointer data)
{
  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  task (f, 100, 12, 0, 0);
  change (f, 200, 0, 11, 0, 12);
  change (f, 300, 0, 12, 1, 99);
  /* 99 -> 11 is not told */
  change (f, 450, 0, 11, 1, 12);
  assert_story (f, 11, "run 100-200, pushed 200-300, ? 300-450, sleep 450-450");
}

/* The other half: one that is on a CPU others are seen to leave cannot be said to run. */
static void
test_a_hidden_switch_out_is_unknown_not_running (Fixture *f, gconstpointer data)
{
  task (f, 100, 11, 0, 0);
  task (f, 100, 12, 0, 1);
  change (f, 200, 0, 0, 0, 11);
  /* 11 -> 12 is not told */
  change (f, 300, 0, 12, 1, 0);
  waking (f, 400, 0, LSC_TID_IDLE, 11);
  change (f, 410, 0, 0, 0, 11);
  assert_story (f, 11, "queue 100-200, ? 200-300, sleep 300-400, queue 400-410, run 410-410");
}

/* Even of the whole machine some are left out: the tracer, and who shows the lanes. They are said
 * to be neighbours. */
static void
test_a_neighbour_gets_no_lane (Fixture *f, gconstpointer data)
{
  LscRecordHeader header = *lsc_trace_get_header (f->trace);
  LscRecordTask neighbour = { .tid = 99, .tgid = 99, .start_ns = 5, .name = "tracer" };

  header.head.flags = LSC_HEADER_WHOLE_MACHINE;
  feed (f, &header, LSC_RECORD_HEADER, 50, LSC_CPU_NONE);
  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  feed (f, &neighbour, LSC_RECORD_TASK, 150, 0);
  change (f, 200, 0, 11, 0, 99);
  waking (f, 250, 0, 99, 12);
  waking (f, 260, 0, 11, 99);
  change (f, 300, 0, 99, 1, 11);
  g_assert_false (lsc_trace_find_thread (f->trace, 99)->traced);
  g_assert_null (lsc_trace_find_thread (f->trace, 99)->lane);
  g_assert_true (lsc_trace_find_thread (f->trace, 12)->traced);
  assert_story (f, 11, "run 100-200, pushed 200-300, run 300-300");
}

static void
test_cpu_lane_shows_traced_threads_only_as_running (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  change (f, 200, 0, 11, 1, 0);
  change (f, 300, 0, 0, 0, 11);
  change (f, 400, 0, 11, 1, 99);
  text = story (lsc_trace_get_cpu_lane (f->trace, 0));
  g_assert_cmpstr (text, ==, "run 100-200, - 200-300, run 300-400, - 400-400");
}

static void
test_impossible_tids_are_skipped (Fixture *f, gconstpointer data)
{
  task (f, 100, 11, LSC_TASK_ON_CPU, 0);
  for (uint32_t i = 0; i < 1000; i++)
    change (f, 200 + i, 0, UINT32_MAX - 1 - i, 1, LSC_TID_IDLE);
  g_assert_cmpuint (lsc_trace_get_n_threads (f->trace), ==, 1);
  g_assert_cmpuint (lsc_assembler_get_n_skipped (f->assembler), ==, 1000);
}

static void
test_a_record_cut_in_two_is_taken_when_whole (Fixture *f, gconstpointer data)
{
  LscRecordSwitch record = { .head = { .size = sizeof record, .kind = LSC_RECORD_SWITCH } };

  g_assert_cmpint (lsc_assembler_feed (f->assembler, &record, 39), ==, 0);
  g_assert_cmpint (lsc_assembler_feed (f->assembler, &record, 40), ==, 40);
  record.head.size = 41;
  g_assert_cmpint (lsc_assembler_feed (f->assembler, &record, 40), ==, -EBADMSG);
}

/* A whole synthetic machine: every thread's times and switches are what the simulation counted
 * itself. */
static void
test_a_synthetic_machine_is_told_exactly (void)
{
  LscSynthConfig config = {
    .seed = 3, .n_events = 200000, .n_cpus = 4, .n_threads = 60, .n_processes = 7, .churn = 20
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  const GArray *truth;

  while (lsc_synth_fill (synth, bytes, 1 << 16))
    ;
  g_assert_cmpint (lsc_assembler_feed (assembler, bytes->data, bytes->len), ==, bytes->len);
  lsc_assembler_finish (assembler);
  g_assert_cmpuint (lsc_trace_get_n_events (trace), ==, lsc_trace_get_end_record (trace)->seen);
  truth = lsc_synth_get_truth (synth);
  g_assert_cmpuint (lsc_trace_get_n_threads (trace), ==, truth->len);
  for (guint i = 0; i < truth->len; i++)
    {
      const LscSynthTruth *expected = &g_array_index (truth, LscSynthTruth, i);
      const LscLane *lane = lsc_trace_find_thread (trace, expected->tid)->lane;
      uint64_t ns[LSC_N_STATES];
      uint64_t sum = 0;

      lsc_lane_cumulate (lane, UINT64_MAX, ns);
      for (int s = 0; s < LSC_N_STATES; s++)
        sum += ns[s];
      g_assert_cmpuint (ns[LSC_STATE_RUNNING], ==, expected->running_ns);
      g_assert_cmpuint (ns[LSC_STATE_RUNNABLE] + ns[LSC_STATE_PREEMPTED], ==, expected->queued_ns);
      g_assert_cmpuint (ns[LSC_STATE_UNKNOWN], ==, 0);
      g_assert_cmpuint (sum, ==, lsc_lane_get_end_ns (lane) - lsc_lane_get_start_ns (lane));
    }
}

/* With losses nothing may be invented: no state gets more time than it truly had outside the
 * unknown. */
static void
test_losses_become_unknown (void)
{
  LscSynthConfig config = {
    .seed = 5, .n_events = 50000, .n_cpus = 2, .n_threads = 20, .n_processes = 2, .lost = 20
  };
  g_autoptr (GByteArray) bytes = lsc_synth_all (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  const LscRecordEnd *end;

  g_assert_cmpint (lsc_assembler_feed (assembler, bytes->data, bytes->len), ==, bytes->len);
  end = lsc_trace_get_end_record (trace);
  g_assert_cmpuint (end->lost, >, 0);
  g_assert_cmpuint (lsc_trace_get_n_lost (trace), ==, end->lost);
  g_assert_cmpuint (lsc_trace_get_n_events (trace) + lsc_trace_get_n_lost (trace), ==, end->seen);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/assembler/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("sleep-wakeup-run", test_sleep_wakeup_and_run);
  ADD ("preempted-by", test_preempted_knows_who_took_the_cpu);
  ADD ("preempted-falling-asleep", test_preempted_on_its_way_to_sleep_is_still_queued);
  ADD ("yield", test_yield_is_no_preemption);
  ADD ("wakeup-falling-asleep", test_wakeup_while_falling_asleep_counts);
  ADD ("wakeup-running", test_wakeup_of_a_running_thread_invents_nothing);
  ADD ("wakeup-interrupt", test_wakeup_by_interrupt_has_no_waker);
  ADD ("birth-death", test_birth_and_death_bound_a_lane);
  ADD ("tid-reuse", test_a_tid_used_again_is_another_thread);
  ADD ("exec-by-thread", test_exec_by_another_thread_goes_on_as_the_leader);
  ADD ("gap", test_a_gap_is_unknown_and_ends_where_it_ended);
  ADD ("missing-switch-in", test_a_missing_switch_in_is_unknown_not_invented);
  ADD ("hidden-switch-in", test_a_hidden_switch_in_is_unknown_from_the_last_switch_on);
  ADD ("hidden-switch-out", test_a_hidden_switch_out_is_unknown_not_running);
  ADD ("neighbour", test_a_neighbour_gets_no_lane);
  ADD ("cpu-lane", test_cpu_lane_shows_traced_threads_only_as_running);
  ADD ("impossible-tids", test_impossible_tids_are_skipped);
  ADD ("cut-record", test_a_record_cut_in_two_is_taken_when_whole);
  g_test_add_func ("/assembler/synthetic-machine", test_a_synthetic_machine_is_told_exactly);
  g_test_add_func ("/assembler/losses", test_losses_become_unknown);
  return g_test_run ();
}
