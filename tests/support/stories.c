/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each thread's events are written on their own, and sorted by time.
 */
#include "tests/support/stories.h"

#include "tests/support/convoy.h"

static void
leave_for (
    GByteArray *out, uint64_t time_ns, uint32_t cpu, uint32_t tid, int16_t syscall, uint64_t arg)
{
  add_switch (out, time_ns, cpu,
              (LscRecordSwitch){
                  .prev_tid = tid, .prev_state = 1, .prev_syscall = syscall, .prev_arg = arg });
}

/* Workers worker-0.. with tids from 11, asleep; "main" (10) waits for events, or runs. */
static GByteArray *
begin_story (uint32_t n_workers)
{
  GByteArray *loose = g_byte_array_new ();

  add_task (loose, 0, 10, "main", LSC_TASK_ON_CPU, 0);
  leave_for (loose, 1000, 0, 10, EPOLL_WAIT, 3);
  for (uint32_t i = 0; i < n_workers; i++)
    {
      g_autofree char *name = g_strdup_printf ("worker-%u", i);

      add_task (loose, 0, 11 + i, name, 0, 1);
    }
  return loose;
}

static GByteArray *
end_story (GByteArray *loose, uint64_t time_ns)
{
  GByteArray *out = begin_stream (0);

  convoy_sort (out, loose);
  end_stream (out, time_ns);
  g_byte_array_unref (loose);
  return out;
}

GByteArray *
story_of_turns (uint32_t n, uint64_t hold_ns, uint64_t beside_ns)
{
  GByteArray *s = begin_story (n);
  uint64_t turn_ns = hold_ns + beside_ns, n_turns = SECOND / turn_ns;

  for (uint64_t turn = 0; turn < n_turns; turn++)
    {
      uint32_t tid = 11 + (uint32_t) (turn % n), next = 11 + (uint32_t) ((turn + 1) % n);
      uint32_t cpu = (uint32_t) (turn % 2);
      uint64_t from = MS + turn * turn_ns, to = from + hold_ns;

      add_run (s, from + 5 * US, cpu, tid);
      if (beside_ns == 0)
        {
          add_waking (s, to, cpu, tid, next);
          leave_for (s, to + 3 * US, cpu, tid, FUTEX, LOCK_A);
          continue;
        }
      /* It sleeps for a time of its own; the next begins on its own too. */
      leave_for (s, to, cpu, tid, CLOCK_NANOSLEEP, 0);
      add_waking (s, to + beside_ns, cpu, LSC_TID_IDLE, next);
    }
  return end_story (s, SECOND + 10 * MS);
}

GByteArray *
story_of_interpreter (uint32_t n, StoryTurns kind)
{
  GByteArray *s = begin_story (n);

  for (uint64_t turn = 0; turn < 180; turn++)
    {
      uint32_t tid = 11 + (uint32_t) (turn % n), next = 11 + (uint32_t) ((turn + 1) % n);
      uint32_t cpu = (uint32_t) (turn % 2);
      uint64_t from = MS + turn * 5200 * US, to = from + 5200 * US;

      add_run (s, from + 10 * US, cpu, tid);
      if (kind == STORY_IDLE)
        {
          leave_for (s, from + 30 * US, cpu, tid, FUTEX, LOCK_A);
          add_waking (s, to, 1 - cpu, LSC_TID_IDLE, next);
          continue;
        }
      if (kind == STORY_INTERPRETER && turn % 8 == 7)
        {
          /* Woken too early: what it waits then is what is left of its time. */
          add_waking (s, to - 1500 * US, cpu, tid, next);
          add_run (s, to - 1490 * US, 1 - cpu, next);
          leave_for (s, to - 1480 * US, 1 - cpu, next, FUTEX, LOCK_A);
        }
      if (kind == STORY_INTERPRETER)
        {
          add_waking (s, to - 100 * US, 1 - cpu, LSC_TID_IDLE, next);
          add_run (s, to - 90 * US, 1 - cpu, next);
          leave_for (s, to - 80 * US, 1 - cpu, next, FUTEX, LOCK_A);
        }
      if (kind == STORY_QUEUED)
        add_waking (s, to + MS, cpu, LSC_TID_IDLE, tid);
      add_waking (s, to, cpu, tid, next);
      leave_for (s, to + 3 * US, cpu, tid, FUTEX, LOCK_A);
    }
  return end_story (s, SECOND);
}

