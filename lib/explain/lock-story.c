/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/lock-story.h"

#include "lib/explain/lock-table.h"

struct _LscLockStory
{
  uint32_t process;
  uint64_t address;
  LscAbi abi;
  bool mine; /* the lane that is being walked is one of the process */
  uint32_t max;
  uint64_t from_ns;
  uint64_t until_ns;   /* later waits are not kept */
  GArray *waits;       /* LscLockWait */
  GPtrArray *releases; /* LscLockWait that a thread ended, in order of woken_ns */
  GArray *holds;       /* LscLockHold */
  uint64_t held_ns;
  uint64_t n_bursts;
  uint64_t n_mutual;
  uint64_t contended_ns;
  uint64_t handing_ns;
  uint64_t n_handovers;
};

static void
enter_cb (void *listener, const LscThread *thread)
{
  LscLockStory *self = listener;

  self->mine = thread->process == self->process;
}

static bool
wants_cb (void *listener, const LscThread *thread)
{
  return thread->process == ((LscLockStory *) listener)->process;
}

/* Half of the time is enough: a part that is whole tells more than a whole with holes. */
static void
shorten (LscLockStory *self)
{
  guint n = 0;

  self->until_ns = self->from_ns + (self->until_ns - self->from_ns) / 2;
  for (guint i = 0; i < self->waits->len; i++)
    {
      const LscLockWait *wait = &g_array_index (self->waits, LscLockWait, i);

      if (wait->start_ns < self->until_ns)
        g_array_index (self->waits, LscLockWait, n++) = *wait;
    }
  g_array_set_size (self->waits, n);
}

static void
wait_cb (void *listener, const LscWait *wait)
{
  LscLockStory *self = listener;
  LscLockWait kept = {
    .start_ns = wait->start_ns,
    .woken_ns = wait->woken_ns,
    .end_ns = wait->end_ns,
    .thread = wait->thread,
    .waker = LSC_THREAD_NONE,
    .cut_end = wait->cut_end,
  };

  if (!self->mine || wait->facts->arg != self->address || !lsc_lock_is_futex (wait, self->abi)
      || kept.start_ns >= self->until_ns)
    return;
  if (wait->woken && (wait->waker->flags & LSC_FACT_INTERRUPT) == 0)
    kept.waker = wait->waker->thread;
  g_array_append_val (self->waits, kept);
  while (self->waits->len > self->max && self->until_ns - self->from_ns > 1)
    shorten (self);
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const LscLockWait *x = a, *y = b;

  return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

static int
compare_wakeups (gconstpointer a, gconstpointer b)
{
  const LscLockWait *x = *(const LscLockWait *const *) a, *y = *(const LscLockWait *const *) b;

  return (x->woken_ns > y->woken_ns) - (x->woken_ns < y->woken_ns);
}

static void
sum_contention (LscLockStory *self)
{
  uint64_t until_ns = 0;

  for (guint i = 0; i < self->waits->len; i++)
    {
      const LscLockWait *wait = &g_array_index (self->waits, LscLockWait, i);

      uint64_t woken_ns = MIN (wait->woken_ns, self->until_ns);

      if (woken_ns > until_ns)
        self->contended_ns += woken_ns - MAX (wait->start_ns, until_ns);
      until_ns = MAX (until_ns, woken_ns);
    }
}

static void
add_hold (LscLockStory *self, uint32_t thread, uint64_t from_ns, uint64_t to_ns)
{
  LscLockHold hold = { from_ns, to_ns, thread };
  const LscLockHold *last;

  if (self->holds->len > 0)
    {
      last = &g_array_index (self->holds, LscLockHold, self->holds->len - 1);
      hold.from_ns = MAX (hold.from_ns, last->to_ns);
    }
  if (hold.from_ns >= hold.to_ns)
    return;
  self->held_ns += hold.to_ns - hold.from_ns;
  g_array_append_val (self->holds, hold);
}

/* Each release, with what it tells of the time before it. */
static void
infer_holds (LscLockStory *self)
{
  g_autoptr (GHashTable) waiters = g_hash_table_new (NULL, NULL);
  GPtrArray *releases = self->releases;
  const LscLockWait *before = NULL;

  for (guint i = 0; i < self->waits->len; i++)
    {
      LscLockWait *wait = &g_array_index (self->waits, LscLockWait, i);

      g_hash_table_add (waiters, GUINT_TO_POINTER (wait->thread));
      if (wait->waker != LSC_THREAD_NONE)
        g_ptr_array_add (releases, wait);
    }
  g_ptr_array_sort (releases, compare_wakeups);
  for (guint i = 0; i < releases->len; i++)
    {
      const LscLockWait *release = g_ptr_array_index (releases, i);

      /* Whoever releases it without having been woken for it took it when it was free. */
      if (before != NULL && before->thread == release->waker && before->end_ns < release->woken_ns)
        add_hold (self, release->waker, before->end_ns, release->woken_ns);
      else if (before != NULL)
        add_hold (self, release->waker, MAX (release->start_ns, before->woken_ns),
                  release->woken_ns);
      if (!release->cut_end)
        self->handing_ns += release->end_ns - release->woken_ns;
      self->n_mutual += g_hash_table_contains (waiters, GUINT_TO_POINTER (release->waker)) ? 1 : 0;
      self->n_bursts += before != NULL && before->waker == release->waker
                        && release->woken_ns - before->woken_ns < LSC_LOCK_STORY_BURST_NS;
      self->n_handovers += release->waker != release->thread;
      before = release;
    }
}

static bool
work_cb (void *listener, uint32_t budget G_GNUC_UNUSED)
{
  LscLockStory *self = listener;

  g_array_sort (self->waits, compare_starts);
  sum_contention (self);
  infer_holds (self);
  return false;
}

static const LscSurveyListener listener_kind = {
  .wants = wants_cb, .enter = enter_cb, .wait = wait_cb, .work = work_cb
};

LscLockStory *
lsc_lock_story_new (LscSurvey *survey, uint32_t process, uint64_t address)
{
  LscLockStory *self = g_new0 (LscLockStory, 1);

  self->process = process;
  self->address = address;
  self->abi =
      lsc_reason_abi_of_machine (lsc_trace_get_header (lsc_survey_get_trace (survey))->machine);
  self->max = LSC_LOCK_STORY_MAX;
  self->from_ns = lsc_survey_get_from_ns (survey);
  self->until_ns = lsc_survey_get_to_ns (survey);
  self->waits = g_array_new (FALSE, FALSE, sizeof (LscLockWait));
  self->releases = g_ptr_array_new ();
  self->holds = g_array_new (FALSE, FALSE, sizeof (LscLockHold));
  lsc_survey_add (survey, &listener_kind, self);
  return self;
}

void
lsc_lock_story_free (LscLockStory *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->waits);
  g_ptr_array_unref (self->releases);
  g_array_unref (self->holds);
  g_free (self);
}

