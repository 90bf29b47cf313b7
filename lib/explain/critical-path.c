/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/critical-path.h"

#include "lib/explain/meanwhile.h"

#define RUN_STEP 100000u
/* A chain of wakers is followed so far; what lies beyond is told as blocked. */
#define DEPTH_MAX 64u
/* Of a CPU's lane, looked at to say who ran while somebody was queued. */
#define LOOK_MAX 256u

/* A thread that is followed backwards, from `at_ns` down to `from_ns`. */
typedef struct
{
  uint32_t thread;
  uint64_t from_ns;
  uint64_t at_ns;
} Follow;

struct _LscCriticalPath
{
  const LscTrace *trace;
  LscAbi abi;
  GArray *stack;    /* Follow, the deepest last */
  GArray *segments; /* LscCriticalSegment; backwards until it is whole */
  bool whole;
};

LscCriticalPath *
lsc_critical_path_new (const LscTrace *trace, uint32_t thread, uint64_t from_ns, uint64_t to_ns)
{
  LscCriticalPath *self = g_new0 (LscCriticalPath, 1);
  Follow first = {
    .thread = thread,
    .from_ns = MAX (from_ns, lsc_trace_get_start_ns (trace)),
    .at_ns = MIN (to_ns, lsc_trace_get_end_ns (trace)),
  };

  self->trace = trace;
  self->abi = lsc_reason_abi_of_machine (lsc_trace_get_header (trace)->machine);
  self->stack = g_array_new (FALSE, FALSE, sizeof (Follow));
  self->segments = g_array_new (FALSE, FALSE, sizeof (LscCriticalSegment));
  if (lsc_trace_has_thread (trace, thread) && first.from_ns < first.at_ns)
    g_array_append_val (self->stack, first);
  return self;
}

void
lsc_critical_path_free (LscCriticalPath *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->stack);
  g_array_unref (self->segments);
  g_free (self);
}

static Follow *
top (LscCriticalPath *self)
{
  return &g_array_index (self->stack, Follow, self->stack->len - 1);
}

/* Who is followed. */
static const LscThread *
get_thread (LscCriticalPath *self)
{
  return lsc_trace_get_thread (self->trace, top (self)->thread);
}

/* The followed thread did `kind` from `from_ns` to where it is; now it is at from_ns. */
static LscCriticalSegment *
add (LscCriticalPath *self, LscCriticalKind kind, uint64_t from_ns)
{
  Follow *follow = top (self);
  LscCriticalSegment segment = {
    .from_ns = MAX (from_ns, follow->from_ns),
    .to_ns = follow->at_ns,
    .kind = kind,
    .reason = LSC_REASON_NONE,
    .thread = follow->thread,
    .other = LSC_THREAD_NONE,
    .cpu = LSC_CPU_NONE,
    .depth = self->stack->len - 1,
  };

  follow->at_ns = segment.from_ns;
  if (segment.from_ns < segment.to_ns)
    g_array_append_val (self->segments, segment);
  else
    return NULL;
  return &g_array_index (self->segments, LscCriticalSegment, self->segments->len - 1);
}

/* The thread slept from `from_ns` on and was then woken by another: that one's time counts. */
static bool
follow_waker (LscCriticalPath *self, uint32_t waker, uint64_t from_ns)
{
  const LscThread *thread = lsc_trace_get_thread (self->trace, waker);
  Follow *follow = top (self);
  Follow next = {
    .thread = waker,
    .from_ns = MAX (from_ns, follow->from_ns),
    .at_ns = follow->at_ns,
  };

  if (thread == NULL || thread->lane == NULL || waker == follow->thread
      || self->stack->len >= DEPTH_MAX)
    return false;
  follow->at_ns = next.from_ns;
  g_array_append_val (self->stack, next);
  return true;
}

/* A sleep that ends where the path is; `ready` is the time in the queue after it, or NULL. */
static void
add_sleep (LscCriticalPath *self, const LscSpan *sleep, const LscSpan *ready)
{
  LscReason reason =
      lsc_reason_of_facts (&sleep->facts, self->abi, get_thread (self)->kernel_thread);
  uint32_t waker = LSC_THREAD_NONE;
  LscCriticalSegment *segment;

  if (ready != NULL && (ready->facts.flags & (LSC_FACT_INTERRUPT | LSC_FACT_INFERRED)) == 0)
    waker = ready->facts.thread;
  if (waker != LSC_THREAD_NONE && follow_waker (self, waker, sleep->start_ns))
    return;
  segment = add (self, waker == LSC_THREAD_NONE ? LSC_CRITICAL_WAITING : LSC_CRITICAL_BLOCKED,
                 sleep->start_ns);
  if (segment == NULL)
    return;
  segment->reason = reason;
  segment->other = waker;
}

static void
add_queue (LscCriticalPath *self, const LscSpan *span, const LscSpan *after)
{
  LscCriticalSegment *segment = add (self, LSC_CRITICAL_QUEUED, span->start_ns);

  if (segment == NULL)
    return;
  segment->reason = lsc_reason_of_facts (&span->facts, self->abi, get_thread (self)->kernel_thread);
  if (span->facts.state == LSC_STATE_PREEMPTED)
    segment->other = span->facts.thread;
  if (segment->other == LSC_THREAD_NONE && after->facts.state == LSC_STATE_RUNNING)
    segment->other = lsc_meanwhile_on_cpu (self->trace, after->facts.cpu, segment->from_ns,
                                           segment->to_ns, segment->thread, LOOK_MAX)
                         .thread;
}

