/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/pattern-private.h"

#include <string.h>

/* A lock is looked at closely when its waits together take this part of the range, per cent. */
/* Waits are of one length when they differ from it by no more than a quarter. */
#define PACE_SPREAD 4u
#define STORY_PERCENT 5u
#define STORIES_MAX 6u
/* Its first waits are enough to know it by. */
#define STORY_WAITS_MAX 20000u

static inline uint64_t
width_of_part (const LscPatternScan *self)
{
  return (self->to_ns - self->from_ns) / LSC_PATTERN_PARTS + 1;
}

/* Spreads [from, to) over the parts it touches. */
static void
spread (const LscPatternScan *self, uint64_t *parts, uint64_t from_ns, uint64_t to_ns)
{
  uint64_t width = width_of_part (self);

  while (from_ns < to_ns)
    {
      uint64_t part = (from_ns - self->from_ns) / width;
      uint64_t end_ns = MIN (self->from_ns + (part + 1) * width, to_ns);

      parts[part] += end_ns - from_ns;
      from_ns = end_ns;
    }
}

static void
enter_cb (void *listener, const LscThread *thread)
{
  LscPatternScan *self = listener;

  self->now = (LscPatternThread){
    .thread = *thread,
    .first_ns = MAX (lsc_lane_get_start_ns (thread->lane), self->from_ns),
    .last_ns = MIN (lsc_lane_get_end_ns (thread->lane), self->to_ns),
  };
  self->last_cpu = self->cpu_before = LSC_CPU_NONE;
}

static void
run_cb (void *listener, const LscRun *run)
{
  LscPatternScan *self = listener;
  LscPatternThread *now = &self->now;

  if (now->n_runs++ == 0)
    now->first_run_ns = run->start_ns;
  now->last_run_ns = run->end_ns;
  now->running_ns += run->end_ns - run->start_ns;
  /* There and back again, not somewhere else. */
  now->n_bounces += run->cpu != self->last_cpu && run->cpu == self->cpu_before;
  now->ran_since_ns += run->end_ns - run->start_ns;
  now->last_goes_on = false;
  self->cpu_before = self->last_cpu;
  self->last_cpu = run->cpu;
  if (run->cpu < self->n_cpus)
    self->cpu_ns[run->cpu] += run->end_ns - run->start_ns;
  spread (self, self->running, run->start_ns, run->end_ns);
}

/* The majority's length, found in one look: who differs takes a vote away, and when none is left
 * sets the length (Boyer and Moore's majority vote). */
static void
vote_for_pace (LscPatternThread *now, uint64_t ns)
{
  if (now->pace_votes == 0)
    now->pace_ns = ns;
  if (ns >= now->pace_ns - now->pace_ns / PACE_SPREAD
      && ns <= now->pace_ns + now->pace_ns / PACE_SPREAD)
    now->pace_votes++;
  else
    now->pace_votes--;
}

static void
count_lock_wait (LscPatternThread *now, const LscWait *wait)
{
  uint64_t ns = wait->woken_ns - wait->start_ns;

  now->lock_ns += ns;
  if (!wait->woken || (wait->waker->flags & LSC_FACT_INTERRUPT) == 0)
    return;
  now->timeout_ns += ns;
  now->n_timeouts++;
  vote_for_pace (now, ns);
}

static void
note_sleep (LscPatternThread *now, const LscWait *wait, bool is_futex)
{
  now->last_goes_on = wait->cut_end && wait->woken_ns == wait->end_ns;
  now->last_reason = wait->reason;
  now->last_is_futex = is_futex;
  now->last_lock = is_futex ? wait->facts->arg : 0;
  now->last_detail = wait->facts->detail;
  now->last_wait_ns = wait->start_ns;
  now->last_woken_ns = wait->woken_ns;
  now->last_waker = wait->waker != NULL ? wait->waker->thread : LSC_THREAD_NONE;
  now->ran_since_ns = 0;
}

