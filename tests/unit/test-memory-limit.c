/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads come and go for as long as one likes: a trace with a limit keeps it, and forgets who
 * ended long ago.
 */
#include "lib/trace/assembler.h"
#include "tests/support/handmade.h"

#include <time.h>

static void
feed (LscAssembler *assembler, void *record, LscRecordKind kind, uint64_t time_ns)
{
  LscRecordHead *head = record;

  head->time_ns = time_ns;
  head->kind = (uint8_t) kind;
  head->size = lsc_record_size_of (head->kind);
  g_assert_cmpint (lsc_assembler_feed (assembler, record, head->size), ==, head->size);
}

/* A life of a millisecond: born, woken, on a CPU, gone. */
static void
live_and_die (LscAssembler *assembler, uint32_t tid, uint64_t time_ns)
{
  LscRecordTask task = { .head.flags = LSC_TASK_TRACED | LSC_TASK_NEW,
                         .tid = tid,
                         .tgid = 10,
                         .start_ns = time_ns,
                         .name = "short" };
  LscRecordWaking waking = { .head.flags = LSC_WAKING_NEW | LSC_WAKING_INTERRUPT,
                             .wakee_tid = tid };
  LscRecordSwitch in = { .next_tid = tid, .prev_syscall = -1 };
  LscRecordExit gone = { .tid = tid, .tgid = 10 };
  LscRecordSwitch out = { .prev_tid = tid, .prev_state = 0x80, .prev_syscall = -1 };

  feed (assembler, &task, LSC_RECORD_TASK, time_ns);
  feed (assembler, &waking, LSC_RECORD_WAKING, time_ns + 1000);
  feed (assembler, &in, LSC_RECORD_SWITCH, time_ns + 2000);
  feed (assembler, &gone, LSC_RECORD_EXIT, time_ns + 900000);
  feed (assembler, &out, LSC_RECORD_SWITCH, time_ns + 1000000);
}

/* A hundred new threads a second for an hour, with tids that come round: the limit is kept, the
 * newest threads are there, and the last are not dearer than the first. */
static void
test_an_hour_of_new_threads (void)
{
  enum
  {
    N = 360000,
    PART = 10000
  };
  const size_t limit = (size_t) 32 << 20;
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  clock_t fastest_early = 0, fastest_late = 0;
  uint64_t time_ns = 1000000000;

  lsc_trace_set_memory_limit (trace, limit);
  for (uint32_t part = 0; part < N / PART; part++)
    {
      clock_t *fastest = part < N / PART / 2 ? &fastest_early : &fastest_late;
      clock_t start = clock (), spent;

      for (uint32_t i = 0; i < PART; i++, time_ns += 10000000)
        live_and_die (assembler, 1000 + (part * PART + i) % 30000, time_ns);
      spent = clock () - start;
      *fastest = *fastest == 0 ? spent : MIN (*fastest, spent);
      g_assert_cmpuint (lsc_trace_get_memory (trace), <, limit);
    }
  g_assert_cmpuint (lsc_trace_get_n_threads (trace), ==, N);
  g_assert_cmpuint (lsc_trace_get_n_threads_kept (trace), >, 20000);
  g_assert_cmpuint (lsc_trace_get_n_threads_kept (trace), <, 80000);
  g_assert_cmpuint (lsc_trace_get_n_processes (trace), ==, 1);
  g_assert_cmpint (fastest_late, <, 5 * fastest_early + CLOCKS_PER_SEC / 100);
  g_assert_true (lsc_trace_get_thread (trace, N - 1)->ended);
}

/* A traced thread that a new neighbour wakes each time, who then ends: neighbours are forgotten
 * too, but not while they may be named again. */
