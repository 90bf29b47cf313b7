/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-order.h"

#include <string.h>

struct _LscRowOrder
{
  GArray *processes;  /* uint32_t */
  GPtrArray *threads; /* by process: GArray of uint32_t, or NULL */
  uint32_t n_seen;    /* threads looked at so far */
  GArray *late;       /* uint32_t: threads that were not traced when they were first seen */
};

typedef struct
{
  uint32_t index;
  uint32_t id; /* tid or tgid: decides where the rest is equal */
  uint64_t number;
  const char *name;
} Key;

LscRowOrder *
lsc_row_order_new (void)
{
  LscRowOrder *self = g_new0 (LscRowOrder, 1);

  self->processes = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  self->threads = g_ptr_array_new ();
  self->late = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  return self;
}

void
lsc_row_order_reset (LscRowOrder *self)
{
  for (uint32_t i = 0; i < self->threads->len; i++)
    if (self->threads->pdata[i] != NULL)
      g_array_unref (self->threads->pdata[i]);
  g_ptr_array_set_size (self->threads, 0);
  g_array_set_size (self->processes, 0);
  g_array_set_size (self->late, 0);
  self->n_seen = 0;
}

void
lsc_row_order_free (LscRowOrder *self)
{
  if (self == NULL)
    return;
  lsc_row_order_reset (self);
  g_array_unref (self->processes);
  g_array_unref (self->late);
  g_ptr_array_unref (self->threads);
  g_free (self);
}

static void
add_thread (LscRowOrder *self, const LscThread *thread)
{
  uint32_t process = thread->process;

  if (process >= self->threads->len)
    g_ptr_array_set_size (self->threads, (gint) process + 1);
  if (self->threads->pdata[process] == NULL)
    {
      self->threads->pdata[process] = g_array_new (FALSE, FALSE, sizeof (uint32_t));
      g_array_append_val (self->processes, process);
    }
  g_array_append_val ((GArray *) self->threads->pdata[process], thread->index);
}

bool
lsc_row_order_update (LscRowOrder *self, const LscTrace *trace)
{
  uint32_t n = lsc_trace_get_n_threads (trace);
  bool changed = false;

  for (uint32_t i = 0; i < self->late->len; i++)
    {
      const LscThread *thread =
          lsc_trace_get_thread (trace, g_array_index (self->late, uint32_t, i));

      if (thread->lane == NULL)
        continue;
      add_thread (self, thread);
      g_array_remove_index_fast (self->late, i--);
      changed = true;
    }
  for (; self->n_seen < n; self->n_seen++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, self->n_seen);

      if (thread->lane == NULL)
        {
          g_array_append_val (self->late, self->n_seen);
          continue;
        }
      add_thread (self, thread);
      changed = true;
    }
  return changed;
}

/* Whether the order is by time spent in a state, and which. */
static bool
state_of_sort (LscRowSort sort, LscState *out_state)
{
  switch (sort)
    {
    case LSC_SORT_BUSIEST:
      *out_state = LSC_STATE_RUNNING;
      return true;
    case LSC_SORT_QUEUED:
      *out_state = LSC_STATE_RUNNABLE;
      return true;
    case LSC_SORT_PREEMPTED:
      *out_state = LSC_STATE_PREEMPTED;
      return true;
    case LSC_SORT_WAITING:
      *out_state = LSC_STATE_SLEEPING;
      return true;
    case LSC_SORT_NAME:
    case LSC_SORT_TID:
    case LSC_SORT_FIRST_RUN:
    default:
      return false;
    }
}

static uint64_t
state_ns (const LscThread *thread, LscState state, uint64_t from_ns, uint64_t to_ns)
{
  uint64_t ns[LSC_N_STATES] = { 0 };

  lsc_lane_sum (thread->lane, from_ns, to_ns, ns);
  return ns[state];
}

/* When the thread first ran; UINT64_MAX for never. Looks at a few spans only: threads run early. */
static uint64_t
first_run_ns (const LscThread *thread)
{
  uint64_t first = lsc_lane_get_first (thread->lane), end = lsc_lane_get_end (thread->lane);
  LscSpan span;

  for (uint64_t i = first; i < end && i < first + 64; i++)
    {
      lsc_lane_get (thread->lane, i, &span);
      if (span.facts.state == LSC_STATE_RUNNING)
        return span.start_ns;
    }
  return UINT64_MAX;
}

/* Sorts by number, then name, then id; times in a state are stored upside down. */
static int
compare_keys (const void *a, const void *b)
{
  const Key *x = a, *y = b;
  int names;

  if (x->number != y->number)
    return x->number < y->number ? -1 : 1;
  names = x->name != NULL && y->name != NULL ? strcmp (x->name, y->name) : 0;
  if (names != 0)
    return names;
  return (x->id > y->id) - (x->id < y->id);
}

