/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/process-columns.h"

#include "gui/sparkline.h"
#include "gui/text-scale.h"
#include "gui/tooltip.h"

#include <glib/gi18n.h>
#include <unistd.h>

#define COMMAND_SHOWN 240 /* characters of a command line */
#define COMMAND_TOLD 1000

typedef struct
{
  const char *id;
  const char *title;
  GtkWidget *(*make) (void);
  void (*show) (GtkWidget *cell, LscProcessItem *item);
  GCompareDataFunc compare; /* NULL: not sorted by */
  int width;                /* -1: takes what is left */
} Column;

/* What shows one text: only a changed one costs a new layout. */
static void
set_text (GtkWidget *label, const char *text)
{
  if (!g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text))
    gtk_label_set_text (GTK_LABEL (label), text);
}

static GtkWidget *
make_name (void)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *command = gtk_label_new (NULL);
  gtk_image_set_pixel_size (GTK_IMAGE (image), 20);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (command), 0);
  gtk_label_set_ellipsize (GTK_LABEL (command), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (name), 18);
  gtk_widget_add_css_class (command, "caption");
  gtk_widget_add_css_class (command, "dim-label");
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), command);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  return expander;
}

static char *
dup_subtitle (LscProcessItem *item, glong n_characters)
{
  const LscProcessRow *row = lsc_process_item_get_row (item);
  if (lsc_process_item_has_ended (item))
    return g_strdup (_ ("ended"));
  if (row->kernel)
    return g_strdup (_ ("part of the kernel"));
  return g_utf8_substring (row->command_line, 0,
                           MIN (n_characters, g_utf8_strlen (row->command_line, -1)));
}

static void
show_name (GtkWidget *cell, LscProcessItem *item)
{
  GtkWidget *box = gtk_tree_expander_get_child (GTK_TREE_EXPANDER (cell));
  GtkWidget *image = gtk_widget_get_first_child (box);
  GtkWidget *texts = gtk_widget_get_last_child (box);
  GtkWidget *name = gtk_widget_get_first_child (texts);
  GtkWidget *command = gtk_widget_get_last_child (texts);
  gboolean thread = lsc_process_item_is_thread (item);
  gtk_widget_set_visible (command, !thread);
  set_text (name, lsc_process_item_get_row (item)->name);
  if (thread)
    {
      gtk_widget_remove_css_class (name, "process-name");
      gtk_image_clear (GTK_IMAGE (image)); /* its room stays: threads stand under the name */
    }
  else
    {
      gtk_widget_add_css_class (name, "process-name");
      gtk_image_set_from_gicon (GTK_IMAGE (image), lsc_process_item_get_icon (item));
      g_autofree char *shown = dup_subtitle (item, COMMAND_SHOWN);
      g_autofree char *told = dup_subtitle (item, COMMAND_TOLD);
      set_text (command, shown);
      lsc_tooltip_set (command, told);
    }
  gtk_widget_set_sensitive (box, !lsc_process_item_has_ended (item));
}

static GtkWidget *
make_text (void)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

static GtkWidget *
make_number (void)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
show_pid (GtkWidget *cell, LscProcessItem *item)
{
  char text[16];
  g_snprintf (text, sizeof text, "%u", lsc_process_item_get_row (item)->tid);
  set_text (cell, text);
  if (lsc_process_item_is_thread (item))
    gtk_widget_add_css_class (cell, "dim-label");
  else
    gtk_widget_remove_css_class (cell, "dim-label");
}

static GtkWidget *
make_user (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *lock = gtk_image_new_from_icon_name ("changes-prevent-symbolic");
  gtk_widget_set_tooltip_text (lock, _ ("Needs an administrator"));
  gtk_widget_add_css_class (lock, "dim-label");
  gtk_box_append (GTK_BOX (box), make_text ());
  gtk_box_append (GTK_BOX (box), lock);
  return box;
}

static void
show_user (GtkWidget *cell, LscProcessItem *item)
{
  gboolean thread = lsc_process_item_is_thread (item);
  set_text (gtk_widget_get_first_child (cell), thread ? "" : lsc_process_item_get_row (item)->user);
  gtk_widget_set_visible (gtk_widget_get_last_child (cell),
                          !thread && !lsc_process_item_is_mine (item) && geteuid () != 0);
}

static void
show_threads (GtkWidget *cell, LscProcessItem *item)
{
  char text[16] = "";
  if (!lsc_process_item_is_thread (item))
    g_snprintf (text, sizeof text, "%u", lsc_process_item_get_row (item)->n_threads);
  set_text (cell, text);
}

static void
show_cpu (GtkWidget *cell, LscProcessItem *item)
{
  /* Translators: a share of one CPU. */
  g_autofree char *text = g_strdup_printf (_ ("%.0f %%"), lsc_process_item_get_cpu (item));
  set_text (cell, text);
}

static GtkWidget *
make_activity (void)
{
  return lsc_sparkline_new ();
}

static void
show_activity (GtkWidget *cell, LscProcessItem *item)
{
  lsc_sparkline_set_values (LSC_SPARKLINE (cell), lsc_process_item_get_history (item),
                            LSC_PROCESS_HISTORY);
  if (lsc_process_item_is_thread (item))
    gtk_widget_add_css_class (cell, "of-thread");
  else
    gtk_widget_remove_css_class (cell, "of-thread");
}

static const LscProcessRow *
row_of (gconstpointer item)
{
  return lsc_process_item_get_row ((LscProcessItem *) item);
}

static int
compare_pid (gconstpointer a, gconstpointer b, gpointer data)
{
  return gtk_ordering_from_cmpfunc ((row_of (a)->tid > row_of (b)->tid)
                                    - (row_of (a)->tid < row_of (b)->tid));
}

