/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A live trace must not grow for ever: over its limit it forgets the oldest eighth of its time, a
 * few lanes at a call, so that no call takes long. What was recorded stays in the file.
 */
#include "lib/trace/trace-private.h"

#define BLOCKS_A_CALL 2000u
#define LANES_A_CALL 2000u

void
lsc_trace_set_memory_limit (LscTrace *self, size_t bytes)
{
  self->memory_limit = bytes;
}

bool
lsc_trace_has_dropped (const LscTrace *self)
{
  return self->has_dropped;
}

/* Whether nothing of the thread's life is left. A main thread stays as long as its process, so that
 * who has its tid later is known to be of another one. */
static bool
is_over (const LscTrace *self, const LscTraceThread *thread)
{
  const LscLane *lane = thread->thread.lane;
  const LscProcess *process = lsc_trace_peek_process (self, thread->thread.process);

  return (thread->thread.ended || (thread->neighbour && thread->exiting))
         && thread->ended_ns <= self->trim_ns
         && (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
         && (thread->thread.tid != process->tgid || process->n_members == 1);
}

/* Returns how many blocks went. */
static size_t
trim_thread (LscTrace *self, LscTraceThread *thread)
{
  LscLane *lane = thread->thread.lane;
  size_t n = lane != NULL ? lsc_lane_drop_before (lane, self->trim_ns) : 0;

  if (is_over (self, thread))
    lsc_trace_forget_thread (self, thread);
  return n;
}

/* The lanes that come next, of threads and then of CPUs. Returns whether these were the last. */
static bool
trim_some (LscTrace *self)
{
  size_t n_blocks = 0;

  for (uint32_t i = 0; i < LANES_A_CALL && n_blocks < BLOCKS_A_CALL; i++)
    {
      self->trim_next = lsc_trace_next_thread (self, self->trim_next);
      if (self->trim_next == self->n_threads)
        break;
      n_blocks += trim_thread (self, lsc_trace_peek_thread (self, self->trim_next++));
    }
  if (self->trim_next < self->n_threads)
    return false;
  while (self->trim_next_cpu < self->n_cpus && n_blocks < BLOCKS_A_CALL)
    n_blocks += lsc_lane_drop_before (self->cpus[self->trim_next_cpu++].lane, self->trim_ns);
  return self->trim_next_cpu == self->n_cpus;
}

static void
begin (LscTrace *self)
{
  uint64_t length_ns = self->shared.end_ns - self->start_ns;

  if (length_ns < 8)
    return;
  self->trim_ns = self->start_ns + length_ns / 8;
  self->trim_next = self->trim_next_cpu = 0;
}

/* Everything of before trim_ns has gone. */
static void
finish (LscTrace *self)
{
  guint n_gone = 0;

  self->start_ns = self->trim_ns;
  while (n_gone < self->gaps->len
         && g_array_index (self->gaps, LscGap, n_gone).last_ns < self->start_ns)
    n_gone++;
  g_array_remove_range (self->gaps, 0, n_gone);
  self->has_dropped = true;
  self->trim_ns = 0;
  self->sweeps = lsc_cause_sweep_begin (self);
  self->revision++;
}

/* Events that come faster than causes are looked through are worth more room than those. */
static bool
sweep (LscTrace *self)
{
  if (lsc_trace_get_memory (self) <= self->memory_limit + self->memory_limit / 8)
    return lsc_cause_sweep_step (self);
  lsc_cause_sweep_end (self);
  return false;
}

void
lsc_trace_trim (LscTrace *self)
{
  if (self->memory_limit == 0)
    return;
  if (self->sweeps)
    self->sweeps = sweep (self);
  else if (self->trim_ns == 0 && lsc_trace_get_memory (self) > self->memory_limit)
    begin (self);
  if (self->trim_ns != 0 && trim_some (self))
    finish (self);
}
