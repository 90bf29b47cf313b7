/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/perfetto-parts.h"

#include "lib/trace/task-state.h"

#define REPORT_PREEMPTED 0x100 /* prev_state of sched_switch's text, Linux 4.20 and newer */
#define REPORT_IDLE 0x80
#define REPORT_DEAD 0x10
#define REPORT_MASK 0x7f
#define STATE_NOT_KNOWN (-1) /* Perfetto shows "?" */
#define FLAG_HARDIRQ 0x08u
#define TID_NOT_TRACED INT32_MAX /* has the CPU, but may not be named */

typedef struct
{
  uint64_t time_ns;
  uint32_t cpu;
  int32_t state;
} Leave;

typedef struct
{
  uint64_t time_ns;
  uint32_t cpu;
  uint32_t thread;
  uint32_t flags;
} Waking;

typedef struct
{
  LscLaneIter iter;
  LscStretch stretch;
  uint32_t gap; /* those before it are over */
  bool has_stretch;
  bool idle; /* before it */
  bool lost; /* events are missing before what is written next */
} CpuWalk;

/* The columns of one packet; times are differences to the one before. */
typedef struct
{
  GArray *switch_ns, *switch_state, *switch_pid, *switch_prio, *switch_name;
  GArray *waking_ns, *waking_pid, *waking_cpu, *waking_prio, *waking_name, *waking_flags;
  uint64_t last_switch_ns, last_waking_ns;
} Columns;

struct _LscPerfettoSched
{
  const LscExport *what;
  char *const *names;
  GArray *leaves; /* of this window */
  GArray *wakings;
  CpuWalk *cpus;
  uint32_t n_cpus;
  Columns columns;
  GPtrArray *intern;  /* the names in this packet */
  uint32_t *interned; /* by thread: its place in `intern`, when `stamps` says that it is there */
  uint32_t *stamps;
  uint32_t stamp;
};

static GArray *
new_column (guint size)
{
  return g_array_new (FALSE, FALSE, size);
}

