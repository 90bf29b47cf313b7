/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-list.h"

#include "lib/trace/sparse-array.h"
#include "lib/view/row-busy.h"
#include "lib/view/row-match.h"
#include "lib/view/row-order.h"

struct _LscRowList
{
  LscRowMode mode;
  LscRowSort sorts[LSC_N_ROW_MODES];
  char *filter; /* case-folded, or NULL */
  bool hide_idle;
  uint64_t ended_before_ns;
  double lane_height, header_height;

  LscRowSettings *settings;
  LscRowBusy *busy;
  LscRowOrder *order;
  uint64_t sort_from_ns, sort_to_ns;
  uint32_t budget_us;

  GArray *rows;                           /* LscRow */
  LscSparseArray row_of[LSC_N_ROW_KINDS]; /* uint32_t: its row, from 1 on; 0: none */
  bool dirty;
  bool sort_asked[LSC_N_ROW_MODES]; /* the order is to be another */
  bool sorts_on;                    /* it is being worked out */
  uint64_t revision;
  uint64_t n_forgotten; /* by the trace, when the rows were last updated */
  uint32_t n_idle, n_ended, n_filtered, n_hidden, n_lanes;
};

const LscLane *
lsc_row_get_lane (const LscRow *self, const LscTrace *trace)
{
  if (self->kind == LSC_ROW_CPU)
    return lsc_trace_get_cpu_lane (trace, self->index);
  return self->kind == LSC_ROW_THREAD ? lsc_trace_get_thread (trace, self->index)->lane : NULL;
}

LscRowList *
lsc_row_list_new (void)
{
  LscRowList *self = g_new0 (LscRowList, 1);

  self->lane_height = 46;
  self->header_height = 24;
  self->sorts[LSC_ROWS_BY_CPU] = LSC_SORT_TID;
  self->settings = lsc_row_settings_new ();
  self->busy = lsc_row_busy_new ();
  self->order = lsc_row_order_new ();
  self->rows = g_array_new (FALSE, FALSE, sizeof (LscRow));
  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    lsc_sparse_array_init (&self->row_of[i], sizeof (uint32_t));
  self->sort_to_ns = UINT64_MAX;
  self->dirty = true;
  for (unsigned i = 0; i < LSC_N_ROW_MODES; i++)
    self->sort_asked[i] = true;
  return self;
}

void
lsc_row_list_free (LscRowList *self)
{
  if (self == NULL)
    return;
  g_free (self->filter);
  lsc_row_settings_free (self->settings);
  lsc_row_busy_free (self->busy);
  lsc_row_order_free (self->order);
  g_array_unref (self->rows);
  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    lsc_sparse_array_clear (&self->row_of[i]);
  g_free (self);
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
  self->sort_asked[self->mode] |= self->sorts[self->mode] != sort;
  self->sorts[self->mode] = sort;
}

LscRowSort
lsc_row_list_get_sort (const LscRowList *self)
{
  return self->sorts[self->mode];
}

void
lsc_row_list_set_budget (LscRowList *self, uint32_t us)
{
  self->budget_us = us;
}

