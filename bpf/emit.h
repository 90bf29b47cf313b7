/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a record gets into the ring, and what is remembered when it does not.
 *
 * seen = delivered + lost holds on each CPU exactly: every record but a gap is counted as seen
 * before its room is asked for, and as lost when there is none. What was lost is told by a gap
 * record before the next record of that CPU; what remains at the end the tracer tells.
 */
#pragma once

#include "bpf/filter.h"

/* Programs on a switch or a wakeup run with interrupts off: nothing comes between load and store.
 * In the others an interrupt may, so they add in one instruction. */
static __always_inline void
count_seen (const Run *run)
{
  if (run->interruptible)
    __sync_fetch_and_add (&run->counters->seen, 1);
  else
    run->counters->seen++;
}

static __noinline void
note_loss (LscKernelCpu *counters, uint64_t now_ns)
{
  __sync_fetch_and_add (&counters->lost, 1);
  if (__sync_fetch_and_add (&counters->gap_count, 1) == 0)
    counters->gap_first_ns = now_ns;
  counters->gap_last_ns = now_ns;
}

/* False when there is no room even for this: then the gap goes on, whatever might still fit. */
static __noinline bool
tell_gap (LscKernelCpu *counters, uint32_t cpu)
{
  uint64_t first_ns = counters->gap_first_ns, last_ns = counters->gap_last_ns;
  LscRecordGap *gap = bpf_ringbuf_reserve (&ring, sizeof *gap, 0);

  if (!gap)
    return false;
  gap->head.time_ns = last_ns;
  gap->head.size = sizeof *gap;
  gap->head.kind = LSC_RECORD_GAP;
  gap->head.flags = 0;
  gap->head.cpu = cpu;
  gap->first_ns = first_ns;
  gap->last_ns = last_ns;
  gap->count = __sync_lock_test_and_set (&counters->gap_count, 0);
  gap->cause = LSC_GAP_RING_FULL;
  gap->reserved = 0;
  bpf_ringbuf_submit (gap, BPF_RB_NO_WAKEUP);
  return true;
}

/* Room for a record with its head filled in, or NULL (then it is counted as lost). `size` is a
 * constant. Every byte after the head is the caller's to write. */
static __always_inline void *
begin_record (const Run *run, uint64_t size, uint8_t kind, uint8_t flags)
{
  LscRecordHead *head = 0;

  count_seen (run);
  if (!run->counters->gap_count || tell_gap (run->counters, run->cpu))
    head = bpf_ringbuf_reserve (&ring, size, 0);
  if (!head)
    {
      note_loss (run->counters, run->now_ns);
      return 0;
    }
  head->time_ns = run->now_ns;
  head->size = (uint16_t) size;
  head->kind = kind;
  head->flags = flags;
  head->cpu = run->cpu;
  return head;
}

/* The reader comes by itself every few milliseconds; it is woken only when the ring fills faster
 * than that. */
static __always_inline void
end_record (const Run *run, void *record)
{
  uint64_t wakeup = BPF_RB_NO_WAKEUP;

  if ((run->counters->seen & (LSC_KERNEL_SAMPLE_EVERY - 1)) == 0
      && bpf_ringbuf_query (&ring, BPF_RB_AVAIL_DATA) >= LSC_KERNEL_RING_BYTES / 4)
    wakeup = BPF_RB_FORCE_WAKEUP;
  bpf_ringbuf_submit (record, wakeup);
}

/* The same value, but one that the verifier knows nothing of: it follows what comes next once, not
 * once for every value. That is where most of the time to load the programs went. Not in
 * interruptible runs. */
static __always_inline bool
hide_value (const Run *run, bool value)
{
  volatile uint64_t *scratch = &run->counters->scratch;

  *scratch = value;
  return *scratch;
}

/* Begins a program's run: false when it has nothing to do. */
static __always_inline bool
begin_run (Run *run, bool interruptible)
{
  uint64_t n_before;

  if (control.phase == LSC_KERNEL_OFF)
    return false;
  run->cpu = bpf_get_smp_processor_id ();
  run->counters = &cpus[run->cpu & (LSC_KERNEL_CPUS_MAX - 1)];
  run->interruptible = interruptible;
  n_before = interruptible ? __sync_fetch_and_add (&run->counters->runs, 1) : run->counters->runs++;
  run->started_ns = n_before & (LSC_KERNEL_SAMPLE_EVERY - 1) ? 0 : bpf_ktime_get_ns ();
  return true;
}

/* Ends it: a sample of the runs is timed. */
static __always_inline void
end_run (const Run *run)
{
  if (run->started_ns)
    __sync_fetch_and_add (&run->counters->sampled_ns, bpf_ktime_get_ns () - run->started_ns);
}