static void
wait_cb (void *listener, const LscWait *wait)
{
  LscPatternScan *self = listener;
  LscPatternThread *now = &self->now;
  bool is_futex = lsc_lock_is_futex (wait, self->abi);

  now->queued_ns += wait->end_ns - wait->woken_ns;
  spread (self, self->queued, wait->woken_ns, wait->end_ns);
  if (is_futex)
    count_lock_wait (now, wait);
  if (is_futex)
    lsc_pattern_note_urgent (self, wait);
  if (wait->reason == LSC_REASON_YIELDED)
    {
      now->n_yields++;
      now->yield_ns += wait->end_ns - wait->start_ns;
    }
  if (wait->reason == LSC_REASON_TIMER && wait->woken
      && wait->woken_ns - wait->start_ns < LSC_PATTERN_NAP_NS)
    now->n_naps++;
  if (wait->woken_ns > wait->start_ns)
    note_sleep (now, wait, is_futex);
}

static void
leave_cb (void *listener, const LscThread *thread G_GNUC_UNUSED)
{
  LscPatternScan *self = listener;

  g_array_append_val (self->threads, self->now);
}

/* A second walk for the locks that were waited for most. */
static void
begin_stories (LscPatternScan *self)
{
  uint64_t least_ns = (self->to_ns - self->from_ns) / 100 * STORY_PERCENT;
  uint32_t process = LSC_SURVEY_ALL;
  uint32_t n = 0;

  for (; n < MIN (lsc_lock_table_get_n (self->locks), STORIES_MAX); n++)
    {
      const LscLock *lock = lsc_lock_table_get (self->locks, n);

      if (lock->wait_ns < least_ns)
        break;
      process = n == 0 || process == lock->process ? lock->process : LSC_SURVEY_ALL;
    }
  self->second = lsc_survey_new (self->trace, self->from_ns, self->to_ns, process, LSC_SURVEY_ALL);
  for (uint32_t i = 0; i < n; i++)
    {
      const LscLock *lock = lsc_lock_table_get (self->locks, i);

      LscLockStory *story = lsc_lock_story_new (self->second, lock->process, lock->address);

      lsc_lock_story_set_max (story, STORY_WAITS_MAX);
      g_ptr_array_add (self->stories, story);
    }
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const LscPattern *x = *(const LscPattern *const *) a, *y = *(const LscPattern *const *) b;

  if (x->share < y->share || x->share > y->share)
    return x->share > y->share ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  return (x->at_thread > y->at_thread) - (x->at_thread < y->at_thread);
}

/* The array of summaries no longer moves. */
static void
group_by_process (LscPatternScan *self)
{
  for (guint i = 0; i < self->threads->len; i++)
    {
      LscPatternThread *it = &g_array_index (self->threads, LscPatternThread, i);
      gpointer process = GUINT_TO_POINTER (it->thread.process);
      GPtrArray *group = g_hash_table_lookup (self->by_process, process);

      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (self->by_process, process, group);
        }
      g_ptr_array_add (group, it);
    }
}

static void
look (LscPatternScan *self)
{
  GHashTableIter iter;
  gpointer process;

  if (self->to_ns <= self->from_ns)
    return;
  group_by_process (self);
  g_hash_table_iter_init (&iter, self->by_process);
  while (g_hash_table_iter_next (&iter, &process, NULL))
    {
      lsc_pattern_look_for_deadlock (self, GPOINTER_TO_UINT (process));
      lsc_pattern_look_for_alternation (self, GPOINTER_TO_UINT (process));
    }
  lsc_pattern_look_for_locks (self);
  lsc_pattern_look_for_barriers (self);
  lsc_pattern_look_for_crowding (self);
  lsc_pattern_look_for_restlessness (self);
  lsc_pattern_look_for_uneven_work (self);
  lsc_pattern_look_for_inversion (self);
  g_ptr_array_sort (self->found, compare_found);
}

static bool
work_cb (void *listener, uint32_t budget)
{
  LscPatternScan *self = listener;

  if (self->second == NULL)
    begin_stories (self);
  if (self->stories->len > 0 && lsc_survey_step (self->second, budget))
    return true;
  look (self);
  return false;
}

static const LscSurveyListener listener_kind = {
  .enter = enter_cb, .run = run_cb, .wait = wait_cb, .leave = leave_cb, .work = work_cb
};

static void
free_pattern (gpointer data)
{
  LscPattern *self = data;

  g_free ((gpointer) self->threads);
  g_free ((gpointer) self->title);
  g_free ((gpointer) self->evidence);
  g_free ((gpointer) self->doubt);
  g_free (self);
}