GByteArray *
story_of_crowd (uint32_t n, uint32_t n_cpus)
{
  GByteArray *s = begin_story (n);

  for (uint32_t i = 0; i < n; i++)
    add_waking (s, MS, 0, 10, 11 + i);
  for (uint32_t cpu = 0; cpu < n_cpus; cpu++)
    {
      uint32_t mine = (n + n_cpus - 1 - cpu) / n_cpus; /* threads of this CPU */

      for (uint64_t turn = 0; turn < 245 && mine > 0; turn++)
        {
          uint32_t tid = 11 + cpu + n_cpus * (uint32_t) (turn % mine);
          uint32_t next = 11 + cpu + n_cpus * (uint32_t) ((turn + 1) % mine);
          uint64_t from = 2 * MS + turn * 4 * MS;

          if (turn == 0)
            add_run (s, from, cpu, tid);
          if (next != tid)
            add_preemption (s, from + 4 * MS, cpu, tid, next);
        }
    }
  return end_story (s, SECOND - 10 * MS);
}

GByteArray *
story_of_shares (const uint64_t *work_ns, uint32_t n, const char *const *names)
{
  GByteArray *s = begin_story (0);

  for (uint32_t i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("worker-%u", i);
      LscRecordExit exit = { .tid = 11 + i, .tgid = 10 };

      add_task (s, 0, 11 + i, names != NULL ? names[i] : name, 0, 1);
      add_waking (s, MS, 0, 10, 11 + i);
      add_run (s, MS + 10 * US, i, 11 + i);
      add_record (s, &exit, LSC_RECORD_EXIT, MS + work_ns[i], i);
      add_switch (s, MS + work_ns[i] + US, i,
                  (LscRecordSwitch){
                      .prev_tid = 11 + i, .prev_state = 0x80, .prev_syscall = LSC_SYSCALL_NONE });
    }
  return end_story (s, SECOND);
}

GByteArray *
story_of_barrier (gboolean in_turn)
{
  GByteArray *s = begin_story (4);

  for (uint32_t i = 0; i < 4; i++)
    add_waking (s, MS / 2, 0, 10, 11 + i);
  for (uint64_t round = 0; round < 40; round++)
    {
      uint64_t from = MS + round * 20 * MS, to = from + 19 * MS;
      uint32_t slow = in_turn ? (uint32_t) (round % 4) : 0;

      for (uint32_t i = 0; i < 4; i++)
        {
          uint32_t order = (i + 4 - slow) % 4;

          /* The last of the round before runs on. */
          if (round == 0 || i != (in_turn ? (uint32_t) ((round - 1) % 4) : 0))
            add_run (s, from + 10 * US, i, 11 + i);
          if (i == slow)
            continue;
          leave_for (s, from + 4 * MS, i, 11 + i, FUTEX, LOCK_A);
          add_waking (s, to + order * US, slow, 11 + slow, 11 + i);
        }
    }
  return end_story (s, SECOND);
}

