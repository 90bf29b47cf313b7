/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/process-list.h"

#include "gui/process-icons.h"

struct _LscProcessList
{
  GObject parent_instance;
  GPtrArray *items;     /* LscProcessItem */
  GHashTable *by_pid;   /* pid -> item, the living ones; not owned */
  GHashTable *expanded; /* set of items, owned */
  LscProcessReader *reader;
  LscProcessIcons *icons;
  gint64 last_us;
  gboolean held;
};

static void list_model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LscProcessList,
                               lsc_process_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum
{
  UPDATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return LSC_TYPE_PROCESS_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return LSC_PROCESS_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  LscProcessList *self = LSC_PROCESS_LIST (model);
  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
same_life (LscProcessItem *item, const LscProcessRow *row)
{
  return lsc_process_item_get_row (item)->start_ticks == row->start_ticks;
}

/* Marks, and unless rows are held takes out, every item that `alive` (a set of items) lacks. */
static void
drop_ended (LscProcessList *self, GHashTable *alive)
{
  for (guint i = self->items->len; i-- > 0;)
    {
      LscProcessItem *item = self->items->pdata[i];
      if (g_hash_table_contains (alive, item))
        continue;
      gpointer pid = GUINT_TO_POINTER (lsc_process_item_get_row (item)->pid);
      if (g_hash_table_lookup (self->by_pid, pid) == item)
        g_hash_table_remove (self->by_pid, pid);
      lsc_process_item_set_ended (item);
      if (self->held)
        continue;
      g_hash_table_remove (self->expanded, item);
      g_ptr_array_remove_index (self->items, i);
      g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
    }
}

static LscProcessItem *
add_item (LscProcessList *self, const LscProcessRow *row)
{
  LscProcessItem *item = lsc_process_item_new (row, FALSE);
  lsc_process_item_set_icon (item, lsc_process_icons_lookup (self->icons, row));
  g_ptr_array_add (self->items, item);
  g_hash_table_insert (self->by_pid, GUINT_TO_POINTER (row->pid), item);
  return item;
}

static void
update_processes (LscProcessList *self, const LscProcessSample *sample, double seconds)
{
  g_autoptr (GHashTable) alive = g_hash_table_new (NULL, NULL);
  guint n_before = self->items->len;
  for (guint i = 0; i < sample->rows->len; i++)
    {
      const LscProcessRow *row = sample->rows->pdata[i];
      LscProcessItem *item = g_hash_table_lookup (self->by_pid, GUINT_TO_POINTER (row->pid));
      if (item != NULL && same_life (item, row))
        lsc_process_item_update (item, row, sample->ticks_per_second, seconds);
      else
        item = add_item (self, row);
      g_hash_table_add (alive, item);
    }
  if (self->items->len > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->items->len - n_before);
  drop_ended (self, alive);
}

static LscProcessItem *
find_thread (GListStore *threads, const LscProcessRow *row)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (threads));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LscProcessItem) item = g_list_model_get_item (G_LIST_MODEL (threads), i);
      if (lsc_process_item_get_row (item)->tid == row->tid && same_life (item, row))
        return item;
    }
  return NULL;
}

static void
drop_threads (LscProcessItem *process, GHashTable *alive)
{
  GListStore *threads = lsc_process_item_get_threads (process);
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (threads)); i-- > 0;)
    {
      g_autoptr (LscProcessItem) item = g_list_model_get_item (G_LIST_MODEL (threads), i);
      if (!g_hash_table_contains (alive, item))
        g_list_store_remove (threads, i);
    }
}

static void
update_threads (LscProcessList *self, const LscProcessSample *sample, double seconds)
{
  g_autoptr (GHashTable) alive = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < sample->threads->len; i++)
    {
      const LscProcessRow *row = sample->threads->pdata[i];
      LscProcessItem *process = g_hash_table_lookup (self->by_pid, GUINT_TO_POINTER (row->pid));
      if (process == NULL || !g_hash_table_contains (self->expanded, process))
        continue;
      LscProcessItem *item = find_thread (lsc_process_item_get_threads (process), row);
      if (item != NULL)
        lsc_process_item_update (item, row, sample->ticks_per_second, seconds);
      else
        {
          g_autoptr (LscProcessItem) fresh = lsc_process_item_new (row, TRUE);
          g_list_store_append (lsc_process_item_get_threads (process), fresh);
          item = fresh; /* the store holds it */
        }
      g_hash_table_add (alive, item);
    }
  GHashTableIter iter;
  gpointer process = NULL;
  g_hash_table_iter_init (&iter, self->expanded);
  while (g_hash_table_iter_next (&iter, &process, NULL))
    drop_threads (process, alive);
}

static void
sample_cb (LscProcessSample *sample, gpointer data)
{
  LscProcessList *self = data;
  gboolean first = self->items->len == 0;
  double seconds = (double) (sample->time_us - self->last_us) / G_TIME_SPAN_SECOND;
  update_processes (self, sample, seconds);
  update_threads (self, sample, seconds);
  self->last_us = sample->time_us;
  lsc_process_sample_free (sample);
  if (first)
    lsc_process_list_settle (self);
  g_signal_emit (self, signals[UPDATED], 0);
}

static void
lsc_process_list_dispose (GObject *object)
{
  LscProcessList *self = LSC_PROCESS_LIST (object);
  g_clear_pointer (&self->reader, lsc_process_reader_free);
  g_clear_pointer (&self->icons, lsc_process_icons_free);
  g_clear_pointer (&self->expanded, g_hash_table_unref);
  g_clear_pointer (&self->by_pid, g_hash_table_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  G_OBJECT_CLASS (lsc_process_list_parent_class)->dispose (object);
}

static void
lsc_process_list_class_init (LscProcessListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lsc_process_list_dispose;
  signals[UPDATED] = g_signal_new ("updated", LSC_TYPE_PROCESS_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lsc_process_list_init (LscProcessList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_pid = g_hash_table_new (NULL, NULL);
  self->expanded = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->icons = lsc_process_icons_new ();
  self->reader = lsc_process_reader_new (sample_cb, self);
}

LscProcessList *
lsc_process_list_new (void)
{
  return g_object_new (LSC_TYPE_PROCESS_LIST, NULL);
}

void
lsc_process_list_set_active (LscProcessList *self, gboolean active)
{
  lsc_process_reader_set_active (self->reader, active);
}

void
lsc_process_list_set_held (LscProcessList *self, gboolean held)
{
  self->held = held;
}

void
lsc_process_list_set_expanded (LscProcessList *self, LscProcessItem *item, gboolean expanded)
{
  if (expanded)
    g_hash_table_add (self->expanded, g_object_ref (item));
  else
    g_hash_table_remove (self->expanded, item);
  g_autoptr (GArray) pids = g_array_new (FALSE, FALSE, sizeof (guint32));
  GHashTableIter iter;
  gpointer process = NULL;
  g_hash_table_iter_init (&iter, self->expanded);
  while (g_hash_table_iter_next (&iter, &process, NULL))
    g_array_append_val (pids, lsc_process_item_get_row (process)->pid);
  lsc_process_reader_set_expanded (self->reader, (const guint32 *) (void *) pids->data, pids->len);
}

void
lsc_process_list_settle (LscProcessList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      LscProcessItem *item = self->items->pdata[i];
      lsc_process_item_settle (item);
      GListModel *threads = G_LIST_MODEL (lsc_process_item_get_threads (item));
      for (guint j = 0; j < g_list_model_get_n_items (threads); j++)
        {
          g_autoptr (LscProcessItem) thread = g_list_model_get_item (threads, j);
          lsc_process_item_settle (thread);
        }
    }
}
