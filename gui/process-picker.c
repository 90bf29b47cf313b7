/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/process-picker.h"

#include "gui/click-window.h"
#include "gui/pages.h"
#include "gui/places.h"
#include "gui/process-columns.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* So long after a hand was on the list, rows stay where they are. */
#define REST_US (4 * G_TIME_SPAN_SECOND)

struct _LscProcessPicker
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkSearchEntry *search_entry;
  GtkToggleButton *all_toggle;
  GtkImage *lock_image;
  GtkStack *stack;
  GtkColumnView *view;
  GtkSwitch *children_switch;
  GtkLabel *count_label;
  GtkWidget *window_button;
  GtkButton *start_button;

  GSettings *settings;
  LscProcessList *list;
  GtkCustomFilter *filter;
  GtkMultiSelection *selection;
  char *needle;      /* casefolded search text, or NULL */
  gint64 touched_us; /* when a hand was last seen on the list, 0: never */
  guint n_updates;
};

G_DEFINE_FINAL_TYPE (LscProcessPicker, lsc_process_picker, GTK_TYPE_WIDGET)

static gboolean
shows (gpointer data, gpointer user_data)
{
  LscProcessPicker *self = user_data;
  LscProcessItem *item = data;
  if (!gtk_toggle_button_get_active (self->all_toggle) && !lsc_process_item_is_mine (item))
    return FALSE;
  return self->needle == NULL || lsc_process_item_matches (item, self->needle);
}

static GListModel *
make_children (gpointer data, gpointer user_data)
{
  LscProcessItem *item = data;
  if (lsc_process_item_is_thread (item) || lsc_process_item_get_row (item)->kernel)
    return NULL;
  return G_LIST_MODEL (g_object_ref (lsc_process_item_get_threads (item)));
}

static LscProcessItem *
dup_item (LscProcessPicker *self, guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  return row == NULL ? NULL : gtk_tree_list_row_get_item (row);
}

/* The chosen processes (a chosen thread stands for its process), and how many threads they have. */
static GArray *
collect_pids (LscProcessPicker *self, guint *out_n_threads)
{
  GArray *pids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GtkBitset) set =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkBitsetIter iter;
  guint position = 0;
  *out_n_threads = 0;
  for (gboolean more = gtk_bitset_iter_init_first (&iter, set, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (LscProcessItem) item = dup_item (self, position);
      if (item == NULL || lsc_process_item_has_ended (item))
        continue;
      const LscProcessRow *row = lsc_process_item_get_row (item);
      if (!g_hash_table_add (seen, GUINT_TO_POINTER (row->pid)))
        continue;
      g_array_append_val (pids, row->pid);
      *out_n_threads += row->n_threads;
    }
  return pids;
}

static void
update_footer (LscProcessPicker *self)
{
  guint n_threads = 0;
  g_autoptr (GArray) pids = collect_pids (self, &n_threads);
  g_autofree char *text = NULL;
  if (pids->len > 0)
    {
      g_autofree char *processes =
          g_strdup_printf (g_dngettext (NULL, "%u process", "%u processes", pids->len), pids->len);
      g_autofree char *threads =
          g_strdup_printf (g_dngettext (NULL, "%u thread", "%u threads", n_threads), n_threads);
      /* Translators: "1 process", "5 threads" */
      text = g_strdup_printf (_ ("%s, %s"), processes, threads);
    }
  gtk_label_set_text (self->count_label, text == NULL ? _ ("Choose one or more") : text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), pids->len > 0);
}

static void
update_empty (LscProcessPicker *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;
  gboolean read = g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0;
  lsc_pages_show (self->stack, empty && read ? "empty" : "list");
}

/* Rows may be put in order anew only while nobody is about to click on one. */
static gboolean
may_move_rows (LscProcessPicker *self)
{
  return gtk_widget_get_focus_child (GTK_WIDGET (self->view)) == NULL
         && (self->touched_us == 0 || g_get_monotonic_time () - self->touched_us > REST_US);
}

static void
put_in_order (LscProcessPicker *self)
{
  lsc_process_list_settle (self->list);
  gtk_sorter_changed (gtk_column_view_get_sorter (self->view), GTK_SORTER_CHANGE_DIFFERENT);
}

static void
updated_cb (LscProcessPicker *self)
{
  gboolean may_move = may_move_rows (self);
  lsc_process_list_set_held (self->list, !may_move);
  /* A reading is half a second; the second one is the first that knows who is busy. */
  if (may_move && self->n_updates++ % 2 == 1)
    put_in_order (self);
  update_empty (self);
  update_footer (self);
}

static void
search_changed_cb (LscProcessPicker *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_clear_pointer (&self->needle, g_free);
  if (text[0] != '\0')
    self->needle = g_utf8_casefold (text, -1);
  put_in_order (self);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_empty (self);
}

static void
scope_changed_cb (LscProcessPicker *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_empty (self);
}

static void
trace_pids (LscProcessPicker *self, const guint32 *pids, gsize n_pids)
{
  GVariant *list =
      g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, pids, n_pids, sizeof (guint32));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.trace-processes", "(@aub)", list,
                              gtk_switch_get_active (self->children_switch));
}

static void
start (LscProcessPicker *self)
{
  guint n_threads = 0;
  g_autoptr (GArray) pids = collect_pids (self, &n_threads);
  if (pids->len > 0)
    trace_pids (self, (const guint32 *) (const void *) pids->data, pids->len);
}

