/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Record streams written by hand, for tests that know the answer beforehand.
 */
#pragma once

#include "lib/wire/record.h"

#include <glib.h>
#include <string.h>

#define FUTEX 202 /* x86-64 */
#define CLOCK_NANOSLEEP 230
#define SCHED_YIELD 24

static inline void
add_record (GByteArray *out, void *record, LscRecordKind kind, uint64_t time_ns, uint32_t cpu)
{
  LscRecordHead *head = record;

  head->kind = (uint8_t) kind;
  head->size = lsc_record_size_of (head->kind);
  head->time_ns = time_ns;
  head->cpu = cpu;
  g_byte_array_append (out, record, head->size);
}

static inline GByteArray *
begin_stream (uint64_t time_ns)
{
  GByteArray *out = g_byte_array_new ();
  LscRecordHeader header = { .version_major = LSC_RECORD_MAJOR,
                             .version_minor = LSC_RECORD_MINOR,
                             .n_cpus = 4,
                             .scope = LSC_SCOPE_ANY,
                             .machine = "x86_64",
                             .release = "6.1.0",
                             .host = "here",
                             .command = "handmade" };

  memcpy (header.magic, LSC_RECORD_MAGIC, sizeof header.magic);
  add_record (out, &header, LSC_RECORD_HEADER, time_ns, LSC_CPU_NONE);
  return out;
}

/* A traced thread; `flags` LSC_TASK_*. */
static inline void
add_task (GByteArray *out,
          uint64_t time_ns,
          uint32_t tid,
          const char *name,
          uint8_t flags,
          uint32_t state)
{
  LscRecordTask record = { .head.flags = flags | LSC_TASK_TRACED,
                           .tid = tid,
                           .tgid = 10,
                           .ns_tid = tid,
                           .start_ns = 77,
                           .state = state,
                           .syscall = LSC_SYSCALL_NONE };

  g_strlcpy (record.name, name, sizeof record.name);
  add_record (out, &record, LSC_RECORD_TASK, time_ns, 0);
}

/* prev falls asleep in `syscall` (state 1) or is pushed off (state 0, syscall -1). */
static inline void
add_switch (GByteArray *out, uint64_t time_ns, uint32_t cpu, LscRecordSwitch record)
{
  add_record (out, &record, LSC_RECORD_SWITCH, time_ns, cpu);
}

static inline void
add_sleep (
    GByteArray *out, uint64_t time_ns, uint32_t cpu, uint32_t prev, int16_t syscall, uint32_t next)
{
  add_switch (out, time_ns, cpu,
              (LscRecordSwitch){ .prev_tid = prev,
                                 .next_tid = next,
                                 .prev_state = 1,
                                 .prev_syscall = syscall,
                                 .prev_arg = syscall == FUTEX ? 0x7f40 : 0 });
}

static inline void
add_preemption (GByteArray *out, uint64_t time_ns, uint32_t cpu, uint32_t prev, uint32_t next)
{
  add_switch (out, time_ns, cpu,
              (LscRecordSwitch){ .head.flags = LSC_SWITCH_PREEMPT,
                                 .prev_tid = prev,
                                 .next_tid = next,
                                 .prev_syscall = LSC_SYSCALL_NONE });
}

static inline void
add_yield (GByteArray *out, uint64_t time_ns, uint32_t cpu, uint32_t prev, uint32_t next)
{
  add_switch (out, time_ns, cpu,
              (LscRecordSwitch){ .prev_tid = prev, .next_tid = next, .prev_syscall = SCHED_YIELD });
}

static inline void
add_waking (GByteArray *out, uint64_t time_ns, uint32_t cpu, uint32_t waker, uint32_t wakee)
{
  LscRecordWaking record = { .waker_tid = waker, .wakee_tid = wakee };

  if (waker == LSC_TID_IDLE)
    record.head.flags = LSC_WAKING_INTERRUPT;
  add_record (out, &record, LSC_RECORD_WAKING, time_ns, cpu);
}

static inline void
end_stream (GByteArray *out, uint64_t time_ns)
{
  LscRecordEnd record = { .reason = LSC_END_STOPPED };

  add_record (out, &record, LSC_RECORD_END, time_ns, LSC_CPU_NONE);
}
