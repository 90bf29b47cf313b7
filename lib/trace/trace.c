/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/trace-private.h"

static void
free_thread (gpointer data)
{
  lsc_lane_free (((LscTraceThread *) data)->thread.lane);
  g_aligned_free (data);
}

LscTrace *
lsc_trace_new (void)
{
  LscTrace *self = g_new0 (LscTrace, 1);

  self->shared.causes = lsc_cause_table_new ();
  self->tids = lsc_tid_map_new ();
  self->tgids = lsc_tid_map_new ();
  self->threads = g_ptr_array_new_with_free_func (free_thread);
  self->processes = g_ptr_array_new_with_free_func (g_free);
  self->gaps = g_array_new (FALSE, FALSE, sizeof (LscGap));
  return self;
}

void
lsc_trace_free (LscTrace *self)
{
  if (self == NULL)
    return;
  for (uint32_t cpu = 0; cpu < self->n_cpus; cpu++)
    lsc_lane_free (self->cpus[cpu].lane);
  g_free (self->cpus);
  g_ptr_array_unref (self->threads);
  g_ptr_array_unref (self->processes);
  g_array_unref (self->gaps);
  lsc_tid_map_free (self->tids);
  lsc_tid_map_free (self->tgids);
  lsc_cause_table_free (self->shared.causes);
  g_free (self);
}

uint64_t
lsc_trace_get_start_ns (const LscTrace *self)
{
  return self->start_ns;
}

uint64_t
lsc_trace_get_end_ns (const LscTrace *self)
{
  return self->shared.end_ns;
}

uint64_t
lsc_trace_get_n_events (const LscTrace *self)
{
  return self->n_events;
}

uint64_t
lsc_trace_get_n_lost (const LscTrace *self)
{
  return self->n_lost;
}

const LscRecordHeader *
lsc_trace_get_header (const LscTrace *self)
{
  return &self->header;
}

const LscRecordEnd *
lsc_trace_get_end_record (const LscTrace *self)
{
  return self->end.head.size == 0 ? NULL : &self->end;
}

const LscRecordStatus *
lsc_trace_get_status (const LscTrace *self)
{
  return self->status.head.size == 0 ? NULL : &self->status;
}

bool
lsc_trace_is_ready (const LscTrace *self)
{
  return self->is_ready;
}

uint32_t
lsc_trace_get_n_threads (const LscTrace *self)
{
  return self->threads->len;
}

const LscThread *
lsc_trace_get_thread (const LscTrace *self, uint32_t index)
{
  if (index >= self->threads->len)
    return NULL;
  return &((LscTraceThread *) g_ptr_array_index (self->threads, index))->thread;
}

const LscThread *
lsc_trace_find_thread (const LscTrace *self, uint32_t tid)
{
  LscTraceThread *thread = lsc_trace_lookup (self, tid);

  return thread == NULL ? NULL : &thread->thread;
}

const LscThread *
lsc_trace_find_thread_at (const LscTrace *self, uint32_t tid, uint64_t time_ns)
{
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (self); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (self, i);

      if (thread->tid == tid && thread->lane != NULL
          && lsc_lane_get_start_ns (thread->lane) <= time_ns
          && time_ns < lsc_lane_get_end_ns (thread->lane))
        return thread;
    }
  return NULL;
}

uint32_t
lsc_trace_get_n_processes (const LscTrace *self)
{
  return self->processes->len;
}

const LscProcess *
lsc_trace_get_process (const LscTrace *self, uint32_t index)
{
  return index < self->processes->len ? g_ptr_array_index (self->processes, index) : NULL;
}

uint32_t
lsc_trace_get_n_cpus (const LscTrace *self)
{
  return self->n_cpus;
}

const LscLane *
lsc_trace_get_cpu_lane (const LscTrace *self, uint32_t cpu)
{
  return cpu < self->n_cpus ? self->cpus[cpu].lane : NULL;
}

uint32_t
lsc_trace_get_n_gaps (const LscTrace *self)
{
  return self->gaps->len;
}

const LscGap *
lsc_trace_get_gap (const LscTrace *self, uint32_t index)
{
  return index < self->gaps->len ? &g_array_index (self->gaps, LscGap, index) : NULL;
}