static int
compare_name (gconstpointer a, gconstpointer b, gpointer data)
{
  int order = g_ascii_strcasecmp (row_of (a)->name, row_of (b)->name);
  return order != 0 ? gtk_ordering_from_cmpfunc (order) : compare_pid (a, b, data);
}

static int
compare_user (gconstpointer a, gconstpointer b, gpointer data)
{
  return gtk_ordering_from_cmpfunc (g_strcmp0 (row_of (a)->user, row_of (b)->user));
}

static int
compare_threads (gconstpointer a, gconstpointer b, gpointer data)
{
  return gtk_ordering_from_cmpfunc ((row_of (a)->n_threads > row_of (b)->n_threads)
                                    - (row_of (a)->n_threads < row_of (b)->n_threads));
}

static int
compare_cpu (gconstpointer a, gconstpointer b, gpointer data)
{
  double cpu_a = lsc_process_item_get_settled_cpu ((LscProcessItem *) a);
  double cpu_b = lsc_process_item_get_settled_cpu ((LscProcessItem *) b);
  return gtk_ordering_from_cmpfunc ((cpu_a > cpu_b) - (cpu_a < cpu_b));
}

static const Column columns[] = {
  { "name", N_ ("Process"), make_name, show_name, compare_name, -1 },
  { "pid", N_ ("PID"), make_text, show_pid, compare_pid, 80 },
  { "user", N_ ("User"), make_user, show_user, compare_user, 110 },
  { "threads", N_ ("Threads"), make_number, show_threads, compare_threads, 84 },
  { "cpu", N_ ("CPU"), make_number, show_cpu, compare_cpu, 84 },
  { "activity", N_ ("Last 10 s"), make_activity, show_activity, NULL, 184 },
};

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  gtk_list_item_set_child (list_item, column->make ());
  /* A click belongs to the row alone: GTK 4.8 lets the cell answer it, too, so that Ctrl and a
   * click chose a row and at once gave it up again. */
  gtk_list_item_set_selectable (list_item, FALSE);
  gtk_list_item_set_activatable (list_item, FALSE);
}

static LscProcessItem *
get_item (GtkListItem *list_item)
{
  return gtk_tree_list_row_get_item (GTK_TREE_LIST_ROW (gtk_list_item_get_item (list_item)));
}

static void
changed_cb (LscProcessItem *item, GtkListItem *list_item)
{
  const Column *column = g_object_get_data (G_OBJECT (list_item), "column");
  column->show (gtk_list_item_get_child (list_item), item);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  g_autoptr (LscProcessItem) item = get_item (list_item);
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  if (GTK_IS_TREE_EXPANDER (cell))
    gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (cell), gtk_list_item_get_item (list_item));
  g_object_set_data (G_OBJECT (list_item), "column", (gpointer) column);
  g_signal_connect (item, "changed", G_CALLBACK (changed_cb), list_item);
  column->show (cell, item);
  g_object_set_data_full (G_OBJECT (list_item), "shown", g_steal_pointer (&item), g_object_unref);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  /* Of a row that was taken out the tree no longer knows the item. */
  LscProcessItem *item = g_object_get_data (G_OBJECT (list_item), "shown");
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  if (item != NULL)
    g_signal_handlers_disconnect_by_func (item, changed_cb, list_item);
  g_object_set_data (G_OBJECT (list_item), "shown", NULL);
  if (GTK_IS_TREE_EXPANDER (cell))
    gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (cell), NULL);
}

static void
expanded_cb (GtkTreeListRow *row, GParamSpec *pspec, LscProcessList *list)
{
  g_autoptr (LscProcessItem) item = gtk_tree_list_row_get_item (row);
  if (item != NULL)
    lsc_process_list_set_expanded (list, item, gtk_tree_list_row_get_expanded (row));
}

static void
watch_row_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, LscProcessList *list)
{
  GtkTreeListRow *row = gtk_list_item_get_item (list_item);
  if (g_object_get_data (G_OBJECT (row), "watched") != NULL)
    return;
  g_object_set_data (G_OBJECT (row), "watched", GINT_TO_POINTER (1));
  g_signal_connect_object (row, "notify::expanded", G_CALLBACK (expanded_cb), list, 0);
}

static void
add_column (GtkColumnView *view, const Column *column, LscProcessList *list)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) column);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), (gpointer) column);
  if (column->width < 0)
    g_signal_connect (factory, "bind", G_CALLBACK (watch_row_cb), list);
  g_autoptr (GtkColumnViewColumn) made = gtk_column_view_column_new (_ (column->title), factory);
  g_object_set_data (G_OBJECT (made), "id", (gpointer) column->id);
  gtk_column_view_column_set_resizable (made, TRUE);
  gtk_column_view_column_set_expand (made, column->width < 0);
  if (column->width > 0)
    gtk_column_view_column_set_fixed_width (made, lsc_text_scale_px (column->width));
  if (column->compare != NULL)
    {
      g_autoptr (GtkSorter) sorter =
          GTK_SORTER (gtk_custom_sorter_new (column->compare, NULL, NULL));
      gtk_column_view_column_set_sorter (made, sorter);
    }
  gtk_column_view_append_column (view, made);
}

void
lsc_process_columns_add (GtkColumnView *view, LscProcessList *list)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (view, &columns[i], list);
}

void
lsc_process_columns_sort (GtkColumnView *view, const char *column, gboolean descending)
{
  GListModel *all = gtk_column_view_get_columns (view);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkColumnViewColumn) at = g_list_model_get_item (all, i);
      if (g_strcmp0 (g_object_get_data (G_OBJECT (at), "id"), column) == 0)
        gtk_column_view_sort_by_column (view, at,
                                        descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    }
}
