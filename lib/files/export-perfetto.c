/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/perfetto-parts.h"

#define SWITCHES_IN_WINDOW 32768u /* what is held in memory at once */

/* Where the walk is on one thread's lane. */
typedef struct
{
  const LscThread *thread;
  LscLaneIter iter;
  LscStretch stretch; /* the next one, not told yet */
  LscCause before;
  uint64_t end_ns; /* of the stretch before */
  bool has_stretch;
  bool has_before;
  bool in_slice;
  bool has_ended;
} Walk;

typedef struct
{
  const LscExport *what;
  LscExportOut *out;
  LscPerfettoSched *sched;
  LscPerfettoSlices *slices;
  Walk *walks;
  uint32_t n_walks;
} Export;

static bool
is_wait (uint8_t state)
{
  return state == LSC_STATE_SLEEPING || state == LSC_STATE_UNINTERRUPTIBLE
         || state == LSC_STATE_STOPPED || state == LSC_STATE_UNKNOWN;
}

/* One stretch ends and the next begins. */
static void
tell_change (Export *self, Walk *walk, uint64_t time_ns)
{
  const LscLane *lane = walk->thread->lane;
  const LscFacts *facts = lsc_lane_get_facts (lane, walk->stretch.cause);
  const LscFacts *before = lsc_lane_get_facts (lane, walk->before);

  if (walk->has_before && before->state == LSC_STATE_RUNNING)
    lsc_perfetto_sched_add_leave (self->sched, time_ns, before->cpu, facts);
  if (walk->in_slice)
    lsc_perfetto_slices_end (self->slices, time_ns, walk->thread);
  walk->in_slice = is_wait (facts->state);
  if (walk->in_slice)
    lsc_perfetto_slices_begin (self->slices, time_ns, walk->thread, facts);
  if (!walk->has_before || facts->state != LSC_STATE_RUNNABLE)
    return;
  lsc_perfetto_sched_add_waking (self->sched, time_ns, walk->thread, facts);
  lsc_perfetto_slices_wake (self->slices, time_ns, walk->thread, facts);
}

/* It left its CPU for good. */
static void
tell_end (Export *self, Walk *walk)
{
  const LscFacts *last = lsc_lane_get_facts (walk->thread->lane, walk->before);
  const LscFacts absent = { .state = LSC_STATE_ABSENT };

  walk->has_ended = true;
  if (walk->has_before && last->state == LSC_STATE_RUNNING)
    lsc_perfetto_sched_add_leave (self->sched, walk->end_ns, last->cpu, &absent);
}

static void
tell_thread (Export *self, Walk *walk, uint64_t to_ns)
{
  while (walk->has_stretch && walk->stretch.start_ns < to_ns)
    {
      tell_change (self, walk, MAX (walk->stretch.start_ns, self->what->from_ns));
      walk->before = walk->stretch.cause;
      walk->end_ns = walk->stretch.end_ns;
      walk->has_before = true;
      walk->has_stretch = lsc_lane_iter_step (&walk->iter, &walk->stretch);
    }
  if (!walk->has_stretch && walk->thread->ended && walk->end_ns < to_ns && !walk->has_ended)
    tell_end (self, walk);
}

static void
begin_walks (Export *self)
{
  const LscTrace *trace = self->what->trace;
  uint32_t n = lsc_trace_get_n_threads (trace);

  self->walks = g_new0 (Walk, MAX (n, 1));
  for (uint32_t i = 0; i < n; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, i);
      Walk *walk = &self->walks[self->n_walks];

      if (!lsc_export_has_thread (self->what, thread))
        continue;
      walk->thread = thread;
      lsc_lane_iter_init (&walk->iter, thread->lane, self->what->from_ns);
      walk->has_stretch = lsc_lane_iter_step (&walk->iter, &walk->stretch);
      /* What goes on at the beginning is no change. */
      while (walk->has_stretch && walk->stretch.end_ns < self->what->from_ns)
        walk->has_stretch = lsc_lane_iter_step (&walk->iter, &walk->stretch);
      self->n_walks += walk->has_stretch;
    }
}

/* Slices that go on end where the export does: one without an end would reach to the end of
 * everything. */
static void
end_slices (Export *self, uint64_t to_ns)
{
  for (uint32_t i = 0; i < self->n_walks; i++)
    if (self->walks[i].in_slice)
      lsc_perfetto_slices_end (self->slices, to_ns, self->walks[i].thread);
}

/* How many switches there are before `to_ns` that were not told yet; cheap, and close enough. */
static uint64_t
count_switches (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  uint64_t n = 0;

  for (uint32_t i = 0; i < lsc_trace_get_n_cpus (trace); i++)
    {
      const LscLane *lane = lsc_trace_get_cpu_lane (trace, i);

      if (lsc_lane_get_first (lane) < lsc_lane_get_end (lane))
        n += lsc_lane_find (lane, to_ns) - lsc_lane_find (lane, from_ns);
    }
  return n;
}

static void
tell_windows (Export *self)
{
  uint64_t from = self->what->from_ns, to = self->what->to_ns, window_ns = to - from;

  while (from < to && self->out->error == NULL)
    {
      uint64_t n;

      window_ns = MIN (window_ns, to - from);
      while ((n = count_switches (self->what->trace, from, from + window_ns)) > SWITCHES_IN_WINDOW
             && window_ns > 1)
        window_ns /= 2;
      from += window_ns;
      for (uint32_t i = 0; i < self->n_walks; i++)
        tell_thread (self, &self->walks[i], from);
      lsc_perfetto_sched_write (self->sched, from, self->out);
      lsc_export_out_set_progress (self->out, from - self->what->from_ns, to - self->what->from_ns);
      (void) lsc_export_out_step (self->out);
      if (n < SWITCHES_IN_WINDOW / 2)
        window_ns *= 2;
    }
  end_slices (self, to);
}

static char **
make_names (const LscTrace *trace)
{
  uint32_t n = lsc_trace_get_n_threads (trace);
  char **names = g_new0 (char *, n + 1);

  for (uint32_t i = 0; i < n; i++)
    names[i] = g_utf8_make_valid (lsc_trace_get_thread (trace, i)->name, -1);
  return names;
}

void
lsc_export_perfetto (const LscExport *what, LscExportOut *out)
{
  LscExport range = *what;
  g_auto (GStrv) names = make_names (what->trace);
  Export self = { .what = &range, .out = out };

  range.from_ns = MAX (what->from_ns, lsc_trace_get_start_ns (what->trace));
  /* What happens at the very last moment belongs to it. */
  range.to_ns = MIN (what->to_ns, lsc_trace_get_end_ns (what->trace) + 1);
  self.sched = lsc_perfetto_sched_new (&range, names);
  self.slices = lsc_perfetto_slices_new (&range, out, names);
  lsc_perfetto_put_heads (&range, out, names);
  lsc_perfetto_put_notes (&range, out);
  begin_walks (&self);
  tell_windows (&self);
  lsc_perfetto_sched_free (self.sched);
  lsc_perfetto_slices_free (self.slices);
  g_free (self.walks);
}