GByteArray *
story_of_priorities (gboolean inherits)
{
  GByteArray *s = begin_story (0);
  static const char *const names[] = { "high", "low", "middle" };
  static const uint8_t prios[] = { 10, 120, 50 };

  for (uint32_t i = 0; i < 3; i++)
    add_task (s, 0, 11 + i, names[i], 0, 1);
  for (uint64_t turn = 0; turn < 5; turn++)
    {
      uint64_t at = MS + turn * 40 * MS;

#define TAKE(time, cpu_, next)                                                                     \
  add_switch (s, time, cpu_,                                                                       \
              (LscRecordSwitch){ .next_tid = 11 + (next),                                          \
                                 .next_prio = prios[next],                                         \
                                 .prev_syscall = LSC_SYSCALL_NONE })
#define SLEEP(time, cpu_, prev, call, address)                                                     \
  add_switch (s, time, cpu_,                                                                       \
              (LscRecordSwitch){ .prev_tid = 11 + (prev),                                          \
                                 .prev_prio = prios[prev],                                         \
                                 .prev_state = 1,                                                  \
                                 .prev_syscall = call,                                             \
                                 .prev_arg = address })
      add_waking (s, at, 0, LSC_TID_IDLE, 12);
      TAKE (at + 10 * US, 0, 1);
      add_waking (s, at + MS, 1, LSC_TID_IDLE, 11);
      TAKE (at + MS + 10 * US, 1, 0);
      SLEEP (at + MS + 50 * US, 1, 0, FUTEX, LOCK_A);
      if (!inherits)
        {
          add_waking (s, at + 2 * MS, 1, LSC_TID_IDLE, 13);
          add_switch (s, at + 2 * MS, 0,
                      (LscRecordSwitch){ .head.flags = LSC_SWITCH_PREEMPT,
                                         .prev_tid = 12,
                                         .next_tid = 13,
                                         .prev_prio = prios[1],
                                         .next_prio = prios[2],
                                         .prev_syscall = LSC_SYSCALL_NONE });
          SLEEP (at + 9 * MS, 0, 2, CLOCK_NANOSLEEP, 0);
          TAKE (at + 9 * MS + US, 0, 1);
        }
      add_waking (s, at + 11 * MS, 0, 12, 11);
      TAKE (at + 11 * MS + 10 * US, 1, 0);
      SLEEP (at + 12 * MS, 1, 0, CLOCK_NANOSLEEP, 0);
      SLEEP (at + 12 * MS, 0, 1, CLOCK_NANOSLEEP, 0);
    }
#undef TAKE
#undef SLEEP
  return end_story (s, 300 * MS);
}

GByteArray *
story_of_moves (uint32_t period)
{
  GByteArray *s = begin_story (1);

  for (uint64_t turn = 0; turn < 480; turn++)
    {
      uint32_t cpu = (uint32_t) (turn / period % 2);
      uint64_t from = MS + turn * 2 * MS;

      add_waking (s, from, cpu, LSC_TID_IDLE, 11);
      add_run (s, from + 5 * US, cpu, 11);
      leave_for (s, from + MS, cpu, 11, READ, 4);
    }
  return end_story (s, SECOND);
}

GByteArray *
story_of_yields (uint64_t slice_ns)
{
  GByteArray *s = begin_story (2);

  add_waking (s, MS, 0, 10, 11);
  add_waking (s, MS, 0, 10, 12);
  add_run (s, MS + US, 0, 11);
  for (uint64_t turn = 1; turn < (SECOND - 10 * MS) / slice_ns; turn++)
    add_yield (s, MS + turn * slice_ns, 0, turn % 2 == 1 ? 11 : 12, turn % 2 == 1 ? 12 : 11);
  return end_story (s, SECOND);
}

GByteArray *
story_of_naps (uint64_t nap_ns)
{
  GByteArray *s = begin_story (1);

  for (uint64_t at = MS; at < SECOND - MS; at += nap_ns + 30 * US)
    {
      add_waking (s, at, 0, LSC_TID_IDLE, 11);
      add_run (s, at + 5 * US, 0, 11);
      leave_for (s, at + 25 * US, 0, 11, CLOCK_NANOSLEEP, 0);
    }
  return end_story (s, SECOND);
}