static void
add_span (LscCriticalPath *self, const LscSpan *span, const LscSpan *after)
{
  LscCriticalSegment *segment;

  switch ((LscState) span->facts.state)
    {
    case LSC_STATE_RUNNING:
      segment = add (self, LSC_CRITICAL_RUNNING, span->start_ns);
      if (segment != NULL)
        segment->cpu = span->facts.cpu;
      break;
    case LSC_STATE_RUNNABLE:
    case LSC_STATE_PREEMPTED:
      add_queue (self, span, after);
      break;
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
    case LSC_STATE_STOPPED:
      add_sleep (self, span, after->facts.state == LSC_STATE_RUNNABLE ? after : NULL);
      break;
    case LSC_STATE_ABSENT:
      add (self, LSC_CRITICAL_ABSENT, span->start_ns);
      break;
    case LSC_STATE_UNKNOWN:
    case LSC_N_STATES:
    default:
      add (self, LSC_CRITICAL_UNKNOWN, span->start_ns);
      break;
    }
}

/* One span of the thread on top of the stack, or back to the one below. */
static void
go_on (LscCriticalPath *self)
{
  Follow *follow = top (self);
  const LscLane *lane = get_thread (self)->lane;
  LscSpan span, after = { .facts = { .state = LSC_STATE_UNKNOWN } };
  uint64_t number;

  if (follow->at_ns <= follow->from_ns)
    {
      g_array_set_size (self->stack, self->stack->len - 1);
      return;
    }
  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    {
      add (self, LSC_CRITICAL_UNKNOWN, 0);
      return;
    }
  if (follow->at_ns > lsc_lane_get_end_ns (lane))
    {
      add (self, LSC_CRITICAL_ABSENT, lsc_lane_get_end_ns (lane));
      return;
    }
  if (follow->at_ns <= lsc_lane_get_start_ns (lane))
    {
      add (self, LSC_CRITICAL_ABSENT, 0);
      return;
    }
  number = lsc_lane_find (lane, follow->at_ns - 1);
  lsc_lane_get (lane, number, &span);
  if (number + 1 < lsc_lane_get_end (lane))
    lsc_lane_get (lane, number + 1, &after);
  add_span (self, &span, &after);
}

static void
turn_around (GArray *segments)
{
  for (guint i = 0, j = segments->len; i + 1 < j; i++, j--)
    {
      LscCriticalSegment *a = &g_array_index (segments, LscCriticalSegment, i);
      LscCriticalSegment *b = &g_array_index (segments, LscCriticalSegment, j - 1);
      LscCriticalSegment t = *a;

      *a = *b;
      *b = t;
    }
}

bool
lsc_critical_path_step (LscCriticalPath *self, uint32_t budget)
{
  for (; budget > 0 && self->stack->len > 0; budget--)
    go_on (self);
  if (self->stack->len > 0)
    return true;
  if (!self->whole)
    turn_around (self->segments);
  self->whole = true;
  return false;
}

bool
lsc_critical_path_run (LscCriticalPath *self, const int *cancelled)
{
  while (cancelled == NULL || g_atomic_int_get (cancelled) == 0)
    if (!lsc_critical_path_step (self, RUN_STEP))
      return true;
  return false;
}

uint32_t
lsc_critical_path_get_n (const LscCriticalPath *self)
{
  return self->whole ? self->segments->len : 0;
}

const LscCriticalSegment *
lsc_critical_path_get (const LscCriticalPath *self, uint32_t index)
{
  return index < lsc_critical_path_get_n (self)
             ? &g_array_index (self->segments, LscCriticalSegment, index)
             : NULL;
}

const LscCriticalSegment *
lsc_critical_path_find (const LscCriticalPath *self, uint64_t time_ns)
{
  uint32_t low = 0, high = lsc_critical_path_get_n (self);

  while (low < high)
    {
      uint32_t middle = low + (high - low) / 2;
      const LscCriticalSegment *segment = lsc_critical_path_get (self, middle);

      if (time_ns < segment->from_ns)
        high = middle;
      else if (time_ns >= segment->to_ns)
        low = middle + 1;
      else
        return segment;
    }
  return NULL;
}

static int
compare_shares (gconstpointer a, gconstpointer b)
{
  uint64_t x = lsc_critical_share_get_ns (a), y = lsc_critical_share_get_ns (b);

  return (x < y) - (x > y);
}

GArray *
lsc_critical_path_sum (const LscCriticalPath *self)
{
  GArray *shares = g_array_new (FALSE, FALSE, sizeof (LscCriticalShare));
  g_autoptr (GHashTable) row_of = g_hash_table_new (NULL, NULL); /* thread -> row + 1 */

  for (uint32_t i = 0; i < lsc_critical_path_get_n (self); i++)
    {
      const LscCriticalSegment *segment = lsc_critical_path_get (self, i);
      gpointer key = GUINT_TO_POINTER (segment->thread);
      guint row = GPOINTER_TO_UINT (g_hash_table_lookup (row_of, key));

      if (row == 0)
        {
          LscCriticalShare fresh = { .thread = segment->thread };

          g_array_append_val (shares, fresh);
          row = shares->len;
          g_hash_table_insert (row_of, key, GUINT_TO_POINTER (row));
        }
      g_array_index (shares, LscCriticalShare, row - 1).ns[segment->kind] +=
          segment->to_ns - segment->from_ns;
    }
  g_array_sort (shares, compare_shares);
  return shares;
}
