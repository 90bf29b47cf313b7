/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/locks-tab.h"

#include "gui/lanes-links.h"
#include "gui/lock-columns.h"
#include "gui/lock-details.h"
#include "gui/lock-item.h"
#include "gui/lock-strip.h"
#include "gui/pages.h"
#include "gui/range-search.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define LISTED_MAX 1000u

/* One look at the trace: the table, and the story of the chosen lock. */
typedef struct
{
  LscLockTable *table;
  LscLockStory *story; /* of the lock that was chosen as it began, or NULL */
  LscLock chosen;
} Look;

struct _LscLocksTab
{
  GtkWidget parent_instance;
  GtkWidget *root;
  LscRangeBar *range_bar;
  GtkStack *stack;
  GtkColumnView *table;
  GtkEventControllerMotion *pointer; /* over the table */
  GtkWidget *details;
  GtkLabel *details_title;
  LscFactsGrid *facts;
  LscFactsGrid *users;
  GtkToggleButton *lane_toggle;

  LscLanesView *view;
  LscRangeSearch *search; /* makes looks */
  GListStore *locks;      /* LscLockItem */
  GtkSingleSelection *selection;
  gboolean has_chosen;
  LscLock chosen; /* process and address count */
  gboolean fills; /* the list changes, not the choice */
  GArray *order;  /* guint32: the chosen lock's threads as they stand in the details */
};

static void pane_tab_init (LscPaneTabInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LscLocksTab,
                               lsc_locks_tab,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (LSC_TYPE_PANE_TAB, pane_tab_init))

static const Look *
get_look (LscLocksTab *self)
{
  return lsc_range_search_get (self->search);
}

static const LscLock *
find_chosen (LscLocksTab *self)
{
  const LscLockTable *table = get_look (self)->table;
  for (uint32_t i = 0; self->has_chosen && i < lsc_lock_table_get_n (table); i++)
    {
      const LscLock *lock = lsc_lock_table_get (table, i);
      if (lock->process == self->chosen.process && lock->address == self->chosen.address)
        return lock;
    }
  return NULL;
}

/* The story that is known of the chosen lock; NULL while it is looked for. */
static const LscLockStory *
get_story (LscLocksTab *self)
{
  const Look *look = get_look (self);
  if (look == NULL || !self->has_chosen || look->chosen.process != self->chosen.process
      || look->chosen.address != self->chosen.address)
    return NULL;
  return look->story;
}

/* Its lane goes with the choice. */
static void
show_lane (LscLocksTab *self)
{
  gboolean shown = self->has_chosen && gtk_toggle_button_get_active (self->lane_toggle);
  gtk_widget_activate_action (GTK_WIDGET (self), "lanes.lock-lane", "(ut)",
                              shown ? self->chosen.process : LSC_LOCK_STRIP_NONE,
                              shown ? self->chosen.address : 0);
}

static void
lane_toggled_cb (LscLocksTab *self)
{
  show_lane (self);
}

static void
show_details (LscLocksTab *self)
{
  const LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  const LscLock *lock = find_chosen (self);
  gtk_widget_set_visible (self->details, lock != NULL);
  show_lane (self);
  if (lock == NULL)
    return;
  g_autofree char *process = lsc_sentence_name_process (trace, lock->process);
  g_autofree char *title = g_strdup_printf ("%s, 0x%lx", process, (unsigned long) lock->address);
  gtk_label_set_text (self->details_title, title);
  /* Only what still grows would change places under somebody's hand. */
  if (lsc_trace_get_end_record (trace) != NULL)
    g_array_set_size (self->order, 0);
  lsc_lock_details_fill (self->facts, self->users, self->order, lock, get_story (self), trace);
}

static guint
hash_lock (gconstpointer key)
{
  const LscLock *lock = key;
  return g_int64_hash (&lock->address) ^ lock->process;
}

static gboolean
equal_locks (gconstpointer a, gconstpointer b)
{
  const LscLock *x = a;
  const LscLock *y = b;
  return x->process == y->process && x->address == y->address;
}

/* What one thread alone waited for, as it waits for the end of another one, is none. */
static guint
count_locks (const LscLockTable *table)
{
  guint n = 0;
  for (guint i = 0; i < lsc_lock_table_get_n (table); i++)
    n += lsc_lock_may_be_mutex (lsc_lock_table_get (table, i));
  return n;
}

/* Rows of locks that are still there stay, and say what is new. */
static void
update_items (LscLocksTab *self, const LscLockTable *table)
{
  const LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  GListModel *model = G_LIST_MODEL (self->locks);
  g_autoptr (GHashTable) old = g_hash_table_new_full (hash_lock, equal_locks, NULL, g_object_unref);
  g_autoptr (GPtrArray) new = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      LscLockItem *item = g_list_model_get_item (model, i);
      g_hash_table_insert (old, (gpointer) lsc_lock_item_get_lock (item), item);
    }
  for (guint i = 0, n = 0; i < lsc_lock_table_get_n (table) && n < LISTED_MAX; i++)
    {
      const LscLock *lock = lsc_lock_table_get (table, i);
      LscLockItem *item = g_hash_table_lookup (old, lock);
      if (!lsc_lock_may_be_mutex (lock))
        continue;
      n++;
      if (item == NULL)
        g_ptr_array_add (new, lsc_lock_item_new (lock, trace));
      else
        lsc_lock_item_update (item, lock, trace);
      g_hash_table_remove (old, lock);
    }
  for (guint i = g_list_model_get_n_items (model); i-- > 0 && g_hash_table_size (old) > 0;)
    {
      g_autoptr (LscLockItem) item = g_list_model_get_item (model, i);
      if (g_hash_table_remove (old, lsc_lock_item_get_lock (item)))
        g_list_store_remove (self->locks, i);
    }
  g_list_store_splice (self->locks, g_list_model_get_n_items (model), 0, new->pdata, new->len);
}

