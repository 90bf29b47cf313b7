/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/cause-sweep.h"

#include "lib/trace/lane-private.h"
#include "lib/trace/trace-private.h"

#include <string.h>

#define WORTH_IT 512u /* causes */
#define BLOCKS_A_CALL 1000u
#define LANES_A_CALL 1000u
#define CAUSES_A_CALL 100000u

/* What threads and CPUs remember is asked for again. */
static void
forget_memos (LscTrace *trace)
{
  for (uint32_t i = lsc_trace_next_thread (trace, 0); i < trace->n_threads;
       i = lsc_trace_next_thread (trace, i + 1))
    {
      LscTraceThread *thread = lsc_trace_peek_thread (trace, i);

      thread->on_cpu = 0;
      thread->left = (LscLeavingMemo){ 0 };
      thread->took = (LscTakingMemo){ 0 };
      memset (thread->woke, 0, sizeof thread->woke);
    }
  for (uint32_t i = 0; i < trace->n_cpus; i++)
    trace->cpus[i].running = trace->cpus[i].interrupt = trace->cpus[i].stranger = 0;
  trace->idle->on_cpu = trace->other->on_cpu = 0;
}

bool
lsc_cause_sweep_begin (LscTrace *trace)
{
  LscCauseTable *causes = trace->shared.causes;
  uint32_t n_left = trace->sweep.n_left;

  if (lsc_cause_table_get_n (causes) < WORTH_IT + n_left + n_left / 4)
    return false;
  trace->sweep = (LscCauseSweep){ .marks = true, .end_thread = trace->n_threads, .n_left = n_left };
  lsc_cause_table_begin_sweep (causes);
  forget_memos (trace);
  return true;
}

static void
mark_mark (LscCauseTable *causes, const LscLaneMark *mark)
{
  lsc_cause_table_mark (causes, mark->last_run);
  lsc_cause_table_mark (causes, mark->cause);
}

/* All that a lane knows causes from but its spans. */
static void
mark_marks (LscCauseTable *causes, const LscLane *lane)
{
  lsc_cause_table_mark (causes, lane->last_cause);
  mark_mark (causes, &lane->first);
  mark_mark (causes, &lane->open);
  mark_mark (causes, &lane->last);
  for (uint32_t i = 0; i < lane->n_chapters; i++)
    mark_mark (causes, &lane->chapters[i].mark);
}

/* Blocks of the lane from where it stands. Returns how many; those that are added meanwhile hold
 * marked causes only. */
static uint32_t
mark_blocks (LscCauseSweep *self, LscCauseTable *causes, const LscLane *lane, uint32_t most)
{
  uint32_t first = (uint32_t) (self->next_block - MIN (lane->first_block, self->next_block));
  uint32_t end = (uint32_t) MIN ((uint64_t) first + most, lane->n_blocks);

  for (uint32_t b = first; b < end; b++)
    {
      const LscLaneEntry *entries = lane->blocks[b].entries;
      uint32_t n = lsc_lane_get_block_size (lane, b);

      for (uint32_t e = 0; e < n; e++)
        lsc_cause_table_mark (causes, entries[e].cause);
    }
  self->next_block = lane->first_block + end;
  return end - MIN (first, end);
}

/* The lane that is next; NULL after the last. */
static const LscLane *
next_lane (LscTrace *trace)
{
  LscCauseSweep *self = &trace->sweep;
  const LscLane *lane;

  while ((self->next_thread = lsc_trace_next_thread (trace, self->next_thread)) < self->end_thread)
    {
      lane = lsc_trace_peek_thread (trace, self->next_thread)->thread.lane;
      if (lane != NULL)
        return lane;
      self->next_thread++;
    }
  return lsc_trace_get_cpu_lane (trace, self->next_cpu);
}

static void
leave_lane (LscTrace *trace)
{
  LscCauseSweep *self = &trace->sweep;

  if (self->next_thread < self->end_thread)
    self->next_thread++;
  else
    self->next_cpu++;
  self->next_block = 0;
}

/* Returns whether all is marked. */
static bool
mark_some (LscTrace *trace)
{
  LscCauseSweep *self = &trace->sweep;
  LscCauseTable *causes = trace->shared.causes;
  uint32_t n_blocks = 0;

  for (uint32_t i = 0; i < LANES_A_CALL && n_blocks < BLOCKS_A_CALL; i++)
    {
      const LscLane *lane = next_lane (trace);

      if (lane == NULL)
        return true;
      mark_marks (causes, lane);
      n_blocks += mark_blocks (self, causes, lane, BLOCKS_A_CALL - n_blocks);
      if (self->next_block < lane->first_block + lane->n_blocks)
        return false;
      leave_lane (trace);
    }
  return false;
}

bool
lsc_cause_sweep_step (LscTrace *trace)
{
  LscCauseSweep *self = &trace->sweep;

  if (self->marks)
    {
      self->marks = !mark_some (trace);
      return true;
    }
  if (!lsc_cause_table_sweep (trace->shared.causes, CAUSES_A_CALL))
    return true;
  self->n_left = lsc_cause_table_get_n (trace->shared.causes);
  return false;
}

void
lsc_cause_sweep_end (LscTrace *trace)
{
  lsc_cause_table_end_sweep (trace->shared.causes);
}
