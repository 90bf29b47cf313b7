/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/facts-grid.h"

#include <glib/gi18n.h>

struct _LscFactsGrid
{
  GtkWidget parent_instance;
  GtkWidget *grid;
  int n_rows;
  int focus_row; /* that had the keys as the grid was cleared, or -1 */
};

G_DEFINE_FINAL_TYPE (LscFactsGrid, lsc_facts_grid, GTK_TYPE_WIDGET)

static void
lsc_facts_grid_dispose (GObject *object)
{
  g_clear_pointer (&LSC_FACTS_GRID (object)->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_facts_grid_parent_class)->dispose (object);
}

static void
lsc_facts_grid_class_init (LscFactsGridClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lsc_facts_grid_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
lsc_facts_grid_init (LscFactsGrid *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 4);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  self->focus_row = -1;
}

/* The row of the link that has the keys, or -1. */
static int
find_focus_row (LscFactsGrid *self)
{
  GtkRoot *root = gtk_widget_get_root (self->grid);
  GtkWidget *widget = root == NULL ? NULL : gtk_root_get_focus (root);
  int row = -1;
  if (widget == NULL || !gtk_widget_is_ancestor (widget, self->grid))
    return -1;
  while (gtk_widget_get_parent (widget) != self->grid)
    widget = gtk_widget_get_parent (widget);
  gtk_grid_query_child (GTK_GRID (self->grid), widget, NULL, &row, NULL, NULL);
  return row;
}

/* In the present row; what is filled anew while a capture grows keeps the keys where they were. */
static void
attach (LscFactsGrid *self, GtkWidget *widget, int column)
{
  gtk_grid_attach (GTK_GRID (self->grid), widget, column, self->n_rows, 1, 1);
  if (self->n_rows == self->focus_row && gtk_widget_get_focusable (widget)
      && gtk_widget_grab_focus (widget))
    self->focus_row = -1;
}

void
lsc_facts_grid_clear (LscFactsGrid *self)
{
  self->focus_row = find_focus_row (self);
  for (GtkWidget *child; (child = gtk_widget_get_first_child (self->grid)) != NULL;)
    gtk_grid_remove (GTK_GRID (self->grid), child);
  self->n_rows = 0;
}

static GtkWidget *
new_label (const char *text, float xalign)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  return label;
}

void
lsc_facts_grid_add (LscFactsGrid *self, const char *name, GtkWidget *fact)
{
  GtkWidget *label = new_label (name, 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_label_set_width_chars (GTK_LABEL (label), 12);
  gtk_widget_set_hexpand (fact, TRUE);
  attach (self, label, 0);
  attach (self, fact, 1);
  self->n_rows++;
}

void
lsc_facts_grid_add_text (LscFactsGrid *self, const char *name, const char *text)
{
  GtkWidget *label = new_label (text, 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE); /* else Tab would end at it */
  gtk_widget_add_css_class (label, "numeric");
  lsc_facts_grid_add (self, name, label);
}

void
lsc_facts_grid_add_share (
    LscFactsGrid *self, GtkWidget *swatch, GtkWidget *name, const char *amount, const char *share)
{
  GtkWidget *amount_label = new_label (amount, 1);
  GtkWidget *share_label = new_label (share, 1);
  gtk_widget_add_css_class (amount_label, "numeric");
  gtk_widget_add_css_class (amount_label, "dim-label");
  gtk_widget_add_css_class (share_label, "numeric");
  gtk_label_set_width_chars (GTK_LABEL (share_label), 6);
  gtk_widget_set_hexpand (name, TRUE);
  if (swatch != NULL)
    attach (self, swatch, 0);
  attach (self, name, 1);
  attach (self, amount_label, 2);
  attach (self, share_label, 3);
  self->n_rows++;
}

GtkWidget *
lsc_facts_grid_new_label (const char *text)
{
  GtkWidget *label = new_label (text, 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

char *
lsc_facts_grid_format_share (double part, guint64 whole)
{
  double percent = 100.0 * part / (double) MAX (whole, 1u);
  return percent > 0 && percent < 1 ? g_strdup (_ ("<1 %"))
                                    : g_strdup_printf (_ ("%.0f %%"), percent);
}
