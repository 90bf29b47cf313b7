/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-list.h"

#include "lib/view/row-match.h"
#include "lib/view/row-order.h"

typedef struct
{
  bool collapsed;
} ProcessSetting;

typedef struct
{
  bool busy; /* has run or waited for a CPU; once true, always true */
  bool hidden;
  bool pinned;
} ThreadSetting;

struct _LscRowList
{
  LscRowMode mode;
  LscRowSort sort;
  char *filter; /* case-folded, or NULL */
  bool hide_idle;
  double lane_height, header_height;

  GArray *processes; /* ProcessSetting */
  GArray *threads;   /* ThreadSetting */
  GArray *pins;      /* uint32_t, in the order they were pinned */
  LscRowOrder *order;
  uint64_t sort_from_ns, sort_to_ns;

  GArray *rows;           /* LscRow */
  GArray *row_of_thread;  /* uint32_t */
  GArray *row_of_process; /* uint32_t */
  bool dirty, sort_asked;
  uint64_t revision;
  uint32_t n_cpus;
  uint32_t n_idle, n_filtered, n_hidden, n_lanes;
};

LscRowList *
lsc_row_list_new (void)
{
  LscRowList *self = g_new0 (LscRowList, 1);

  self->lane_height = 46;
  self->header_height = 24;
  self->processes = g_array_new (FALSE, TRUE, sizeof (ProcessSetting));
  self->threads = g_array_new (FALSE, TRUE, sizeof (ThreadSetting));
  self->pins = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  self->order = lsc_row_order_new ();
  self->rows = g_array_new (FALSE, FALSE, sizeof (LscRow));
  self->row_of_thread = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  self->row_of_process = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  self->sort_to_ns = UINT64_MAX;
  self->dirty = self->sort_asked = true;
  return self;
}

void
lsc_row_list_free (LscRowList *self)
{
  if (self == NULL)
    return;
  g_free (self->filter);
  g_array_unref (self->processes);
  g_array_unref (self->threads);
  g_array_unref (self->pins);
  lsc_row_order_free (self->order);
  g_array_unref (self->rows);
  g_array_unref (self->row_of_thread);
  g_array_unref (self->row_of_process);
  g_free (self);
}

static ThreadSetting *
thread_setting (LscRowList *self, uint32_t thread)
{
  if (thread >= self->threads->len)
    g_array_set_size (self->threads, thread + 1);
  return &g_array_index (self->threads, ThreadSetting, thread);
}

void
lsc_row_list_set_mode (LscRowList *self, LscRowMode mode)
{
  self->dirty |= self->mode != mode;
  self->mode = mode;
}

LscRowMode
lsc_row_list_get_mode (const LscRowList *self)
{
  return self->mode;
}

void
lsc_row_list_set_sort (LscRowList *self, LscRowSort sort)
{
  self->sort_asked |= self->sort != sort;
  self->sort = sort;
}

LscRowSort
lsc_row_list_get_sort (const LscRowList *self)
{
  return self->sort;
}

void
lsc_row_list_set_filter (LscRowList *self, const char *text)
{
  g_autofree char *folded = text != NULL && text[0] != '\0' ? g_utf8_casefold (text, -1) : NULL;

  if (g_strcmp0 (folded, self->filter) == 0)
    return;
  g_free (self->filter);
  self->filter = g_steal_pointer (&folded);
  self->dirty = true;
}

void
lsc_row_list_set_hide_idle (LscRowList *self, bool hide_idle)
{
  self->dirty |= self->hide_idle != hide_idle;
  self->hide_idle = hide_idle;
}

bool
lsc_row_list_get_hide_idle (const LscRowList *self)
{
  return self->hide_idle;
}

void
lsc_row_list_set_collapsed (LscRowList *self, uint32_t process, bool collapsed)
{
  if (process >= self->processes->len)
    g_array_set_size (self->processes, process + 1);
  g_array_index (self->processes, ProcessSetting, process).collapsed = collapsed;
  self->dirty = true;
}

