/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-order.h"

#include "lib/trace/sparse-array.h"

#include <string.h>

#define LOOK_AT_CLOCK 32u /* lanes */

/* The greatest number first, then by name, then by id. */
typedef struct
{
  uint32_t index;
  uint32_t id; /* tid, tgid or number of the CPU */
  uint64_t number;
  const char *name;
} Key;

/* A sorting that goes on. */
typedef struct
{
  LscRowMode mode;
  LscRowSort sort;
  uint64_t from_ns, to_ns;
  LscSparseArray numbers; /* uint64_t, by thread or CPU: known so far */
  uint32_t next;          /* thread or CPU */
  bool measures;          /* the next one has been begun */
  LscRowMeasure measure;
} Sorting;

struct _LscRowOrder
{
  GArray *processes;      /* uint32_t */
  LscSparseArray threads; /* by process: GArray * of uint32_t, or NULL */
  GArray *cpus;           /* uint32_t */
  uint32_t n_seen;        /* threads looked at so far */
  GArray *late;           /* uint32_t: threads that were not traced when they were first seen */
  Sorting sorting;
};

LscRowOrder *
lsc_row_order_new (void)
{
  LscRowOrder *self = g_new0 (LscRowOrder, 1);

  self->processes = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  lsc_sparse_array_init (&self->threads, sizeof (GArray *));
  self->cpus = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  self->late = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  lsc_sparse_array_init (&self->sorting.numbers, sizeof (uint64_t));
  return self;
}

/* Of that process; NULL: none. */
static GArray *
get_threads (const LscRowOrder *self, uint32_t process)
{
  GArray *const *place = lsc_sparse_array_get (&self->threads, process);

  return place != NULL ? *place : NULL;
}

void
lsc_row_order_reset (LscRowOrder *self)
{
  for (uint32_t i = 0; i < self->processes->len; i++)
    g_array_unref (get_threads (self, g_array_index (self->processes, uint32_t, i)));
  lsc_sparse_array_clear (&self->threads);
  g_array_set_size (self->processes, 0);
  g_array_set_size (self->cpus, 0);
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
  g_array_unref (self->cpus);
  g_array_unref (self->late);
  lsc_sparse_array_clear (&self->sorting.numbers);
  g_free (self);
}

static void
add_thread (LscRowOrder *self, const LscThread *thread)
{
  uint32_t process = thread->process;
  GArray **place = lsc_sparse_array_ensure (&self->threads, process);

  if (*place == NULL)
    {
      *place = g_array_new (FALSE, FALSE, sizeof (uint32_t));
      g_array_append_val (self->processes, process);
    }
  g_array_append_val (*place, thread->index);
}

/* Takes those out of the list that the trace has forgotten. */
static void
forget_threads (GArray *threads, const LscTrace *trace)
{
  uint32_t n = 0;

  for (uint32_t i = 0; i < threads->len; i++)
    if (lsc_trace_has_thread (trace, g_array_index (threads, uint32_t, i)))
      g_array_index (threads, uint32_t, n++) = g_array_index (threads, uint32_t, i);
  g_array_set_size (threads, n);
}

void
lsc_row_order_forget (LscRowOrder *self, const LscTrace *trace)
{
  uint32_t n = 0;

  forget_threads (self->late, trace);
  for (uint32_t i = 0; i < self->processes->len; i++)
    {
      uint32_t process = g_array_index (self->processes, uint32_t, i);
      GArray **place = lsc_sparse_array_ensure (&self->threads, process);

      forget_threads (*place, trace);
      if ((*place)->len > 0)
        g_array_index (self->processes, uint32_t, n++) = process;
      else
        g_clear_pointer (place, g_array_unref);
    }
  g_array_set_size (self->processes, n);
  lsc_row_settings_forget_pages (&self->threads, trace, LSC_ROW_PROCESS);
}

/* A CPU that is heard of late stands before the next number, wherever that is. */
static void
add_cpu (LscRowOrder *self, uint32_t cpu)
{
  uint32_t at = self->cpus->len;

  for (uint32_t i = 0; i < self->cpus->len; i++)
    {
      uint32_t other = g_array_index (self->cpus, uint32_t, i);

      if (other == cpu)
        return;
      if (other > cpu)
        at = MIN (at, i);
    }
  g_array_insert_val (self->cpus, at, cpu);
}

static bool
update_cpus (LscRowOrder *self, const LscTrace *trace)
{
  uint32_t n = lsc_trace_get_n_cpus (trace), n_before = self->cpus->len;

  for (uint32_t i = 0; i < n && self->cpus->len < n; i++)
    {
      const LscLane *lane = lsc_trace_get_cpu_lane (trace, i);

      if (lane != NULL && lsc_lane_get_first (lane) < lsc_lane_get_end (lane))
        add_cpu (self, i);
    }
  return self->cpus->len > n_before;
}

bool
lsc_row_order_update (LscRowOrder *self, const LscTrace *trace)
{
  uint32_t n = lsc_trace_get_n_threads (trace);
  bool changed = update_cpus (self, trace);

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
          if (lsc_trace_has_thread (trace, self->n_seen))
            g_array_append_val (self->late, self->n_seen);
          continue;
        }
      add_thread (self, thread);
      changed = true;
    }
  return changed;
}

static int
compare_keys (const void *a, const void *b)
{
  const Key *x = a, *y = b;
  int names;

  if (x->number != y->number)
    return x->number > y->number ? -1 : 1;
  names = x->name != NULL && y->name != NULL ? strcmp (x->name, y->name) : 0;
  if (names != 0)
    return names;
  return (x->id > y->id) - (x->id < y->id);
}