uint32_t
lsc_lock_story_get_n_waits (const LscLockStory *self)
{
  return self->waits->len;
}

const LscLockWait *
lsc_lock_story_get_wait (const LscLockStory *self, uint32_t index)
{
  return index < self->waits->len ? &g_array_index (self->waits, LscLockWait, index) : NULL;
}

uint32_t
lsc_lock_story_get_n_holds (const LscLockStory *self)
{
  return self->holds->len;
}

const LscLockHold *
lsc_lock_story_get_hold (const LscLockStory *self, uint32_t index)
{
  return index < self->holds->len ? &g_array_index (self->holds, LscLockHold, index) : NULL;
}

uint64_t
lsc_lock_story_get_contended_ns (const LscLockStory *self)
{
  return self->contended_ns;
}

uint64_t
lsc_lock_story_get_handing_ns (const LscLockStory *self)
{
  return self->handing_ns;
}

uint64_t
lsc_lock_story_get_n_handovers (const LscLockStory *self)
{
  return self->n_handovers;
}

uint64_t
lsc_lock_story_get_n_releases (const LscLockStory *self)
{
  return self->releases->len;
}

uint64_t
lsc_lock_story_get_n_bursts (const LscLockStory *self)
{
  return self->n_bursts;
}

uint64_t
lsc_lock_story_get_n_mutual (const LscLockStory *self)
{
  return self->n_mutual;
}

uint64_t
lsc_lock_story_get_held_ns (const LscLockStory *self)
{
  return self->held_ns;
}

const LscLockWait *
lsc_lock_story_get_release (const LscLockStory *self, uint32_t index)
{
  return index < self->releases->len ? g_ptr_array_index (self->releases, index) : NULL;
}

void
lsc_lock_story_set_max (LscLockStory *self, uint32_t max)
{
  self->max = MAX (max, 1);
}

uint64_t
lsc_lock_story_get_until_ns (const LscLockStory *self)
{
  return self->until_ns;
}