bool
lsc_row_list_get_collapsed (const LscRowList *self, uint32_t process)
{
  return process < self->processes->len
         && g_array_index (self->processes, ProcessSetting, process).collapsed;
}

void
lsc_row_list_set_pinned (LscRowList *self, uint32_t thread, bool pinned)
{
  ThreadSetting *setting = thread_setting (self, thread);

  if (setting->pinned == pinned)
    return;
  setting->pinned = pinned;
  self->dirty = true;
  if (pinned)
    g_array_append_val (self->pins, thread);
  else
    lsc_row_order_drop (self->pins, thread);
}

bool
lsc_row_list_get_pinned (const LscRowList *self, uint32_t thread)
{
  return thread < self->threads->len && g_array_index (self->threads, ThreadSetting, thread).pinned;
}

void
lsc_row_list_set_hidden (LscRowList *self, uint32_t thread, bool hidden)
{
  thread_setting (self, thread)->hidden = hidden;
  self->dirty = true;
}

bool
lsc_row_list_get_hidden (const LscRowList *self, uint32_t thread)
{
  return thread < self->threads->len && g_array_index (self->threads, ThreadSetting, thread).hidden;
}

void
lsc_row_list_show_all (LscRowList *self)
{
  for (uint32_t i = 0; i < self->threads->len; i++)
    g_array_index (self->threads, ThreadSetting, i).hidden = false;
  self->dirty = true;
}

void
lsc_row_list_set_heights (LscRowList *self, double lane, double header)
{
  self->dirty |= self->lane_height != lane || self->header_height != header;
  self->lane_height = MAX (lane, 1);
  self->header_height = MAX (header, 0);
}

void
lsc_row_list_sort (LscRowList *self, uint64_t from_ns, uint64_t to_ns)
{
  self->sort_from_ns = from_ns;
  self->sort_to_ns = to_ns;
  self->sort_asked = true;
}

void
lsc_row_list_reset (LscRowList *self)
{
  g_array_set_size (self->processes, 0);
  g_array_set_size (self->threads, 0);
  g_array_set_size (self->pins, 0);
  g_array_set_size (self->rows, 0);
  g_array_set_size (self->row_of_thread, 0);
  g_array_set_size (self->row_of_process, 0);
  lsc_row_order_reset (self->order);
  self->sort_from_ns = 0;
  self->sort_to_ns = UINT64_MAX;
  self->dirty = self->sort_asked = true;
}

bool
lsc_row_list_move (
    LscRowList *self, const LscTrace *trace, LscRowKind kind, uint32_t index, int direction)
{
  uint32_t row = kind == LSC_ROW_CPU ? LSC_ROW_NONE : lsc_row_list_find (self, kind, index);
  uint32_t neighbour =
      row == LSC_ROW_NONE ? LSC_ROW_NONE : lsc_row_order_neighbour (self, trace, row, direction);
  uint32_t other;

  if (neighbour == LSC_ROW_NONE)
    return false;
  other = lsc_row_list_get (self, neighbour)->index;
  if (lsc_row_list_get (self, row)->pinned)
    lsc_row_order_shift (self->pins, index, other);
  else if (kind == LSC_ROW_THREAD)
    lsc_row_order_move_thread (self->order, lsc_trace_get_thread (trace, index)->process, index,
                               other);
  else
    lsc_row_order_move_process (self->order, index, other);
  self->dirty = true;
  return true;
}

/* Looks again at the threads that were idle so far. Returns whether one no longer is. */
static bool
update_busy (LscRowList *self, const LscTrace *trace)
{
  uint32_t n = lsc_trace_get_n_threads (trace);
  uint64_t from = lsc_trace_get_start_ns (trace), to = lsc_trace_get_end_ns (trace);
  bool changed = false;

  if (self->threads->len < n)
    g_array_set_size (self->threads, n);
  for (uint32_t i = 0; i < n; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, i);
      ThreadSetting *setting = &g_array_index (self->threads, ThreadSetting, i);
      uint64_t ns[LSC_N_STATES] = { 0 };

      if (setting->busy || thread->lane == NULL)
        continue;
      lsc_lane_sum (thread->lane, from, to, ns);
      setting->busy = ns[LSC_STATE_RUNNING] + ns[LSC_STATE_RUNNABLE] + ns[LSC_STATE_PREEMPTED] > 0;
      changed |= setting->busy;
    }
  return changed;
}

