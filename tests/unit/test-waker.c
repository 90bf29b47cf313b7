/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What ended a wait, as its sentence says it: an end that was waited for, and what only looks like
 * one; timers and devices.
 */
#include "lib/explain/sentence.h"
#include "tests/support/handmade.h"
#include "tests/support/synth-trace.h"

/* System calls of x86-64. */
#define READ 0
#define RECVFROM 45
#define FLOCK 73

/* 11 sleeps for 2 ms in `call`, until at 3 ms `waker` wakes it on CPU 1, where 12 runs; that ends
 * then, at once or after it `lingers`. */
static LscTrace *
make_end_story (int16_t call, LscDetail detail, uint32_t waker, bool lingers)
{
  g_autoptr (GByteArray) s = begin_stream (0);
  LscRecordExit exit = { .tid = 12, .tgid = 10 };
  LscRecordSwitch sleep = { .head.flags = (uint8_t) (detail << LSC_SWITCH_DETAIL_SHIFT),
                            .prev_tid = 11,
                            .prev_state = 1,
                            .prev_syscall = call,
                            .prev_arg = call == FUTEX ? 0x7f40 : 4 };

  add_task (s, 0, 11, "main", LSC_TASK_ON_CPU, 0);
  add_task (s, 0, 12, "worker", 0, 1);
  add_switch (s, 500000, 1, (LscRecordSwitch){ .next_tid = 12 });
  add_switch (s, 1000000, 0, sleep);
  add_waking (s, 3000000, 1, waker, 11);
  if (lingers)
    {
      add_sleep (s, 3001000, 1, 12, READ, 0);
      add_waking (s, 3002000, 1, LSC_TID_IDLE, 12);
      add_switch (s, 3003000, 1, (LscRecordSwitch){ .next_tid = 12 });
    }
  add_record (s, &exit, LSC_RECORD_EXIT, 3009000, 1);
  add_switch (
      s, 3010000, 1,
      (LscRecordSwitch){ .prev_tid = 12, .prev_state = 0x80, .prev_syscall = LSC_SYSCALL_NONE });
  add_switch (s, 3020000, 0, (LscRecordSwitch){ .next_tid = 11 });
  end_stream (s, 4000000);
  return trace_of_stream (s);
}

static void
test_who_woke_it (void)
{
  static const struct
  {
    int16_t call;
    LscDetail detail;
    uint32_t waker;
    bool lingers;
    const char *expected;
  } cases[] = {
    { FUTEX, LSC_DETAIL_NONE, 12, false, "Woken by the end of worker: probably a join." },
    { FUTEX, LSC_DETAIL_FUTEX_WAIT_BITSET, 12, false,
      "Woken by the end of worker: probably a join." },
    /* It had the lock until its end; it worked on after that; another call waits for no end. */
    { FUTEX, LSC_DETAIL_FUTEX_WAIT, 12, false, "Woken by worker on CPU 1." },
    { FUTEX, LSC_DETAIL_FUTEX_WAIT_BITSET, 12, true, "Woken by worker on CPU 1." },
    { FLOCK, LSC_DETAIL_NONE, 12, false, "Woken by worker on CPU 1." },
    { FUTEX, LSC_DETAIL_FUTEX_WAIT_BITSET, LSC_TID_IDLE, false, "Woken by a timer on CPU 1." },
    { RECVFROM, LSC_DETAIL_NONE, LSC_TID_IDLE, false,
      "Woken by an interrupt on CPU 1 while worker ran there." },
    { READ, LSC_DETAIL_EVENT, LSC_TID_IDLE, false, "Woken by an interrupt on CPU 1." },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LscTrace) trace =
          make_end_story (cases[i].call, cases[i].detail, cases[i].waker, cases[i].lingers);
      const LscThread *thread = lsc_trace_find_thread (trace, 11);
      g_autofree char *text = lsc_sentence_of_span (
          trace, thread->index, lsc_lane_get_first (thread->lane) + 1, LSC_WORDS_PLAIN);

      if (strstr (text, cases[i].expected) == NULL)
        g_error ("case %zu: %s", i, text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/waker/who-woke-it", test_who_woke_it);
  return g_test_run ();
}