bool
lsc_row_list_is_sorting (const LscRowList *self)
{
  return self->sort_asked[self->mode] || self->sorts_on;
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
lsc_row_list_set_ended_before (LscRowList *self, uint64_t time_ns)
{
  self->dirty |= self->ended_before_ns != time_ns;
  self->ended_before_ns = time_ns;
}

void
lsc_row_list_set (LscRowList *self, LscRowKind kind, uint32_t index, LscRowFlag flag, bool on)
{
  self->dirty |= lsc_row_settings_set (self->settings, kind, index, flag, on);
}

bool
lsc_row_list_is (const LscRowList *self, LscRowKind kind, uint32_t index, LscRowFlag flag)
{
  return lsc_row_settings_get (self->settings, kind, index, flag);
}

void
lsc_row_list_show_all (LscRowList *self)
{
  lsc_row_settings_clear (self->settings, LSC_ROW_HIDDEN);
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
  self->sort_asked[self->mode] = true;
}

void
lsc_row_list_reset (LscRowList *self)
{
  lsc_row_settings_reset (self->settings);
  lsc_row_busy_reset (self->busy);
  g_array_set_size (self->rows, 0);
  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    lsc_sparse_array_clear (&self->row_of[i]);
  lsc_row_order_reset (self->order);
  self->ended_before_ns = 0;
  self->sort_from_ns = 0;
  self->sort_to_ns = UINT64_MAX;
  self->sorts_on = false;
  self->n_forgotten = 0;
  self->dirty = true;
  for (unsigned i = 0; i < LSC_N_ROW_MODES; i++)
    self->sort_asked[i] = true;
}

bool
lsc_row_list_move (
    LscRowList *self, const LscTrace *trace, LscRowKind kind, uint32_t index, int direction)
{
  uint32_t row = lsc_row_list_find (self, kind, index);
  uint32_t neighbour =
      row == LSC_ROW_NONE ? LSC_ROW_NONE : lsc_row_order_neighbour (self, trace, row, direction);
  uint32_t other;

  if (neighbour == LSC_ROW_NONE)
    return false;
  other = lsc_row_list_get (self, neighbour)->index;
  if (lsc_row_list_get (self, row)->pinned)
    lsc_row_order_shift (lsc_row_settings_get_pins (self->settings, kind), index, other);
  else
    lsc_row_order_move (self->order, trace, kind, index, other);
  self->dirty = true;
  return true;
}

static bool
has_ended (const LscRowList *self, const LscThread *thread)
{
  return thread->ended && self->ended_before_ns > 0 && !lsc_lane_is_open (thread->lane)
         && lsc_lane_get_end_ns (thread->lane) < self->ended_before_ns;
}

/* Whether the thread is a row or would be one in an open process; counts it if not. */
static bool
is_shown (LscRowList *self, const LscTrace *trace, const LscThread *thread)
{
  if (!lsc_row_match_contains (trace, thread, self->filter))
    self->n_filtered++;
  else if (lsc_row_list_is (self, LSC_ROW_THREAD, thread->index, LSC_ROW_HIDDEN)
           || lsc_row_list_is (self, LSC_ROW_PROCESS, thread->process, LSC_ROW_HIDDEN))
    self->n_hidden++;
  else if (lsc_row_list_is (self, LSC_ROW_THREAD, thread->index, LSC_ROW_PINNED))
    return true;
  else if (has_ended (self, thread))
    self->n_ended++;
  else if (self->hide_idle && !lsc_row_busy_get (self->busy, thread->index))
    self->n_idle++;
  else
    return true;
  return false;
}

/* `row` counts from 1 on; 0: it has none. */
static void
set_row_of (LscRowList *self, LscRowKind kind, uint32_t index, uint32_t row)
{
  *(uint32_t *) lsc_sparse_array_ensure (&self->row_of[kind], index) = row;
}

static void
add_row (LscRowList *self, LscRow row)
{
  row.y = lsc_row_list_get_height (self);
  row.height = row.kind == LSC_ROW_PROCESS ? self->header_height : self->lane_height;
  row.pinned = lsc_row_list_is (self, row.kind, row.index, LSC_ROW_PINNED);
  self->n_lanes += row.kind != LSC_ROW_PROCESS;
  g_array_append_val (self->rows, row);
  set_row_of (self, row.kind, row.index, self->rows->len);
}

static void
add_thread (LscRowList *self, const LscThread *thread)
{
  add_row (self, (LscRow){ .kind = LSC_ROW_THREAD, .index = thread->index });
}

/* The header of a process and, unless it is collapsed, its threads. */
static void
add_process (LscRowList *self, const LscTrace *trace, uint32_t process)
{
  uint32_t n, n_shown = 0;
  const uint32_t *threads = lsc_row_order_get_threads (self->order, process, &n);
  bool collapsed = lsc_row_list_is (self, LSC_ROW_PROCESS, process, LSC_ROW_COLLAPSED);
  uint32_t header = self->rows->len;

  add_row (self, (LscRow){ .kind = LSC_ROW_PROCESS, .index = process, .collapsed = collapsed });
  for (uint32_t i = 0; i < n; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, threads[i]);

      if (!is_shown (self, trace, thread))
        continue;
      n_shown++;
      if (!collapsed && !lsc_row_list_is (self, LSC_ROW_THREAD, thread->index, LSC_ROW_PINNED))
        add_thread (self, thread);
    }
  if (n_shown > 0)
    return;
  g_array_set_size (self->rows, header);
  set_row_of (self, LSC_ROW_PROCESS, process, 0);
}

/* Pinned threads are counted with their processes when they are not shown. */
static void
rebuild_pinned_threads (LscRowList *self, const LscTrace *trace)
{
  const GArray *pins = lsc_row_settings_get_pins (self->settings, LSC_ROW_THREAD);

  for (uint32_t i = 0; i < pins->len; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, g_array_index (pins, uint32_t, i));

      if (thread->lane != NULL && is_shown (self, trace, thread))
        add_thread (self, thread);
    }
  self->n_filtered = self->n_hidden = 0;
}