static Key
key_of_thread (const LscThread *thread, LscRowSort sort, uint64_t from_ns, uint64_t to_ns)
{
  Key key = { .index = thread->index, .id = thread->tid };
  LscState state;

  if (state_of_sort (sort, &state))
    key.number = UINT64_MAX - state_ns (thread, state, from_ns, to_ns);
  else if (sort == LSC_SORT_FIRST_RUN)
    key.number = first_run_ns (thread);
  else if (sort == LSC_SORT_NAME)
    key.name = thread->name;
  return key;
}

/* Sorts the threads of one process in place and returns the process's own key. */
static Key
sort_process (LscRowOrder *self,
              const LscTrace *trace,
              uint32_t process,
              LscRowSort sort,
              uint64_t from_ns,
              uint64_t to_ns)
{
  GArray *threads = self->threads->pdata[process];
  const LscProcess *facts = lsc_trace_get_process (trace, process);
  Key whole = { .index = process,
                .id = facts->tgid,
                .number = sort == LSC_SORT_FIRST_RUN ? UINT64_MAX : 0,
                .name = sort == LSC_SORT_NAME ? facts->name : NULL };
  g_autofree Key *keys = g_new (Key, threads->len);
  uint64_t busy = 0;
  LscState state;

  for (uint32_t i = 0; i < threads->len; i++)
    {
      keys[i] = key_of_thread (lsc_trace_get_thread (trace, g_array_index (threads, uint32_t, i)),
                               sort, from_ns, to_ns);
      busy += UINT64_MAX - keys[i].number;
      if (sort == LSC_SORT_FIRST_RUN)
        whole.number = MIN (whole.number, keys[i].number);
    }
  if (state_of_sort (sort, &state))
    whole.number = UINT64_MAX - busy;
  qsort (keys, threads->len, sizeof *keys, compare_keys);
  for (uint32_t i = 0; i < threads->len; i++)
    g_array_index (threads, uint32_t, i) = keys[i].index;
  return whole;
}

void
lsc_row_order_sort (
    LscRowOrder *self, const LscTrace *trace, LscRowSort sort, uint64_t from_ns, uint64_t to_ns)
{
  uint32_t n = self->processes->len;
  g_autofree Key *keys = g_new (Key, MAX (n, 1));

  from_ns = MAX (from_ns, lsc_trace_get_start_ns (trace));
  to_ns = MIN (to_ns, lsc_trace_get_end_ns (trace));
  for (uint32_t i = 0; i < n; i++)
    keys[i] = sort_process (self, trace, g_array_index (self->processes, uint32_t, i), sort,
                            from_ns, MAX (from_ns, to_ns));
  qsort (keys, n, sizeof *keys, compare_keys);
  for (uint32_t i = 0; i < n; i++)
    g_array_index (self->processes, uint32_t, i) = keys[i].index;
}

void
lsc_row_order_shift (GArray *array, uint32_t what, uint32_t where)
{
  uint32_t from = 0, to = 0;

  for (uint32_t i = 0; i < array->len; i++)
    {
      from = g_array_index (array, uint32_t, i) == what ? i : from;
      to = g_array_index (array, uint32_t, i) == where ? i : to;
    }
  if (from == to)
    return;
  g_array_remove_index (array, from);
  g_array_insert_val (array, to, what);
}

void
lsc_row_order_drop (GArray *array, uint32_t what)
{
  for (uint32_t i = 0; i < array->len; i++)
    if (g_array_index (array, uint32_t, i) == what)
      g_array_remove_index (array, i--);
}

void
lsc_row_order_move_thread (LscRowOrder *self, uint32_t process, uint32_t what, uint32_t where)
{
  lsc_row_order_shift (self->threads->pdata[process], what, where);
}

void
lsc_row_order_move_process (LscRowOrder *self, uint32_t what, uint32_t where)
{
  lsc_row_order_shift (self->processes, what, where);
}

uint32_t
lsc_row_order_neighbour (const LscRowList *rows, const LscTrace *trace, uint32_t row, int direction)
{
  const LscRow *mine = lsc_row_list_get (rows, row);

  for (uint32_t i = row + (direction < 0 ? -1u : 1u); i < lsc_row_list_get_n_rows (rows);
       i += direction < 0 ? -1u : 1u)
    {
      const LscRow *other = lsc_row_list_get (rows, i);

      if (other->kind != mine->kind || other->pinned != mine->pinned)
        continue;
      if (mine->kind != LSC_ROW_THREAD || mine->pinned
          || lsc_trace_get_thread (trace, other->index)->process
                 == lsc_trace_get_thread (trace, mine->index)->process)
        return i;
    }
  return LSC_ROW_NONE;
}

const uint32_t *
lsc_row_order_get_processes (const LscRowOrder *self, uint32_t *out_n)
{
  *out_n = self->processes->len;
  return (const uint32_t *) (void *) self->processes->data;
}

const uint32_t *
lsc_row_order_get_threads (const LscRowOrder *self, uint32_t process, uint32_t *out_n)
{
  const GArray *threads = self->threads->pdata[process];

  *out_n = threads->len;
  return (const uint32_t *) (void *) threads->data;
}
