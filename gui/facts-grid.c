/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/facts-grid.h"

#include "gui/tooltip.h"

#include <glib/gi18n.h>

#define COLUMNS 4

struct _LscFactsGrid
{
  GtkWidget parent_instance;
  GtkWidget *grid;
  int n_rows;     /* that are filled */
  int n_made;     /* that there are: the others are left from before */
  guint trimming; /* those are about to go */
};

G_DEFINE_FINAL_TYPE (LscFactsGrid, lsc_facts_grid, GTK_TYPE_WIDGET)

static void
lsc_facts_grid_dispose (GObject *object)
{
  LscFactsGrid *self = LSC_FACTS_GRID (object);
  g_clear_handle_id (&self->trimming, g_source_remove);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
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
}

static gboolean
looks_alike (GtkWidget *old, GtkWidget *new)
{
  g_auto (GStrv) old_classes = gtk_widget_get_css_classes (old);
  g_auto (GStrv) new_classes = gtk_widget_get_css_classes (new);
  return G_OBJECT_TYPE (old) == G_OBJECT_TYPE (new)
         && g_strv_equal ((const char *const *) old_classes, (const char *const *) new_classes);
}

static gboolean
are_labels_alike (GtkLabel *old, GtkLabel *new)
{
  return gtk_label_get_selectable (old) == gtk_label_get_selectable (new)
         && gtk_label_get_ellipsize (old) == gtk_label_get_ellipsize (new);
}

/* Whether it says something else now. */
static gboolean
adopt_text (GtkLabel *old, GtkLabel *new)
{
  if (g_str_equal (gtk_label_get_text (old), gtk_label_get_text (new)))
    return FALSE;
  gtk_label_set_text (old, gtk_label_get_text (new));
  return TRUE;
}

static gboolean
adopt_label (GtkLabel *old, GtkLabel *new)
{
  if (!are_labels_alike (old, new))
    return FALSE;
  adopt_text (old, new);
  return TRUE;
}

static gboolean
adopt_link (GtkWidget *old, GtkWidget *new)
{
  GtkWidget *old_label = gtk_button_get_child (GTK_BUTTON (old));
  GtkWidget *new_label = gtk_button_get_child (GTK_BUTTON (new));
  if (!GTK_IS_LABEL (old_label) || !GTK_IS_LABEL (new_label)
      || !are_labels_alike (GTK_LABEL (old_label), GTK_LABEL (new_label)))
    return FALSE;
  if (adopt_text (GTK_LABEL (old_label), GTK_LABEL (new_label)))
    gtk_accessible_update_property (GTK_ACCESSIBLE (old), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    gtk_label_get_text (GTK_LABEL (new_label)), -1);
  gtk_actionable_set_action_target_value (
      GTK_ACTIONABLE (old), gtk_actionable_get_action_target_value (GTK_ACTIONABLE (new)));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (old),
                                  gtk_actionable_get_action_name (GTK_ACTIONABLE (new)));
  lsc_tooltip_set (old, lsc_tooltip_get (new));
  return TRUE;
}

/* Makes `old` say what `new` does, if it is of that kind: what is filled anew while a capture grows
 * keeps the keys, and a link that is being clicked stays under the pointer. */
static gboolean
adopt (GtkWidget *old, GtkWidget *new)
{
  if (!looks_alike (old, new))
    return FALSE;
  if (GTK_IS_LABEL (old))
    return adopt_label (GTK_LABEL (old), GTK_LABEL (new));
  return GTK_IS_BUTTON (old) && adopt_link (old, new);
}

static void
remove_at (LscFactsGrid *self, int column, int row)
{
  GtkWidget *child = gtk_grid_get_child_at (GTK_GRID (self->grid), column, row);
  if (child != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
}

static gboolean
trim_cb (gpointer data)
{
  LscFactsGrid *self = data;
  self->trimming = 0;
  while (self->n_made > self->n_rows)
    {
      self->n_made--;
      for (int column = 0; column < COLUMNS; column++)
        remove_at (self, column, self->n_made);
    }
  return G_SOURCE_REMOVE;
}

/* The next row; NULL: nothing in that column. */
static void
add_row (LscFactsGrid *self, GtkWidget *const widgets[COLUMNS])
{
  for (int column = 0; column < COLUMNS; column++)
    {
      GtkWidget *old = gtk_grid_get_child_at (GTK_GRID (self->grid), column, self->n_rows);
      GtkWidget *new = widgets[column];
      if (old != NULL && new != NULL && adopt (old, new))
        {
          g_object_ref_sink (new);
          g_object_unref (new);
          continue;
        }
      remove_at (self, column, self->n_rows);
      if (new != NULL)
        gtk_grid_attach (GTK_GRID (self->grid), new, column, self->n_rows, 1, 1);
    }
  self->n_rows++;
  self->n_made = MAX (self->n_made, self->n_rows);
}

void
lsc_facts_grid_clear (LscFactsGrid *self)
{
  self->n_rows = 0;
  if (self->trimming == 0) /* before the next frame, when it is known what stays */
    self->trimming = g_idle_add_full (G_PRIORITY_DEFAULT, trim_cb, self, NULL);
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
  add_row (self, (GtkWidget *const[COLUMNS]){ label, fact });
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
  add_row (self, (GtkWidget *const[COLUMNS]){ swatch, name, amount_label, share_label });
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
