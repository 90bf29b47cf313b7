/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A small story with everything a picture can show: four workers that take turns on one lock, a
 * logger that sleeps and writes to the disk, a thread that is born, pushed off, lost from sight and
 * ends. 60 ms on four CPUs.
 */
#pragma once

#include "tests/support/handmade.h"

#define MS UINT64_C (1000000)
#define US UINT64_C (1000)
#define EPOLL_WAIT 232
#define WRITE 1
#define READ 0

/* The thread gets CPU `cpu` at `time_ns`. */
static inline void
add_run (GByteArray *out, uint64_t time_ns, uint32_t cpu, uint32_t tid)
{
  add_switch (
      out, time_ns, cpu,
      (LscRecordSwitch){ .prev_tid = 0, .next_tid = tid, .prev_syscall = LSC_SYSCALL_NONE });
}

static inline void
add_disk_wait (GByteArray *out, uint64_t time_ns, uint32_t cpu, uint32_t prev)
{
  add_switch (out, time_ns, cpu,
              (LscRecordSwitch){ .head.flags = LSC_SWITCH_IO_WAIT,
                                 .prev_tid = prev,
                                 .next_tid = 0,
                                 .prev_state = 2,
                                 .prev_syscall = WRITE });
}

static inline void
add_gap (GByteArray *out, uint64_t first_ns, uint64_t last_ns, uint32_t cpu, uint64_t count)
{
  LscRecordGap record = {
    .first_ns = first_ns, .last_ns = last_ns, .count = count, .cause = LSC_GAP_RING_FULL
  };

  add_record (out, &record, LSC_RECORD_GAP, last_ns, cpu);
}

typedef struct
{
  uint64_t time_ns;
  GByteArray *record;
} ConvoyRecord;

static inline gint
convoy_compare (gconstpointer a, gconstpointer b)
{
  const ConvoyRecord *x = a, *y = b;

  return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

/* Records are made thread by thread; a stream is in the order of time. */
static inline void
convoy_sort (GByteArray *out, const GByteArray *loose)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (ConvoyRecord));

  for (guint at = 0; at < loose->len;)
    {
      const LscRecordHead *head = (const LscRecordHead *) (const void *) (loose->data + at);
      ConvoyRecord record = { head->time_ns, g_byte_array_new () };

      g_byte_array_append (record.record, loose->data + at, head->size);
      g_array_append_val (records, record);
      at += head->size;
    }
  /* a merge sort: what happens at one moment stays in order */
  g_array_sort (records, convoy_compare);
  for (guint i = 0; i < records->len; i++)
    {
      GByteArray *record = g_array_index (records, ConvoyRecord, i).record;

      g_byte_array_append (out, record->data, record->len);
      g_byte_array_unref (record);
    }
}

/* Worker w holds the lock from 3.5 w ms on, every 14 ms, and waits for it in between. */
static inline void
convoy_workers (GByteArray *out)
{
  for (uint64_t turn = 0; turn < 16; turn++)
    {
      uint32_t tid = 11 + (uint32_t) (turn % 4), next = 11 + (uint32_t) ((turn + 1) % 4);
      uint32_t cpu = (uint32_t) (turn % 2); /* the logger has CPU 3, the late worker CPU 2 */
      uint64_t from = MS + turn * 3500 * US, to = from + 3400 * US;

      add_run (out, from + 500 * US, cpu, tid);
      add_waking (out, to - 100 * US, cpu, tid, next);
      add_sleep (out, to, cpu, tid, FUTEX, 0);
    }
}

static inline void
convoy_logger (GByteArray *out)
{
  for (uint64_t turn = 0; turn < 9; turn++)
    {
      uint64_t at = 4 * MS + turn * 6 * MS;

      add_waking (out, at, 3, 0, 15);
      add_run (out, at + 200 * US, 3, 15);
      if (turn == 3)
        {
          add_disk_wait (out, at + 400 * US, 3, 15);
          add_waking (out, at + 5 * MS, 3, 0, 15);
          add_run (out, at + 5 * MS + 50 * US, 3, 15);
          add_sleep (out, at + 5 * MS + 400 * US, 3, 15, CLOCK_NANOSLEEP, 0);
        }
      else
        add_sleep (out, at + 400 * US, 3, 15, CLOCK_NANOSLEEP, 0);
    }
}

static inline void
convoy_late_worker (GByteArray *out)
{
  LscRecordFork fork = { .parent_tid = 10, .parent_tgid = 10, .child_tid = 16, .child_tgid = 10 };
  LscRecordExit exit = { .tid = 16, .tgid = 10 };

  add_task (out, 12 * MS, 16, "late-worker", LSC_TASK_NEW, 0);
  add_record (out, &fork, LSC_RECORD_FORK, 12 * MS, 0);
  add_run (out, 12 * MS + 100 * US, 2, 16);
  add_preemption (out, 20 * MS, 2, 16, 0);
  add_run (out, 25 * MS, 2, 16);
  add_gap (out, 33 * MS, 39 * MS, 2, 1204);
  add_run (out, 39 * MS + 1, 2, 16);
  add_sleep (out, 40 * MS, 2, 16, READ, 0);
  add_waking (out, 45 * MS, 1, 10, 16);
  add_run (out, 45 * MS + 100 * US, 2, 16);
  add_record (out, &exit, LSC_RECORD_EXIT, 50 * MS, 2);
  add_switch (
      out, 50 * MS + 10 * US, 2,
      (LscRecordSwitch){ .prev_tid = 16, .prev_state = 0x80, .prev_syscall = LSC_SYSCALL_NONE });
}

static inline GByteArray *
make_convoy (void)
{
  static const char *const names[] = { "convoy",   "worker-0", "worker-1",
                                       "worker-2", "worker-3", "logger" };
  GByteArray *out = begin_stream (0);
  g_autoptr (GByteArray) loose = g_byte_array_new ();

  for (uint32_t i = 0; i < G_N_ELEMENTS (names); i++)
    add_task (loose, 0, 10 + i, names[i], i == 0 ? LSC_TASK_ON_CPU : 0, i == 0 ? 0 : 1);
  add_sleep (loose, MS, 0, 10, EPOLL_WAIT, 0);
  convoy_workers (loose);
  convoy_logger (loose);
  convoy_late_worker (loose);
  convoy_sort (out, loose);
  end_stream (out, 60 * MS);
  return out;
}