LscPatternScan *
lsc_pattern_scan_new (LscSurvey *survey)
{
  LscPatternScan *self = g_new0 (LscPatternScan, 1);

  self->trace = lsc_survey_get_trace (survey);
  self->from_ns = lsc_survey_get_from_ns (survey);
  self->to_ns = lsc_survey_get_to_ns (survey);
  self->abi = lsc_reason_abi_of_machine (lsc_trace_get_header (self->trace)->machine);
  self->locks = lsc_lock_table_new (survey);
  self->threads = g_array_new (FALSE, FALSE, sizeof (LscPatternThread));
  self->by_process = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->urgent = g_array_new (FALSE, FALSE, sizeof (LscPatternUrgent));
  self->n_cpus = lsc_trace_get_n_cpus (self->trace);
  self->cpu_ns = g_new0 (uint64_t, self->n_cpus);
  self->stories = g_ptr_array_new_with_free_func ((GDestroyNotify) lsc_lock_story_free);
  self->found = g_ptr_array_new_with_free_func (free_pattern);
  lsc_survey_add (survey, &listener_kind, self);
  return self;
}

void
lsc_pattern_scan_free (LscPatternScan *self)
{
  if (self == NULL)
    return;
  lsc_survey_free (self->second);
  g_ptr_array_unref (self->stories);
  lsc_lock_table_free (self->locks);
  g_hash_table_unref (self->by_process);
  g_array_unref (self->urgent);
  g_array_unref (self->threads);
  g_ptr_array_unref (self->found);
  g_free (self->cpu_ns);
  g_free (self);
}

uint32_t
lsc_pattern_scan_get_n (const LscPatternScan *self)
{
  return self->found->len;
}

const LscPattern *
lsc_pattern_scan_get (const LscPatternScan *self, uint32_t index)
{
  return index < self->found->len ? g_ptr_array_index (self->found, index) : NULL;
}

LscPattern *
lsc_pattern_add (LscPatternScan *self, LscPatternKind kind, const GArray *threads)
{
  LscPattern *pattern = g_new0 (LscPattern, 1);

  pattern->kind = kind;
  pattern->process = LSC_SURVEY_ALL;
  pattern->at_ns = self->from_ns;
  pattern->until_ns = self->to_ns;
  pattern->at_thread = LSC_THREAD_NONE;
  pattern->n_threads = threads->len;
  pattern->threads = g_memdup2 (threads->data, threads->len * sizeof (uint32_t));
  if (threads->len > 0)
    {
      pattern->at_thread = pattern->threads[0];
      pattern->process = lsc_pattern_process_of (self, pattern->threads[0]);
    }
  for (guint i = 1; i < threads->len; i++)
    if (lsc_pattern_process_of (self, pattern->threads[i]) != pattern->process)
      pattern->process = LSC_SURVEY_ALL;
  g_ptr_array_add (self->found, pattern);
  return pattern;
}

uint32_t
lsc_pattern_process_of (const LscPatternScan *self, uint32_t thread)
{
  const LscThread *found = lsc_trace_get_thread (self->trace, thread);

  return found != NULL ? found->process : LSC_SURVEY_ALL;
}

const LscPatternThread *
lsc_pattern_find (const LscPatternScan *self, uint32_t thread)
{
  guint low = 0, high = self->threads->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const LscPatternThread *it = &g_array_index (self->threads, LscPatternThread, middle);

      if (it->thread.index == thread)
        return it;
      if (it->thread.index < thread)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

char *
lsc_pattern_kind_of_thread (const LscThread *thread)
{
  size_t n = strnlen (thread->name, LSC_NAME_SIZE);

  while (
      n > 0
      && (g_ascii_isdigit (thread->name[n - 1]) || strchr ("-_:#/. ", thread->name[n - 1]) != NULL))
    n--;
  return g_strdup_printf ("%u %.*s", thread->process, (int) n, thread->name);
}

const GPtrArray *
lsc_pattern_threads_of (const LscPatternScan *self, uint32_t process)
{
  return g_hash_table_lookup (self->by_process, GUINT_TO_POINTER (process));
}