/* Whether the thread is a row or would be one in an open process; counts it if not. */
static bool
is_shown (LscRowList *self, const LscTrace *trace, const LscThread *thread)
{
  const ThreadSetting *setting = &g_array_index (self->threads, ThreadSetting, thread->index);

  if (!lsc_row_match_contains (trace, thread, self->filter))
    self->n_filtered++;
  else if (setting->hidden)
    self->n_hidden++;
  else if (setting->pinned)
    return true;
  else if (self->hide_idle && !setting->busy)
    self->n_idle++;
  else
    return true;
  return false;
}

static void
add_row (LscRowList *self, LscRow row)
{
  row.y = lsc_row_list_get_height (self);
  row.height = row.kind == LSC_ROW_PROCESS ? self->header_height : self->lane_height;
  self->n_lanes += row.kind != LSC_ROW_PROCESS;
  g_array_append_val (self->rows, row);
}

static void
add_thread (LscRowList *self, const LscThread *thread, bool pinned)
{
  g_array_index (self->row_of_thread, uint32_t, thread->index) = self->rows->len;
  add_row (self, (LscRow){ .kind = LSC_ROW_THREAD,
                           .index = thread->index,
                           .lane = thread->lane,
                           .pinned = pinned });
}

/* The header of a process and, unless it is collapsed, its threads. */
static void
add_process (LscRowList *self, const LscTrace *trace, uint32_t process)
{
  uint32_t n, n_shown = 0;
  const uint32_t *threads = lsc_row_order_get_threads (self->order, process, &n);
  bool collapsed = lsc_row_list_get_collapsed (self, process);
  uint32_t header = self->rows->len;

  add_row (self, (LscRow){ .kind = LSC_ROW_PROCESS, .index = process, .collapsed = collapsed });
  for (uint32_t i = 0; i < n; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, threads[i]);

      if (!is_shown (self, trace, thread))
        continue;
      n_shown++;
      if (!collapsed && !g_array_index (self->threads, ThreadSetting, thread->index).pinned)
        add_thread (self, thread, false);
    }
  if (n_shown == 0)
    g_array_set_size (self->rows, header);
  else
    g_array_index (self->row_of_process, uint32_t, process) = header;
}

static void
fill_none (GArray *array, uint32_t n)
{
  g_array_set_size (array, n);
  for (uint32_t i = 0; i < n; i++)
    g_array_index (array, uint32_t, i) = LSC_ROW_NONE;
}

static void
rebuild_threads (LscRowList *self, const LscTrace *trace)
{
  uint32_t n;
  const uint32_t *processes = lsc_row_order_get_processes (self->order, &n);

  for (uint32_t i = 0; i < self->pins->len; i++)
    {
      const LscThread *thread =
          lsc_trace_get_thread (trace, g_array_index (self->pins, uint32_t, i));
      const ThreadSetting *setting = &g_array_index (self->threads, ThreadSetting, thread->index);

      if (thread->lane != NULL && !setting->hidden
          && lsc_row_match_contains (trace, thread, self->filter))
        add_thread (self, thread, true);
    }
  for (uint32_t i = 0; i < n; i++)
    add_process (self, trace, processes[i]);
}

/* The lane of a CPU that has been heard of, or NULL. */
static const LscLane *
get_cpu_lane (const LscTrace *trace, uint32_t cpu)
{
  const LscLane *lane = lsc_trace_get_cpu_lane (trace, cpu);

  return lane != NULL && lsc_lane_get_first (lane) < lsc_lane_get_end (lane) ? lane : NULL;
}