static void
test_many_new_neighbours (void)
{
  enum
  {
    N = 120000
  };
  const size_t limit = (size_t) 16 << 20;
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  LscRecordTask traced = {
    .head.flags = LSC_TASK_TRACED, .tid = 10, .tgid = 10, .state = 1, .name = "traced"
  };
  uint64_t time_ns = 1000000000;

  lsc_trace_set_memory_limit (trace, limit);
  feed (assembler, &traced, LSC_RECORD_TASK, time_ns);
  for (uint32_t i = 0; i < N; i++)
    {
      bool late = i % 2 != 0; /* named after its exit */
      LscRecordTask task = { .head.flags = late ? LSC_TASK_EXITING : 0,
                             .tid = 1000 + i,
                             .tgid = 1000 + i,
                             .start_ns = time_ns,
                             .name = "neighbour" };
      LscRecordWaking waking = { .wakee_tid = 10, .waker_tid = task.tid };
      LscRecordSwitch in = { .next_tid = 10, .prev_tid = task.tid, .prev_syscall = -1 };
      LscRecordExit gone = { .head.flags = LSC_EXIT_NEIGHBOUR | LSC_EXIT_GROUP, .tid = task.tid };
      LscRecordSwitch out = { .prev_tid = 10, .prev_state = 1, .prev_syscall = 0 };

      feed (assembler, &task, LSC_RECORD_TASK, time_ns += 1000000);
      feed (assembler, &waking, LSC_RECORD_WAKING, time_ns += 1000000);
      if (!late)
        feed (assembler, &gone, LSC_RECORD_EXIT, time_ns += 1000000);
      feed (assembler, &in, LSC_RECORD_SWITCH, time_ns += 1000000);
      feed (assembler, &out, LSC_RECORD_SWITCH, time_ns += 6000000);
      g_assert_cmpuint (lsc_trace_get_memory (trace), <, limit + limit / 4);
    }
  g_assert_cmpuint (lsc_trace_get_n_threads (trace), ==, N + 1);
  g_assert_cmpuint (lsc_trace_get_n_threads_kept (trace), >, 1000);
  g_assert_cmpuint (lsc_trace_get_n_threads_kept (trace), <, 80000);
}

/* What comes in a moment: two threads take turns on CPU 0, and a new one shows up. */
static void
add_a_moment (GByteArray *bytes, uint32_t moment, uint64_t time_ns)
{
  enum
  {
    N = 50
  };
  LscRecordTask task = { .head.flags = LSC_TASK_TRACED | LSC_TASK_NEW,
                         .tid = 1000 + moment % 30000,
                         .tgid = 10,
                         .start_ns = time_ns,
                         .name = "short" };
  LscRecordExit gone = { .tid = task.tid, .tgid = 10 };

  add_record (bytes, &task, LSC_RECORD_TASK, time_ns, 0);
  for (uint32_t i = 0; i < N; i++)
    add_switch (bytes, time_ns + 1000 * i, 0,
                (LscRecordSwitch){ .prev_tid = 10 + i % 2,
                                   .next_tid = i < N - 1 ? 10 + (i + 1) % 2 : task.tid,
                                   .prev_state = 1,
                                   .prev_syscall = FUTEX,
                                   .prev_arg = moment * 64 });
  add_record (bytes, &gone, LSC_RECORD_EXIT, time_ns + 1000 * N, 0);
  add_switch (bytes, time_ns + 1001 * N, 0,
              (LscRecordSwitch){
                  .prev_tid = task.tid, .next_tid = 10, .prev_state = 0x80, .prev_syscall = -1 });
}

/* A CPU's lane that takes many calls to look through, and a new thread at each call: that does not
 * keep the trace from forgetting. */
static void
test_a_long_lane_and_new_threads (void)
{
  const size_t limit = 24000000;
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = begin_stream (1);

  lsc_trace_set_memory_limit (trace, limit);
  for (uint32_t moment = 0; moment < 60000; moment++)
    {
      add_a_moment (bytes, moment, UINT64_C (1000000) * (moment + 1));
      g_assert_cmpint (lsc_assembler_feed (assembler, bytes->data, bytes->len), ==, bytes->len);
      g_byte_array_set_size (bytes, 0);
      g_assert_cmpuint (lsc_trace_get_memory (trace), <, limit + limit / 4);
    }
  g_assert_true (lsc_trace_has_dropped (trace));
  g_assert_cmpuint (lsc_trace_get_n_threads_kept (trace), <, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory-limit/new-threads", test_an_hour_of_new_threads);
  g_test_add_func ("/memory-limit/new-neighbours", test_many_new_neighbours);
  g_test_add_func ("/memory-limit/long-lane", test_a_long_lane_and_new_threads);
  return g_test_run ();
}