static void
apply (GArray *array, Key *keys, uint32_t n)
{
  qsort (keys, n, sizeof *keys, compare_keys);
  for (uint32_t i = 0; i < n; i++)
    g_array_index (array, uint32_t, i) = keys[i].index;
}

/* Those that came after the sorting began have no number yet, and go to the end. */
static uint64_t
number_of (const LscRowOrder *self, uint32_t index)
{
  const uint64_t *number = lsc_sparse_array_get (&self->sorting.numbers, index);

  return number != NULL ? *number : 0;
}

/* Sorts the threads of one process in place and returns the process's own key. */
static Key
sort_process (LscRowOrder *self, const LscTrace *trace, uint32_t process)
{
  GArray *threads = get_threads (self, process);
  const LscProcess *facts = lsc_trace_get_process (trace, process);
  bool names = self->sorting.sort == LSC_SORT_NAME;
  bool maximum = lsc_row_measure_is_maximum (self->sorting.sort);
  Key whole = { .index = process, .id = facts->tgid, .name = names ? facts->name : NULL };
  g_autofree Key *keys = g_new (Key, threads->len);

  for (uint32_t i = 0; i < threads->len; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, g_array_index (threads, uint32_t, i));

      keys[i] = (Key){ .index = thread->index,
                       .id = thread->tid,
                       .number = number_of (self, thread->index),
                       .name = names ? thread->name : NULL };
      whole.number = maximum ? MAX (whole.number, keys[i].number) : whole.number + keys[i].number;
    }
  apply (threads, keys, threads->len);
  return whole;
}

static void
sort_processes (LscRowOrder *self, const LscTrace *trace)
{
  uint32_t n = self->processes->len;
  g_autofree Key *keys = g_new (Key, MAX (n, 1));

  for (uint32_t i = 0; i < n; i++)
    keys[i] = sort_process (self, trace, g_array_index (self->processes, uint32_t, i));
  apply (self->processes, keys, n);
}

static void
sort_cpus (LscRowOrder *self)
{
  uint32_t n = self->cpus->len;
  g_autofree Key *keys = g_new (Key, MAX (n, 1));

  for (uint32_t i = 0; i < n; i++)
    {
      uint32_t cpu = g_array_index (self->cpus, uint32_t, i);

      keys[i] = (Key){ .index = cpu, .id = cpu, .number = number_of (self, cpu) };
    }
  apply (self->cpus, keys, n);
}

void
lsc_row_order_sort_begin (
    LscRowOrder *self, LscRowMode mode, LscRowSort sort, uint64_t from_ns, uint64_t to_ns)
{
  self->sorting.mode = mode;
  self->sorting.sort = sort;
  self->sorting.from_ns = from_ns;
  self->sorting.to_ns = to_ns;
  self->sorting.measures = false;
  self->sorting.next = 0;
  lsc_sparse_array_clear (&self->sorting.numbers);
}

/* Works out a piece of the next number. Returns whether all are known. */
static bool
measure_step (Sorting *sorting, const LscTrace *trace)
{
  bool by_thread = sorting->mode == LSC_ROWS_BY_THREAD;
  uint32_t next = by_thread ? lsc_trace_next_thread (trace, sorting->next) : sorting->next;
  const LscThread *thread = NULL;
  const LscLane *lane;

  if (next >= (by_thread ? lsc_trace_get_n_threads (trace) : lsc_trace_get_n_cpus (trace)))
    return true;
  if (by_thread)
    thread = lsc_trace_get_thread (trace, next);
  lane = by_thread ? thread->lane : lsc_trace_get_cpu_lane (trace, next);
  sorting->measures &= next == sorting->next; /* or it was forgotten meanwhile */
  sorting->next = next;
  if (!sorting->measures)
    lsc_row_measure_init (&sorting->measure, trace, thread, sorting->sort,
                          MAX (sorting->from_ns, lsc_trace_get_start_ns (trace)),
                          MIN (sorting->to_ns, lsc_trace_get_end_ns (trace)));
  sorting->measures = lane != NULL && !lsc_row_measure_step (&sorting->measure, lane);
  if (sorting->measures)
    return false;
  *(uint64_t *) lsc_sparse_array_ensure (&sorting->numbers, next) = sorting->measure.number;
  sorting->next++;
  return false;
}

bool
lsc_row_order_sort_step (LscRowOrder *self, const LscTrace *trace, uint32_t budget_us)
{
  gint64 end_us = budget_us == 0 ? G_MAXINT64 : g_get_monotonic_time () + budget_us;

  for (uint32_t i = 1; !measure_step (&self->sorting, trace); i++)
    if ((i % LOOK_AT_CLOCK == 0 || self->sorting.measures) && g_get_monotonic_time () > end_us)
      return false;
  if (self->sorting.mode == LSC_ROWS_BY_CPU)
    sort_cpus (self);
  else
    sort_processes (self, trace);
  return true;
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
lsc_row_order_move (
    LscRowOrder *self, const LscTrace *trace, LscRowKind kind, uint32_t what, uint32_t where)
{
  if (kind == LSC_ROW_CPU)
    lsc_row_order_shift (self->cpus, what, where);
  else if (kind == LSC_ROW_PROCESS)
    lsc_row_order_shift (self->processes, what, where);
  else
    lsc_row_order_shift (get_threads (self, lsc_trace_get_thread (trace, what)->process), what,
                         where);
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
  const GArray *threads = get_threads (self, process);

  *out_n = threads != NULL ? threads->len : 0;
  return threads != NULL ? (const uint32_t *) (void *) threads->data : NULL;
}

const uint32_t *
lsc_row_order_get_cpus (const LscRowOrder *self, uint32_t *out_n)
{
  *out_n = self->cpus->len;
  return (const uint32_t *) (void *) self->cpus->data;
}