uint64_t
lsc_trace_get_revision (const LscTrace *self)
{
  return self->revision;
}

size_t
lsc_trace_get_memory (const LscTrace *self)
{
  return sizeof *self + self->shared.memory + lsc_cause_table_get_memory (self->shared.causes)
         + lsc_tid_map_get_memory (self->tids) + lsc_tid_map_get_memory (self->tgids)
         + self->gaps->len * sizeof (LscGap)
         + self->processes->len * (sizeof (LscProcess) + sizeof (gpointer))
         + self->threads->len * (sizeof (LscTraceThread) + sizeof (gpointer));
}

void
lsc_trace_advance (LscTrace *self, uint64_t time_ns)
{
  if (!self->has_start || time_ns <= self->shared.end_ns)
    return;
  self->shared.end_ns = time_ns;
  self->revision++;
}

LscTraceThread *
lsc_trace_add_thread (LscTrace *self, uint32_t tid, uint32_t tgid)
{
  LscTraceThread *thread;

  if (tid == LSC_TID_IDLE || tid >= LSC_TID_LIMIT || self->threads->len >= LSC_THREADS_MAX)
    return NULL;
  thread = g_aligned_alloc0 (1, sizeof *thread, LSC_CACHE_LINE);
  thread->thread.tid = tid;
  thread->thread.ns_tid = tid;
  thread->thread.index = self->threads->len;
  thread->thread.process = UINT32_MAX;
  thread->thread.parent = LSC_THREAD_NONE;
  thread->thread.prio = 120;
  thread->odd = LSC_ODD_UNTRACED;
  g_ptr_array_add (self->threads, thread);
  lsc_tid_map_set (self->tids, tid, thread);
  lsc_trace_set_process (self, thread, lsc_trace_ensure_process (self, tgid));
  return thread;
}

void
lsc_trace_set_traced (LscTrace *self, LscTraceThread *thread)
{
  if (thread->thread.traced)
    return;
  thread->thread.traced = true;
  thread->odd &= ~LSC_ODD_UNTRACED;
  thread->on_cpu = 0;
  thread->thread.lane = lsc_lane_new (&self->shared);
  lsc_lane_set_open_start (thread->thread.lane, true);
  lsc_lane_set_kernel_thread (thread->thread.lane, thread->thread.kernel_thread);
  ((LscProcess *) g_ptr_array_index (self->processes, thread->thread.process))->n_threads++;
}

LscProcess *
lsc_trace_ensure_process (LscTrace *self, uint32_t tgid)
{
  LscProcess *process = lsc_tid_map_get (self->tgids, tgid);

  return process != NULL ? process : lsc_trace_add_process (self, tgid);
}

LscProcess *
lsc_trace_add_process (LscTrace *self, uint32_t tgid)
{
  LscProcess *process;

  if (tgid >= LSC_TID_LIMIT)
    return lsc_trace_ensure_process (self, 0);
  process = g_new0 (LscProcess, 1);
  process->tgid = tgid;
  process->index = self->processes->len;
  lsc_tid_map_set (self->tgids, tgid, process);
  g_ptr_array_add (self->processes, process);
  return process;
}

void
lsc_trace_set_process (LscTrace *self, LscTraceThread *thread, LscProcess *process)
{
  LscProcess *old = NULL;

  if (thread->thread.process == process->index)
    return;
  if (thread->thread.process != UINT32_MAX)
    old = g_ptr_array_index (self->processes, thread->thread.process);
  if (thread->thread.traced)
    {
      process->n_threads++;
      if (old != NULL)
        old->n_threads--;
    }
  thread->thread.process = process->index;
}

LscTraceCpu *
lsc_trace_add_cpu (LscTrace *self, uint32_t cpu)
{
  if (cpu >= LSC_CPUS_MAX)
    return NULL;
  self->cpus = g_renew (LscTraceCpu, self->cpus, cpu + 1);
  for (uint32_t i = self->n_cpus; i <= cpu; i++)
    {
      self->cpus[i] = (LscTraceCpu){ .lane = lsc_lane_new (&self->shared) };
      lsc_lane_set_uncounted (self->cpus[i].lane);
    }
  self->n_cpus = cpu + 1;
  return &self->cpus[cpu];
}