static void
rebuild_cpus (LscRowList *self, const LscTrace *trace)
{
  for (uint32_t i = 0; i < lsc_trace_get_n_cpus (trace); i++)
    if (get_cpu_lane (trace, i) != NULL)
      add_row (self, (LscRow){ .kind = LSC_ROW_CPU, .index = i, .lane = get_cpu_lane (trace, i) });
}

/* A change makes a new row. */
static uint32_t
count_cpus (const LscTrace *trace)
{
  uint32_t n = 0;

  for (uint32_t i = 0; i < lsc_trace_get_n_cpus (trace); i++)
    n += get_cpu_lane (trace, i) != NULL;
  return n;
}

bool
lsc_row_list_update (LscRowList *self, const LscTrace *trace)
{
  uint64_t revision = lsc_trace_get_revision (trace);
  uint32_t n_cpus;

  if (!self->dirty && !self->sort_asked && revision == self->revision)
    return false;
  self->revision = revision;
  self->dirty |= update_busy (self, trace);
  self->dirty |= lsc_row_order_update (self->order, trace);
  if (self->sort_asked)
    lsc_row_order_sort (self->order, trace, self->sort, self->sort_from_ns, self->sort_to_ns);
  n_cpus = count_cpus (trace);
  /* names may have changed, and the filter looks at them */
  if (!self->dirty && !self->sort_asked && n_cpus == self->n_cpus && self->filter == NULL)
    return false;
  self->n_cpus = n_cpus;
  self->dirty = self->sort_asked = false;
  self->n_idle = self->n_filtered = self->n_hidden = self->n_lanes = 0;
  g_array_set_size (self->rows, 0);
  fill_none (self->row_of_thread, lsc_trace_get_n_threads (trace));
  fill_none (self->row_of_process, lsc_trace_get_n_processes (trace));
  if (self->mode == LSC_ROWS_BY_CPU)
    rebuild_cpus (self, trace);
  else
    rebuild_threads (self, trace);
  return true;
}

uint32_t
lsc_row_list_get_n_rows (const LscRowList *self)
{
  return self->rows->len;
}

const LscRow *
lsc_row_list_get (const LscRowList *self, uint32_t row)
{
  return &g_array_index (self->rows, LscRow, row);
}

uint32_t
lsc_row_list_find (const LscRowList *self, LscRowKind kind, uint32_t index)
{
  const GArray *array = kind == LSC_ROW_THREAD ? self->row_of_thread : self->row_of_process;

  if (kind != LSC_ROW_CPU)
    return index < array->len ? g_array_index (array, uint32_t, index) : LSC_ROW_NONE;
  for (uint32_t i = 0; i < self->rows->len; i++)
    if (lsc_row_list_get (self, i)->kind == kind && lsc_row_list_get (self, i)->index == index)
      return i;
  return LSC_ROW_NONE;
}

uint32_t
lsc_row_list_at_y (const LscRowList *self, double y)
{
  uint32_t low = 0, high = self->rows->len;

  if (!(y >= 0) || y >= lsc_row_list_get_height (self))
    return LSC_ROW_NONE;
  while (high - low > 1)
    {
      uint32_t middle = low + (high - low) / 2;

      if (lsc_row_list_get (self, middle)->y <= y)
        low = middle;
      else
        high = middle;
    }
  return low;
}

double
lsc_row_list_get_height (const LscRowList *self)
{
  const LscRow *last;

  if (self->rows->len == 0)
    return 0;
  last = lsc_row_list_get (self, self->rows->len - 1);
  return last->y + last->height;
}

uint32_t
lsc_row_list_get_n_idle_hidden (const LscRowList *self)
{
  return self->n_idle;
}

uint32_t
lsc_row_list_get_n_filtered (const LscRowList *self)
{
  return self->n_filtered;
}

uint32_t
lsc_row_list_get_n_hidden (const LscRowList *self)
{
  return self->n_hidden;
}

uint32_t
lsc_row_list_get_n_lanes (const LscRowList *self)
{
  return self->n_lanes;
}
