/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/trace-private.h"

/* Whoever was forgotten. */
static const LscThread forgotten_thread = {
  .index = LSC_THREAD_NONE, .process = UINT32_MAX, .parent = LSC_THREAD_NONE, .ended = true
};
static const LscProcess forgotten_process = { .index = UINT32_MAX };

static LscTraceThread *
new_thread (LscTrace *self)
{
  LscTraceThread *thread = lsc_piece_pool_take (&self->thread_pool);

  *thread = (LscTraceThread){ 0 };
  return thread;
}

LscTrace *
lsc_trace_new (void)
{
  LscTrace *self = g_new0 (LscTrace, 1);

  lsc_lane_shared_init (&self->shared);
  self->tids = lsc_tid_map_new ();
  self->tgids = lsc_tid_map_new ();
  lsc_sparse_array_init (&self->threads, sizeof (LscTraceThread *));
  lsc_sparse_array_init (&self->processes, sizeof (LscProcess *));
  lsc_piece_pool_init (&self->thread_pool, &self->shared.store, sizeof (LscTraceThread));
  self->idle = new_thread (self);
  self->other = new_thread (self);
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
  for (uint32_t i = lsc_trace_next_thread (self, 0); i < self->n_threads;
       i = lsc_trace_next_thread (self, i + 1))
    lsc_lane_free (lsc_trace_peek_thread (self, i)->thread.lane);
  for (uint32_t i = lsc_trace_next_process (self, 0); i < self->n_processes;
       i = lsc_trace_next_process (self, i + 1))
    g_free (lsc_trace_peek_process (self, i));
  lsc_sparse_array_clear (&self->threads);
  lsc_sparse_array_clear (&self->processes);
  g_array_unref (self->gaps);
  lsc_tid_map_free (self->tids);
  lsc_tid_map_free (self->tgids);
  lsc_lane_shared_clear (&self->shared);
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
  return self->n_threads;
}

uint32_t
lsc_trace_get_n_threads_kept (const LscTrace *self)
{
  return self->n_threads_kept;
}

uint64_t
lsc_trace_get_n_forgotten (const LscTrace *self)
{
  return self->n_forgotten;
}

bool
lsc_trace_has_thread (const LscTrace *self, uint32_t index)
{
  return lsc_trace_peek_thread (self, index) != NULL;
}

bool
lsc_trace_has_process (const LscTrace *self, uint32_t index)
{
  return lsc_trace_peek_process (self, index) != NULL;
}

/* The first place from `index` on that is not empty, or `n`. */
static uint32_t
next_kept (const LscSparseArray *places, uint32_t index, uint32_t n)
{
  while (index < n)
    {
      index = lsc_sparse_array_next (places, index);
      if (index >= n || *(void **) lsc_sparse_array_get (places, index) != NULL)
        break;
      index++;
    }
  return MIN (index, n);
}

uint32_t
lsc_trace_next_thread (const LscTrace *self, uint32_t index)
{
  return next_kept (&self->threads, index, self->n_threads);
}

uint32_t
lsc_trace_next_process (const LscTrace *self, uint32_t index)
{
  return next_kept (&self->processes, index, self->n_processes);
}

const LscThread *
lsc_trace_get_thread (const LscTrace *self, uint32_t index)
{
  const LscTraceThread *thread = lsc_trace_peek_thread (self, index);

  if (thread != NULL)
    return &thread->thread;
  return index < self->n_threads ? &forgotten_thread : NULL;
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
  for (uint32_t i = lsc_trace_next_thread (self, 0); i < self->n_threads;
       i = lsc_trace_next_thread (self, i + 1))
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
  return self->n_processes;
}

const LscProcess *
lsc_trace_get_process (const LscTrace *self, uint32_t index)
{
  const LscProcess *process = lsc_trace_peek_process (self, index);

  if (process != NULL)
    return process;
  return index < self->n_processes || index == UINT32_MAX ? &forgotten_process : NULL;
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
         + self->gaps->len * sizeof (LscGap) + lsc_sparse_array_get_memory (&self->processes)
         + lsc_sparse_array_get_memory (&self->threads)
         + self->n_processes_kept * sizeof (LscProcess)
         + (self->n_threads_kept + 2) * sizeof (LscTraceThread);
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

  if (tid == LSC_TID_IDLE || tid >= LSC_TID_LIMIT || self->n_threads_kept >= LSC_THREADS_MAX
      || self->n_threads >= LSC_THREAD_OTHER)
    return NULL;
  thread = new_thread (self);
  thread->odd = LSC_ODD_UNTRACED;
  thread->thread = (LscThread){ .tid = tid,
                                .ns_tid = tid,
                                .index = self->n_threads++,
                                .process = UINT32_MAX,
                                .parent = LSC_THREAD_NONE,
                                .prio = 120 };
  *(LscTraceThread **) lsc_sparse_array_ensure (&self->threads, thread->thread.index) = thread;
  self->n_threads_kept++;
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
  lsc_trace_peek_process (self, thread->thread.process)->n_threads++;
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
  process->index = self->n_processes++;
  *(LscProcess **) lsc_sparse_array_ensure (&self->processes, process->index) = process;
  self->n_processes_kept++;
  lsc_tid_map_set (self->tgids, tgid, process);
  return process;
}

/* The place is empty from now on; its page goes when it was the last of it. */
static void
empty_place (LscSparseArray *places, uint32_t index, uint32_t n)
{
  uint32_t first = index - index % LSC_SPARSE_PAGE;
  void **page;

  *(void **) lsc_sparse_array_get (places, index) = NULL;
  page = lsc_sparse_array_get (places, first);
  if (first + LSC_SPARSE_PAGE > n)
    return; /* there will be others in it */
  for (uint32_t i = 0; i < LSC_SPARSE_PAGE; i++)
    if (page[i] != NULL)
      return;
  lsc_sparse_array_drop_page (places, index);
}

static void
remove_member (LscTrace *self, LscProcess *process, const LscTraceThread *thread)
{
  process->n_threads -= thread->thread.traced;
  if (--process->n_members > 0)
    return;
  if (lsc_tid_map_get (self->tgids, process->tgid) == process)
    lsc_tid_map_remove (self->tgids, process->tgid);
  empty_place (&self->processes, process->index, self->n_processes);
  self->n_processes_kept--;
  self->n_forgotten++;
  g_free (process);
}

void
lsc_trace_forget_thread (LscTrace *self, LscTraceThread *thread)
{
  remove_member (self, lsc_trace_peek_process (self, thread->thread.process), thread);
  if (lsc_trace_lookup (self, thread->thread.tid) == thread)
    lsc_tid_map_remove (self->tids, thread->thread.tid);
  empty_place (&self->threads, thread->thread.index, self->n_threads);
  self->n_threads_kept--;
  self->n_forgotten++;
  lsc_lane_free (thread->thread.lane);
  lsc_piece_pool_give (&self->thread_pool, thread);
}

void
lsc_trace_set_process (LscTrace *self, LscTraceThread *thread, LscProcess *process)
{
  LscProcess *old = lsc_trace_peek_process (self, thread->thread.process);

  if (old == process)
    return;
  thread->thread.process = process->index;
  process->n_members++;
  process->n_threads += thread->thread.traced;
  if (old != NULL)
    remove_member (self, old, thread);
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