static GByteArray *
begin_deadlock (uint64_t stuck_ns, gboolean one_lock, gboolean watched, uint8_t detail)
{
  static const uint64_t locks[] = { LOCK_A, LOCK_B, LOCK_C };
  GByteArray *s = begin_story (3);
  uint64_t at = 4 * SECOND - stuck_ns;

  if (!watched)
    {
      add_waking (s, MS, 3, LSC_TID_IDLE, 10);
      add_run (s, MS + 5 * US, 3, 10);
      leave_for (s, 2 * MS, 3, 10, FUTEX, one_lock ? LOCK_A : LOCK_A + 0x900);
    }
  for (uint32_t i = 0; i < 3; i++)
    {
      add_waking (s, 3 * MS, i, LSC_TID_IDLE, 11 + i);
      add_run (s, 3 * MS + 5 * US, i, 11 + i);
      add_switch (s, at - i * MS, i,
                  (LscRecordSwitch){ .head.flags = (uint8_t) (detail << LSC_SWITCH_DETAIL_SHIFT),
                                     .prev_tid = 11 + i,
                                     .prev_state = 1,
                                     .prev_syscall = FUTEX,
                                     .prev_arg = locks[one_lock ? 0 : i] });
    }
  return s;
}

GByteArray *
story_of_deadlock (uint64_t stuck_ns, gboolean one_lock, gboolean watched, uint8_t detail)
{
  return end_story (begin_deadlock (stuck_ns, one_lock, watched, detail), 4 * SECOND);
}

GByteArray *
story_of_killing (gboolean dies)
{
  GByteArray *s = begin_deadlock (3 * SECOND, FALSE, FALSE, LSC_DETAIL_NONE);
  uint64_t at = 3 * SECOND;

  for (uint32_t i = 0; i < 4; i++)
    {
      LscRecordExit exit = { .tid = 10 + i, .tgid = 10 };

      add_waking (s, at, 3, LSC_TID_IDLE, 10 + i);
      add_run (s, at + 5 * US, i, 10 + i);
      if (!dies)
        {
          leave_for (s, at + 50 * US, i, 10 + i, CLOCK_NANOSLEEP, 0);
          continue;
        }
      add_record (s, &exit, LSC_RECORD_EXIT, at + 40 * US, i);
      add_switch (s, at + 50 * US, i, (LscRecordSwitch){ .prev_tid = 10 + i, .prev_state = 0x80 });
    }
  return end_story (s, 4 * SECOND);
}

/* worker-`by` lets the worker go that has waited for `lock` for 5 ms. */
static void
add_handover (GByteArray *s, uint64_t at_ns, uint32_t worker, uint32_t by, uint64_t lock)
{
  leave_for (s, at_ns, worker, 11 + worker, FUTEX, lock);
  add_waking (s, at_ns + 5 * MS, by, 11 + by, 11 + worker);
  add_run (s, at_ns + 5 * MS + 5 * US, worker, 11 + worker);
}

GByteArray *
story_of_tangle (StoryTangle tangle)
{
  static const uint64_t locks[] = { LOCK_A, LOCK_B, LOCK_C };
  GByteArray *s = begin_story (4);

  for (uint32_t i = 0; i < 4; i++)
    {
      add_waking (s, 3 * MS, i, LSC_TID_IDLE, 11 + i);
      add_run (s, 3 * MS + 5 * US, i, 11 + i);
    }
  for (uint32_t i = 0; i < 3 && tangle != STORY_TANGLE_SUDDEN; i++)
    add_handover (s, (10 + 10 * i) * MS, tangle == STORY_TANGLE_PARKED ? i : (i + 1) % 3,
                  tangle == STORY_TANGLE_PARKED ? (i + 1) % 3 : i, locks[i]);
  if (tangle == STORY_TANGLE_OUTSIDER)
    add_handover (s, 50 * MS, 0, 3, locks[0]);
  for (uint32_t i = 0; i < 3; i++)
    leave_for (s, 2 * SECOND + i * MS, i, 11 + i, FUTEX,
               locks[tangle == STORY_TANGLE_PARKED ? i : (i + 1) % 3]);
  for (uint64_t at = 100 * MS; at < 4 * SECOND; at += 100 * MS)
    {
      leave_for (s, at, 3, 14, CLOCK_NANOSLEEP, 0);
      add_waking (s, at + 90 * MS, 3, LSC_TID_IDLE, 14);
      add_run (s, at + 90 * MS + 5 * US, 3, 14);
    }
  return end_story (s, 4 * SECOND);
}
