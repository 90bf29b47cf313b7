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

static LscLane *
lane_by_number (const LscTrace *self, uint32_t number)
{
  if (number < self->threads->len)
    return ((LscTraceThread *) g_ptr_array_index (self->threads, number))->thread.lane;
  return self->cpus[number - self->threads->len].lane;
}

static void
begin (LscTrace *self)
{
  uint64_t length_ns = self->shared.end_ns - self->start_ns;

  if (length_ns < 8)
    return;
  self->trim_ns = self->start_ns + length_ns / 8;
  self->trim_next = 0;
}

void
lsc_trace_trim (LscTrace *self)
{
  uint32_t n_lanes = self->threads->len + self->n_cpus;
  size_t n_blocks = 0;

  if (self->memory_limit == 0)
    return;
  if (self->trim_ns == 0 && lsc_trace_get_memory (self) > self->memory_limit)
    begin (self);
  if (self->trim_ns == 0)
    return;
  for (uint32_t i = 0; i < LANES_A_CALL && n_blocks < BLOCKS_A_CALL && self->trim_next < n_lanes;
       i++)
    {
      LscLane *lane = lane_by_number (self, self->trim_next++);

      if (lane != NULL)
        n_blocks += lsc_lane_drop_before (lane, self->trim_ns);
    }
  if (self->trim_next < n_lanes)
    return;
  self->start_ns = self->trim_ns;
  self->has_dropped = true;
  self->trim_ns = 0;
  self->revision++;
}
