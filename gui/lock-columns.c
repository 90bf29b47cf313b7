/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lock-columns.h"

#include "gui/lock-item.h"
#include "gui/text-scale.h"
#include "gui/tooltip.h"
#include "lib/explain/duration.h"

#include <glib/gi18n.h>

#define COLUMN "lsc-column" /* of a list item */

typedef struct
{
  const char *title;
  char *(*format) (LscLockItem *item);
  guint64 (*value) (LscLockItem *item); /* to sort by, the greatest first; NULL: by name */
  int width;                            /* -1: takes what is left */
} Column;

static char *
format_lock (LscLockItem *item)
{
  return g_strdup (lsc_lock_item_get_name (item));
}

static guint64
get_waits (LscLockItem *item)
{
  return lsc_lock_item_get_lock (item)->n_waits;
}

static char *
format_waits (LscLockItem *item)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, get_waits (item));
}

static guint64
get_total (LscLockItem *item)
{
  return lsc_lock_item_get_lock (item)->wait_ns;
}

static char *
format_total (LscLockItem *item)
{
  return lsc_duration_format (get_total (item));
}

static guint64
get_longest (LscLockItem *item)
{
  return lsc_lock_item_get_lock (item)->longest_ns;
}

static char *
format_longest (LscLockItem *item)
{
  return lsc_duration_format (get_longest (item));
}

static const Column columns[] = {
  { N_ ("Lock"), format_lock, NULL, -1 },
  { N_ ("Waits"), format_waits, get_waits, 68 },
  { N_ ("Total"), format_total, get_total, 76 },
  { N_ ("Longest"), format_longest, get_longest, 88 },
};

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Column *column = data;
  LscLockItem *x = LSC_LOCK_ITEM ((gpointer) a);
  LscLockItem *y = LSC_LOCK_ITEM ((gpointer) b);
  if (column->value == NULL)
    return g_strcmp0 (lsc_lock_item_get_full_name (x), lsc_lock_item_get_full_name (y));
  guint64 of_x = column->value (x);
  guint64 of_y = column->value (y);
  return (of_x > of_y) - (of_x < of_y);
}

/* The first column has who releases it below the name. */
static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const Column *column = data;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), column->value == NULL ? 0 : 1);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  if (column->value == NULL)
    {
      GtkWidget *holders = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (holders), 0);
      gtk_label_set_ellipsize (GTK_LABEL (holders), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (holders, "caption");
      gtk_widget_add_css_class (holders, "dim-label");
      gtk_box_append (GTK_BOX (box), holders);
    }
  gtk_list_item_set_child (item, box);
}

static void
show (LscLockItem *lock, GtkListItem *item)
{
  const Column *column = g_object_get_data (G_OBJECT (item), COLUMN);
  GtkWidget *box = gtk_list_item_get_child (item);
  g_autofree char *text = column->format (lock);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_first_child (box)), text);
  if (column->value != NULL)
    return;
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (box)),
                      lsc_lock_item_get_holders (lock));
  lsc_tooltip_set (box, lsc_lock_item_get_full_name (lock));
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  LscLockItem *lock = gtk_list_item_get_item (item);
  g_object_set_data (G_OBJECT (item), COLUMN, data);
  show (lock, item);
  g_signal_connect (lock, "changed", G_CALLBACK (show), item);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), item);
}

void
lsc_lock_columns_add (GtkColumnView *view)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      gpointer data = (gpointer) &columns[i];
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare, data, NULL));
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), data);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), data);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), data);
      GtkColumnViewColumn *column = gtk_column_view_column_new (_ (columns[i].title), factory);
      gtk_column_view_column_set_expand (column, columns[i].value == NULL);
      gtk_column_view_column_set_fixed_width (column, lsc_text_scale_px (columns[i].width));
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_append_column (view, column);
      if (columns[i].value == get_total)
        gtk_column_view_sort_by_column (view, column, GTK_SORT_DESCENDING);
      g_object_unref (sorter);
      g_object_unref (column);
    }
}