static void
rebuild_threads (LscRowList *self, const LscTrace *trace)
{
  const GArray *pins = lsc_row_settings_get_pins (self->settings, LSC_ROW_PROCESS);
  uint32_t n;
  const uint32_t *processes = lsc_row_order_get_processes (self->order, &n);

  rebuild_pinned_threads (self, trace);
  for (uint32_t i = 0; i < pins->len; i++)
    add_process (self, trace, g_array_index (pins, uint32_t, i));
  for (uint32_t i = 0; i < n; i++)
    if (!lsc_row_list_is (self, LSC_ROW_PROCESS, processes[i], LSC_ROW_PINNED))
      add_process (self, trace, processes[i]);
}

static void
rebuild_cpu (LscRowList *self, uint32_t cpu)
{
  if (!lsc_row_match_cpu (cpu, self->filter))
    self->n_filtered++;
  else if (lsc_row_list_is (self, LSC_ROW_CPU, cpu, LSC_ROW_HIDDEN))
    self->n_hidden++;
  else
    add_row (self, (LscRow){ .kind = LSC_ROW_CPU, .index = cpu });
}

static void
rebuild_cpus (LscRowList *self)
{
  const GArray *pins = lsc_row_settings_get_pins (self->settings, LSC_ROW_CPU);
  uint32_t n;
  const uint32_t *cpus = lsc_row_order_get_cpus (self->order, &n);

  for (uint32_t i = 0; i < pins->len; i++)
    rebuild_cpu (self, g_array_index (pins, uint32_t, i));
  for (uint32_t i = 0; i < n; i++)
    if (!lsc_row_list_is (self, LSC_ROW_CPU, cpus[i], LSC_ROW_PINNED))
      rebuild_cpu (self, cpus[i]);
}

static void
rebuild (LscRowList *self, const LscTrace *trace)
{
  self->dirty = false;
  self->n_idle = self->n_ended = self->n_filtered = self->n_hidden = self->n_lanes = 0;
  g_array_set_size (self->rows, 0);
  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    lsc_sparse_array_clear (&self->row_of[i]);
  if (self->mode == LSC_ROWS_BY_CPU)
    rebuild_cpus (self);
  else
    rebuild_threads (self, trace);
}

/* Goes on with what was asked for. Returns whether there is a new order. */
static bool
sort (LscRowList *self, const LscTrace *trace)
{
  if (self->sort_asked[self->mode])
    lsc_row_order_sort_begin (self->order, self->mode, self->sorts[self->mode], self->sort_from_ns,
                              self->sort_to_ns);
  self->sorts_on |= self->sort_asked[self->mode];
  self->sort_asked[self->mode] = false;
  if (!self->sorts_on || !lsc_row_order_sort_step (self->order, trace, self->budget_us))
    return false;
  self->sorts_on = false;
  return true;
}

/* Lets go of the threads and processes that the trace has forgotten. */
static void
forget (LscRowList *self, const LscTrace *trace)
{
  uint64_t n_forgotten = lsc_trace_get_n_forgotten (trace);

  if (n_forgotten == self->n_forgotten)
    return;
  self->n_forgotten = n_forgotten;
  lsc_row_settings_forget (self->settings, trace);
  lsc_row_busy_forget (self->busy, trace);
  lsc_row_order_forget (self->order, trace);
  self->dirty = true;
}

bool
lsc_row_list_update (LscRowList *self, const LscTrace *trace)
{
  uint64_t revision = lsc_trace_get_revision (trace);

  if (!self->dirty && !lsc_row_list_is_sorting (self) && revision == self->revision)
    return false;
  self->revision = revision;
  forget (self, trace);
  self->dirty |= lsc_row_busy_update (self->busy, trace);
  self->dirty |= lsc_row_order_update (self->order, trace);
  self->dirty |= sort (self, trace);
  /* names may have changed, and the filter looks at them */
  if (!self->dirty && self->filter == NULL)
    return false;
  rebuild (self, trace);
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
  const uint32_t *row = lsc_sparse_array_get (&self->row_of[kind], index);

  return row != NULL ? *row - 1 : LSC_ROW_NONE; /* from 0 to LSC_ROW_NONE, too */
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
lsc_row_list_get_n_ended_hidden (const LscRowList *self)
{
  return self->n_ended;
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