static void
window_clicked_cb (guint32 pid, gboolean clicked, gpointer data)
{
  LscProcessPicker *self = data;
  const char *problem = NULL;
  gtk_widget_set_sensitive (self->window_button, TRUE);
  if (!clicked)
    return;
  if (pid == 0)
    problem = _ ("That window does not say whose it is. Look for its program in the list.");
  else if (pid == (guint32) getpid ())
    problem = _ ("That is Lanescope itself. Click on a window of another program.");
  if (problem != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", problem);
  else
    trace_pids (self, &pid, 1);
}

static void
click_window_cb (LscProcessPicker *self)
{
  gtk_widget_set_sensitive (self->window_button, FALSE);
  lsc_click_window_ask (GTK_WIDGET (self), window_clicked_cb, self);
}

static void
activate_cb (LscProcessPicker *self, guint position)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);
  if (!gtk_selection_model_is_selected (model, position))
    gtk_selection_model_select_item (model, position, TRUE);
  start (self);
}

/* Enter in the search entry takes the first match; Enter again starts. */
static void
search_activate_cb (LscProcessPicker *self)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);
  g_autoptr (GtkBitset) set = gtk_selection_model_get_selection (model);
  if (!gtk_bitset_is_empty (set))
    start (self);
  else
    gtk_selection_model_select_item (model, 0, TRUE);
}

static void
touched_cb (LscProcessPicker *self)
{
  self->touched_us = g_get_monotonic_time ();
}

static void
left_cb (LscProcessPicker *self)
{
  self->touched_us = 0;
}

/* Right and Left open and close the chosen rows, as in every tree. */
static gboolean
key_cb (GtkEventControllerKey *controller,
        guint key,
        guint code,
        GdkModifierType modifiers,
        LscProcessPicker *self)
{
  GtkBitsetIter iter;
  guint position = 0;
  if (key != GDK_KEY_Right && key != GDK_KEY_Left)
    return GDK_EVENT_PROPAGATE;
  g_autoptr (GtkBitset) set =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (gboolean more = gtk_bitset_iter_init_last (&iter, set, &position); more;
       more = gtk_bitset_iter_previous (&iter, &position))
    {
      g_autoptr (GtkTreeListRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->selection), position);
      gtk_tree_list_row_set_expanded (row, key == GDK_KEY_Right);
    }
  return GDK_EVENT_STOP;
}

static void
lsc_process_picker_map (GtkWidget *widget)
{
  LscProcessPicker *self = LSC_PROCESS_PICKER (widget);
  GTK_WIDGET_CLASS (lsc_process_picker_parent_class)->map (widget);
  lsc_process_list_set_active (self->list, TRUE);
}

static void
lsc_process_picker_unmap (GtkWidget *widget)
{
  LscProcessPicker *self = LSC_PROCESS_PICKER (widget);
  lsc_process_list_set_active (self->list, FALSE);
  left_cb (self);
  GTK_WIDGET_CLASS (lsc_process_picker_parent_class)->unmap (widget);
}

static void
lsc_process_picker_dispose (GObject *object)
{
  LscProcessPicker *self = LSC_PROCESS_PICKER (object);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->list);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->needle, g_free);
  G_OBJECT_CLASS (lsc_process_picker_parent_class)->dispose (object);
}

static void
lsc_process_picker_class_init (LscProcessPickerClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_process_picker_dispose;
  widget_class->map = lsc_process_picker_map;
  widget_class->unmap = lsc_process_picker_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/process-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, root);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, all_toggle);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, lock_image);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, stack);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, view);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, children_switch);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, count_label);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, window_button);
  gtk_widget_class_bind_template_child (widget_class, LscProcessPicker, start_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, start);
  gtk_widget_class_bind_template_callback (widget_class, click_window_cb);
  gtk_widget_class_bind_template_callback (widget_class, touched_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
}

static void
make_models (LscProcessPicker *self)
{
  self->list = lsc_process_list_new ();
  self->filter = gtk_custom_filter_new (shows, self, NULL);
  GtkFilterListModel *shown = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->list)),
                                                         GTK_FILTER (g_object_ref (self->filter)));
  GtkTreeListModel *tree =
      gtk_tree_list_model_new (G_LIST_MODEL (shown), FALSE, FALSE, make_children, NULL, NULL);
  GtkTreeListRowSorter *sorter = gtk_tree_list_row_sorter_new (
      GTK_SORTER (g_object_ref (gtk_column_view_get_sorter (self->view))));
  GtkSortListModel *sorted = gtk_sort_list_model_new (G_LIST_MODEL (tree), GTK_SORTER (sorter));
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (sorted));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

static void
lsc_process_picker_init (LscProcessPicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = lsc_places_new_settings (NULL);
  make_models (self);
  lsc_process_columns_add (self->view, self->list);
  lsc_process_columns_sort (self->view, "cpu", TRUE);
  g_signal_connect_object (self->list, "updated", G_CALLBACK (updated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (update_footer), self,
                           G_CONNECT_SWAPPED);
  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self));
  g_settings_bind (self->settings, "follow-children", self->children_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "show-all-processes", self->all_toggle, "active",
                   G_SETTINGS_BIND_DEFAULT);
  gtk_widget_set_visible (self->window_button, lsc_click_window_is_possible (GTK_WIDGET (self)));
  update_footer (self);
}

void
lsc_process_picker_focus_search (LscProcessPicker *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
