/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a record gets into the ring, and what is remembered when it does not.
 *
 * Each CPU has a ring of its own in memory that the tracer maps, so that a record costs a few
 * stores and no call: half of what a record cost went into the two calls of the kernel's ring
 * buffer. LscKernelCpu says what the tracer may read, and when.
 *
 * seen = delivered + lost holds on each CPU exactly: every record but a gap is counted as seen
 * before its room is asked for, and as lost when there is none. What was lost is told by a gap
 * record before the next record of that CPU; what remains at the end the tracer tells.
 */
#pragma once

#include "bpf/filter.h"
#include MACHINE_HEADER

/* Room that is left when the ring counts as full: for programs that had looked before and were
 * interrupted before they took it. */
#define RING_RESERVE 4096

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

/* Room for `size` bytes in this CPU's ring, or NULL. */
static __always_inline void *
take_room (const Run *run, uint64_t size)
{
  LscKernelCpu *counters = run->counters;
  uint64_t end = counters->ring_end;
  uint32_t cpu = run->cpu;
  uint8_t *ring = bpf_map_lookup_elem (&rings, &cpu); /* no call: the verifier puts in the sum */

  if (!ring || end - counters->ring_begin > ring_bytes - RING_RESERVE)
    return 0;
  if (run->interruptible)
    end = __sync_fetch_and_add (&counters->ring_end, size);
  else
    counters->ring_end = end + size;
  return ring + (end & (ring_bytes - 1));
}

/* False when there is no room even for this: then the gap goes on, whatever might still fit. */
static __noinline bool
tell_gap (const Run *run)
{
  LscKernelCpu *counters = run->counters;
  uint64_t first_ns = counters->gap_first_ns, last_ns = counters->gap_last_ns;
  LscRecordGap *gap = take_room (run, sizeof *gap);

  if (!gap)
    return false;
  gap->head.time_ns = last_ns;
  gap->head.size = sizeof *gap;
  gap->head.kind = LSC_RECORD_GAP;
  gap->head.flags = 0;
  gap->head.cpu = run->cpu;
  gap->first_ns = first_ns;
  gap->last_ns = last_ns;
  gap->count = __sync_lock_test_and_set (&counters->gap_count, 0);
  gap->cause = LSC_GAP_RING_FULL;
  gap->reserved = 0;
  return true;
}

static __noinline void
ring_doorbell (void)
{
  uint64_t nothing = 0;

  bpf_ringbuf_output (&doorbell, &nothing, sizeof nothing, BPF_RB_FORCE_WAKEUP);
}

/* Room for a record with its head filled in, or NULL (then it is counted as lost). `size` is a
 * constant. Every byte after the head is the caller's to write, before the run ends. */
static __always_inline void *
begin_record (const Run *run, uint64_t size, uint8_t kind, uint8_t flags)
{
  LscKernelCpu *counters = run->counters;
  LscRecordHead *head = 0;

  count_seen (run);
  /* The reader comes by itself every few milliseconds; it is woken only when the ring fills faster
   * than that. */
  if ((counters->seen & (LSC_KERNEL_SAMPLE_EVERY - 1)) == 0
      && counters->ring_end - counters->ring_begin >= ring_bytes / 4)
    ring_doorbell ();
  if (!counters->gap_count || tell_gap (run))
    head = take_room (run, size);
  if (!head)
    {
      note_loss (counters, run->now_ns);
      return 0;
    }
  head->time_ns = run->now_ns;
  head->size = (uint16_t) size;
  head->kind = kind;
  head->flags = flags;
  head->cpu = run->cpu;
  return head;
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

/* The time of what is told next. Taken after everybody in it was introduced: then it is later than
 * the introductions, whichever CPU they were told on, and the tracer may sort by time. */
static __always_inline void
take_time (Run *run)
{
  run->now_ns = bpf_ktime_get_ns ();
}

static __always_inline bool
is_on (void)
{
  return control.phase != LSC_KERNEL_OFF;
}

static __always_inline LscKernelCpu *
counters_of (uint32_t cpu)
{
  return &cpus[cpu & (LSC_KERNEL_CPUS_MAX - 1)];
}

/* Begins the run of a program while is_on(). From here to end_run() the tracer reads nothing new of
 * this CPU. Programs on a switch or a wakeup ask first whether there is anything to tell: most of a
 * machine's are nobody's who is traced, and go by with as little as possible. */
static __always_inline void
begin_run (Run *run, bool interruptible)
{
  uint64_t n_before;

  run->cpu = bpf_get_smp_processor_id ();
  run->counters = counters_of (run->cpu);
  run->interruptible = interruptible;
  machine_add (&run->counters->busy, 1, interruptible);
  n_before = interruptible ? __sync_fetch_and_add (&run->counters->runs, 1) : run->counters->runs++;
  run->started_ns = n_before & (LSC_KERNEL_SAMPLE_EVERY - 1) ? 0 : bpf_ktime_get_ns ();
}

/* Ends it: a sample of the runs is timed. */
static __always_inline void
end_run (const Run *run)
{
  if (run->started_ns)
    __sync_fetch_and_add (&run->counters->sampled_ns, bpf_ktime_get_ns () - run->started_ns);
  machine_add (&run->counters->busy, -1, run->interruptible);
}