/* No row moves under the pointer. */
static void
sort_rows (LscLocksTab *self)
{
  if (!gtk_event_controller_motion_contains_pointer (self->pointer))
    gtk_sorter_changed (gtk_column_view_get_sorter (self->table), GTK_SORTER_CHANGE_DIFFERENT);
}

static void
fill_list (LscLocksTab *self)
{
  const LscLockTable *table = get_look (self)->table;
  GListModel *model = G_LIST_MODEL (self->selection);
  guint position = GTK_INVALID_LIST_POSITION;
  self->fills = TRUE;
  update_items (self, table);
  sort_rows (self);
  for (guint i = 0; self->has_chosen && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (LscLockItem) item = g_list_model_get_item (model, i);
      if (lsc_lock_item_is_same (item, &self->chosen))
        position = i;
    }
  gtk_single_selection_set_selected (self->selection, position);
  self->fills = FALSE;
}

/* Looks. */

static gpointer
join_cb (LscSurvey *survey, gpointer owner)
{
  LscLocksTab *self = owner;
  Look *look = g_new0 (Look, 1);
  look->table = lsc_lock_table_new (survey);
  if (!self->has_chosen)
    return look;
  look->chosen = self->chosen;
  look->story = lsc_lock_story_new (survey, self->chosen.process, self->chosen.address);
  return look;
}

static void
look_free (gpointer data)
{
  Look *look = data;
  lsc_lock_table_free (look->table);
  lsc_lock_story_free (look->story);
  g_free (look);
}

static void
found_cb (gpointer owner)
{
  LscLocksTab *self = owner;
  guint n = count_locks (get_look (self)->table);
  g_autofree char *text = n == 0
                              ? g_strdup (_ ("No waits"))
                              : g_strdup_printf (g_dngettext (NULL, "%u lock", "%u locks", n), n);
  lsc_range_bar_set_text (self->range_bar, text);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), TRUE);
  lsc_pages_show (self->stack, n == 0 ? "none" : "table");
  fill_list (self);
  show_details (self);
}

static const LscRangeSearchKind looks = { join_cb, look_free };

static void
forget (LscLocksTab *self)
{
  self->has_chosen = FALSE;
  show_lane (self);
  self->fills = TRUE;
  g_list_store_remove_all (self->locks);
  self->fills = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->stack), FALSE); /* until it has been looked at */
  lsc_range_bar_set_text (self->range_bar, "");
}

static void
locks_tab_refresh (LscPaneTab *tab, LscPaneChange change)
{
  LscLocksTab *self = LSC_LOCKS_TAB (tab);
  if (!lsc_range_search_refresh (self->search, change))
    forget (self);
}

/* The table is there at once; the story of the lock takes another look. */
static void
selected_cb (LscLocksTab *self)
{
  LscLockItem *item = gtk_single_selection_get_selected_item (self->selection);
  if (self->fills || get_look (self) == NULL)
    return;
  self->has_chosen = item != NULL;
  g_array_set_size (self->order, 0);
  if (item != NULL)
    self->chosen = *lsc_lock_item_get_lock (item);
  show_details (self);
  if (item != NULL)
    lsc_range_search_repeat (self->search);
}

/* Enter or a double-click: to its longest wait. */
static void
activate_cb (LscLocksTab *self, guint position)
{
  g_autoptr (LscLockItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  if (item == NULL)
    return;
  const LscLock *lock = lsc_lock_item_get_lock (item);
  LscBar bar = { lock->longest_thread, lock->longest_number };
  lsc_lanes_view_go_to_bar (self->view, &bar);
}

static void
locks_tab_set_view (LscPaneTab *tab, LscLanesView *view)
{
  LscLocksTab *self = LSC_LOCKS_TAB (tab);
  self->view = view;
  lsc_range_search_set_view (self->search, view);
}

static void
pane_tab_init (LscPaneTabInterface *interface)
{
  interface->set_view = locks_tab_set_view;
  interface->refresh = locks_tab_refresh;
}

static void
lsc_locks_tab_dispose (GObject *object)
{
  LscLocksTab *self = LSC_LOCKS_TAB (object);
  g_clear_pointer (&self->search, lsc_range_search_free);
  if (self->root != NULL)
    gtk_column_view_set_model (self->table, NULL);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->locks);
  g_clear_pointer (&self->order, g_array_unref);
  G_OBJECT_CLASS (lsc_locks_tab_parent_class)->dispose (object);
}

static void
lsc_locks_tab_class_init (LscLocksTabClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_locks_tab_dispose;
  g_type_ensure (LSC_TYPE_FACTS_GRID);
  g_type_ensure (LSC_TYPE_RANGE_BAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/locks-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, root);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, range_bar);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, stack);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, table);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, pointer);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, details);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, details_title);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, facts);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, users);
  gtk_widget_class_bind_template_child (widget_class, LscLocksTab, lane_toggle);
  gtk_widget_class_bind_template_callback (widget_class, lane_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lsc_locks_tab_init (LscLocksTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->order = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->search = lsc_range_search_new (&looks, found_cb, self, self->range_bar);
  lsc_lock_columns_add (self->table);
  self->locks = g_list_store_new (LSC_TYPE_LOCK_ITEM);
  GtkSorter *sorter = gtk_column_view_get_sorter (self->table);
  GListModel *sorted = G_LIST_MODEL (
      gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->locks)), g_object_ref (sorter)));
  self->selection = gtk_single_selection_new (sorted);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  forget (self);
}