LscPerfettoSched *
lsc_perfetto_sched_new (const LscExport *what, char *const *names)
{
  LscPerfettoSched *self = g_new0 (LscPerfettoSched, 1);
  uint32_t n_threads = lsc_trace_get_n_threads (what->trace);

  self->what = what;
  self->names = names;
  self->leaves = new_column (sizeof (Leave));
  self->wakings = new_column (sizeof (Waking));
  self->n_cpus = lsc_trace_get_n_cpus (what->trace);
  self->cpus = g_new0 (CpuWalk, MAX (self->n_cpus, 1));
  self->columns = (Columns){
    .switch_ns = new_column (8),
    .switch_state = new_column (8),
    .switch_pid = new_column (4),
    .switch_prio = new_column (4),
    .switch_name = new_column (4),
    .waking_ns = new_column (8),
    .waking_pid = new_column (4),
    .waking_cpu = new_column (4),
    .waking_prio = new_column (4),
    .waking_name = new_column (4),
    .waking_flags = new_column (4),
  };
  self->intern = g_ptr_array_new ();
  self->interned = g_new0 (uint32_t, MAX (n_threads, 1));
  self->stamps = g_new0 (uint32_t, MAX (n_threads, 1));
  for (uint32_t i = 0; i < self->n_cpus; i++)
    {
      const LscLane *lane = lsc_trace_get_cpu_lane (what->trace, i);
      CpuWalk *cpu = &self->cpus[i];

      if (lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
        continue;
      lsc_lane_iter_init (&cpu->iter, lane, what->from_ns);
      cpu->has_stretch = lsc_lane_iter_step (&cpu->iter, &cpu->stretch);
      while (cpu->has_stretch && cpu->stretch.end_ns < what->from_ns)
        cpu->has_stretch = lsc_lane_iter_step (&cpu->iter, &cpu->stretch);
    }
  return self;
}

static void
free_columns (Columns *self)
{
  GArray *all[] = { self->switch_ns,   self->switch_state, self->switch_pid,  self->switch_prio,
                    self->switch_name, self->waking_ns,    self->waking_pid,  self->waking_cpu,
                    self->waking_prio, self->waking_name,  self->waking_flags };

  for (size_t i = 0; i < G_N_ELEMENTS (all); i++)
    g_array_unref (all[i]);
}

void
lsc_perfetto_sched_free (LscPerfettoSched *self)
{
  free_columns (&self->columns);
  g_array_unref (self->leaves);
  g_array_unref (self->wakings);
  g_ptr_array_unref (self->intern);
  g_free (self->cpus);
  g_free (self->interned);
  g_free (self->stamps);
  g_free (self);
}

/* What sched_switch would have said of the thread that left. */
static int32_t
get_report (const LscFacts *after)
{
  uint32_t idle = LSC_TASK_UNINTERRUPTIBLE | LSC_TASK_NOLOAD;
  int32_t bits = (int32_t) (after->kernel_state & REPORT_MASK);

  switch ((LscState) after->state)
    {
    case LSC_STATE_PREEMPTED:
      return (after->flags & LSC_FACT_YIELDED) != 0 ? 0 : REPORT_PREEMPTED;
    case LSC_STATE_RUNNABLE:
    case LSC_STATE_RUNNING:
      return 0;
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
    case LSC_STATE_STOPPED:
      if ((after->kernel_state & idle) == idle)
        return REPORT_IDLE;
      return bits != 0 ? bits : (int32_t) LSC_TASK_INTERRUPTIBLE;
    case LSC_STATE_ABSENT:
      return LSC_TASK_EXIT_DEAD;
    case LSC_STATE_UNKNOWN:
    case LSC_N_STATES:
    default:
      return STATE_NOT_KNOWN;
    }
}

void
lsc_perfetto_sched_add_leave (LscPerfettoSched *self,
                              uint64_t time_ns,
                              uint32_t cpu,
                              const LscFacts *after)
{
  Leave leave = { time_ns, cpu, get_report (after) };

  g_array_append_val (self->leaves, leave);
}

void
lsc_perfetto_sched_add_waking (LscPerfettoSched *self,
                               uint64_t time_ns,
                               const LscThread *thread,
                               const LscFacts *facts)
{
  Waking waking = { time_ns, facts->cpu, thread->index,
                    (facts->flags & LSC_FACT_INTERRUPT) != 0 ? FLAG_HARDIRQ : 0 };

  if (facts->cpu < self->n_cpus)
    g_array_append_val (self->wakings, waking);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Leave *left = a, *right = b; /* a Waking begins in the same way */

  if (left->cpu != right->cpu)
    return left->cpu < right->cpu ? -1 : 1;
  return (left->time_ns > right->time_ns) - (left->time_ns < right->time_ns);
}

static uint32_t
intern_text (LscPerfettoSched *self, const char *text)
{
  g_ptr_array_add (self->intern, (gpointer) text);
  return self->intern->len - 1;
}

static uint32_t
intern_thread (LscPerfettoSched *self, uint32_t thread)
{
  if (self->stamps[thread] != self->stamp)
    {
      self->stamps[thread] = self->stamp;
      self->interned[thread] = intern_text (self, self->names[thread]);
    }
  return self->interned[thread];
}

static void
add_switch (LscPerfettoSched *self, uint64_t time_ns, int64_t state, const LscFacts *facts)
{
  Columns *columns = &self->columns;
  uint64_t delta = time_ns - columns->last_switch_ns;
  int32_t pid = TID_NOT_TRACED, prio = 0;
  uint32_t name;

  if (facts->thread < lsc_trace_get_n_threads (self->what->trace))
    {
      const LscThread *thread = lsc_trace_get_thread (self->what->trace, facts->thread);

      pid = (int32_t) thread->tid;
      prio = thread->prio;
      name = intern_thread (self, thread->index);
    }
  else if (facts->thread == LSC_THREAD_IDLE)
    {
      pid = 0;
      name = intern_text (self, "swapper");
    }
  else
    name = intern_text (self, facts->state == LSC_STATE_UNKNOWN ? "(unknown)" : "(not traced)");
  columns->last_switch_ns = time_ns;
  g_array_append_val (columns->switch_ns, delta);
  g_array_append_val (columns->switch_state, state);
  g_array_append_val (columns->switch_pid, pid);
  g_array_append_val (columns->switch_prio, prio);
  g_array_append_val (columns->switch_name, name);
}

static void
add_waking (LscPerfettoSched *self, const Waking *waking)
{
  Columns *columns = &self->columns;
  const LscThread *thread = lsc_trace_get_thread (self->what->trace, waking->thread);
  uint64_t time_ns = lsc_perfetto_time (self->what, waking->time_ns);
  uint64_t delta = time_ns - columns->last_waking_ns;
  int32_t pid = (int32_t) thread->tid, cpu = (int32_t) waking->cpu, prio = thread->prio;
  uint32_t name = intern_thread (self, thread->index);

  columns->last_waking_ns = time_ns;
  g_array_append_val (columns->waking_ns, delta);
  g_array_append_val (columns->waking_pid, pid);
  g_array_append_val (columns->waking_cpu, cpu);
  g_array_append_val (columns->waking_prio, prio);
  g_array_append_val (columns->waking_name, name);
  g_array_append_val (columns->waking_flags, waking->flags);
}

/* Whether it is not known who had the CPU because events were lost; gaps are in order of time. */
static bool
has_gap (const LscTrace *trace, uint32_t cpu, CpuWalk *walk)
{
  uint32_t n = lsc_trace_get_n_gaps (trace);

  while (walk->gap < n && lsc_trace_get_gap (trace, walk->gap)->last_ns < walk->stretch.start_ns)
    walk->gap++;
  for (uint32_t i = walk->gap; i < n; i++)
    {
      const LscGap *gap = lsc_trace_get_gap (trace, i);

      if (gap->first_ns >= walk->stretch.end_ns)
        return false;
      if (gap->last_ns >= walk->stretch.start_ns && (gap->cpu == cpu || gap->cpu == LSC_CPU_NONE))
        return true;
    }
  return false;
}

/* Fills the columns with the switches of one CPU, up to where events are missing or `to_ns`.
 * Returns where that is. */
static uint64_t
fill_switches (LscPerfettoSched *self, uint32_t cpu, uint64_t to_ns, guint *leave)
{
  const LscLane *lane = lsc_trace_get_cpu_lane (self->what->trace, cpu);
  CpuWalk *walk = &self->cpus[cpu];

  for (; walk->has_stretch && walk->stretch.start_ns < to_ns;
       walk->has_stretch = lsc_lane_iter_step (&walk->iter, &walk->stretch))
    {
      const LscFacts *facts = lsc_lane_get_facts (lane, walk->stretch.cause);
      uint64_t time_ns = MAX (walk->stretch.start_ns, self->what->from_ns);
      /* Nobody told what others did who are not traced. */
      int64_t state = walk->idle ? 0 : STATE_NOT_KNOWN;

      for (; *leave < self->leaves->len; ++*leave)
        {
          const Leave *left = &g_array_index (self->leaves, Leave, *leave);

          if (left->cpu != cpu || left->time_ns > time_ns)
            break;
          if (left->time_ns == time_ns)
            state = left->state;
        }
      walk->idle = facts->thread == LSC_THREAD_IDLE;
      add_switch (self, lsc_perfetto_time (self->what, time_ns), state, facts);
      if (facts->state == LSC_STATE_UNKNOWN && has_gap (self->what->trace, cpu, walk))
        {
          walk->lost = true;
          walk->has_stretch = lsc_lane_iter_step (&walk->iter, &walk->stretch);
          return time_ns;
        }
    }
  return to_ns;
}

/* The same with its wakeups; one at the very place where events are missing belongs before it. */
static void
fill_wakings (LscPerfettoSched *self, uint32_t cpu, uint64_t to_ns, guint *waking)
{
  for (; *waking < self->wakings->len; ++*waking)
    {
      const Waking *next = &g_array_index (self->wakings, Waking, *waking);

      if (next->cpu != cpu || next->time_ns > to_ns)
        break;
      add_waking (self, next);
    }
}

static void
clear_columns (LscPerfettoSched *self)
{
  Columns *c = &self->columns;
  GArray *all[] = { c->switch_ns,   c->switch_state, c->switch_pid,  c->switch_prio,
                    c->switch_name, c->waking_ns,    c->waking_pid,  c->waking_cpu,
                    c->waking_prio, c->waking_name,  c->waking_flags };

  for (size_t i = 0; i < G_N_ELEMENTS (all); i++)
    g_array_set_size (all[i], 0);
  c->last_switch_ns = c->last_waking_ns = 0;
  g_ptr_array_set_size (self->intern, 0);
  self->stamp++;
}

static void
put_bundle (LscPerfettoSched *self, uint32_t cpu, gboolean lost, LscExportOut *out)
{
  const Columns *c = &self->columns;
  LscPb__CompactSched sched = LSC_PB__COMPACT_SCHED__INIT;
  LscPb__FtraceEventBundle bundle = LSC_PB__FTRACE_EVENT_BUNDLE__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;

  sched.n_intern_table = self->intern->len;
  sched.intern_table = (char **) self->intern->pdata;
  sched.n_switch_timestamp = sched.n_switch_prev_state = sched.n_switch_next_pid =
      sched.n_switch_next_prio = sched.n_switch_next_comm_index = c->switch_ns->len;
  sched.switch_timestamp = (uint64_t *) (void *) c->switch_ns->data;
  sched.switch_prev_state = (int64_t *) (void *) c->switch_state->data;
  sched.switch_next_pid = (int32_t *) (void *) c->switch_pid->data;
  sched.switch_next_prio = (int32_t *) (void *) c->switch_prio->data;
  sched.switch_next_comm_index = (uint32_t *) (void *) c->switch_name->data;
  sched.n_waking_timestamp = sched.n_waking_pid = sched.n_waking_target_cpu = sched.n_waking_prio =
      sched.n_waking_comm_index = sched.n_waking_common_flags = c->waking_ns->len;
  sched.waking_timestamp = (uint64_t *) (void *) c->waking_ns->data;
  sched.waking_pid = (int32_t *) (void *) c->waking_pid->data;
  sched.waking_target_cpu = (int32_t *) (void *) c->waking_cpu->data;
  sched.waking_prio = (int32_t *) (void *) c->waking_prio->data;
  sched.waking_comm_index = (uint32_t *) (void *) c->waking_name->data;
  sched.waking_common_flags = (uint32_t *) (void *) c->waking_flags->data;
  bundle.has_cpu = TRUE;
  bundle.cpu = cpu;
  bundle.has_lost_events = bundle.lost_events = lost;
  bundle.compact_sched = &sched;
  packet.ftrace_events = &bundle;
  lsc_perfetto_put (out, &packet);
}

void
lsc_perfetto_sched_write (LscPerfettoSched *self, uint64_t to_ns, LscExportOut *out)
{
  guint leave = 0, waking = 0;

  g_array_sort (self->leaves, compare_places);
  g_array_sort (self->wakings, compare_places);
  for (uint32_t cpu = 0; cpu < self->n_cpus; cpu++)
    {
      while (leave < self->leaves->len && g_array_index (self->leaves, Leave, leave).cpu < cpu)
        leave++;
      /* A packet says of what was before it whether events are missing there. */
      for (uint64_t done_ns = 0; done_ns < to_ns;)
        {
          bool lost = self->cpus[cpu].lost;

          clear_columns (self);
          done_ns = fill_switches (self, cpu, to_ns, &leave);
          fill_wakings (self, cpu, done_ns, &waking);
          if (self->columns.switch_ns->len + self->columns.waking_ns->len == 0)
            continue;
          put_bundle (self, cpu, lost, out);
          self->cpus[cpu].lost = self->cpus[cpu].lost && done_ns < to_ns;
        }
    }
  g_array_set_size (self->leaves, 0);
  g_array_set_size (self->wakings, 0);
}
