/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/patterns-tab.h"

#include "gui/pages.h"
#include "gui/pattern-card.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _LscPatternsTab
{
  GtkWidget parent_instance;
  GtkWidget *root;
  LscRangeBar *range_bar;
  GtkStack *stack;
  AdwStatusPage *quiet;
  GtkBox *cards;

  LscRangeSearch *search; /* for an LscPatternScan */
};

static void pane_tab_init (LscPaneTabInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LscPatternsTab,
                               lsc_patterns_tab,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (LSC_TYPE_PANE_TAB, pane_tab_init))

static void
found_cb (gpointer owner)
{
  LscPatternsTab *self = owner;
  const LscPatternScan *scan = lsc_range_search_get (self->search);
  guint n = lsc_pattern_scan_get_n (scan);
  g_autoptr (GPtrArray) patterns = g_ptr_array_new ();
  g_autofree char *text =
      n == 0 ? g_strdup (_ ("No findings"))
             : g_strdup_printf (g_dngettext (NULL, "%u finding", "%u findings", n), n);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (patterns, (gpointer) lsc_pattern_scan_get (scan, i));
  lsc_pattern_card_fill (self->cards, patterns);
  lsc_range_bar_set_text (self->range_bar, text);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), TRUE);
  lsc_pages_show (self->stack, n == 0 ? "quiet" : "found");
}

static void
forget (LscPatternsTab *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->stack), FALSE); /* until it has been looked at */
  lsc_range_bar_set_text (self->range_bar, "");
}

static void
patterns_tab_refresh (LscPaneTab *tab, LscPaneChange change)
{
  LscPatternsTab *self = LSC_PATTERNS_TAB (tab);
  if (!lsc_range_search_refresh (self->search, change))
    forget (self);
}

static void
patterns_tab_set_view (LscPaneTab *tab, LscLanesView *view)
{
  lsc_range_search_set_view (LSC_PATTERNS_TAB (tab)->search, view);
}

static void
pane_tab_init (LscPaneTabInterface *interface)
{
  interface->set_view = patterns_tab_set_view;
  interface->refresh = patterns_tab_refresh;
}

static void
lsc_patterns_tab_dispose (GObject *object)
{
  LscPatternsTab *self = LSC_PATTERNS_TAB (object);
  g_clear_pointer (&self->search, lsc_range_search_free);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_patterns_tab_parent_class)->dispose (object);
}

static void
lsc_patterns_tab_class_init (LscPatternsTabClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_patterns_tab_dispose;
  g_type_ensure (LSC_TYPE_RANGE_BAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/patterns-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, LscPatternsTab, root);
  gtk_widget_class_bind_template_child (widget_class, LscPatternsTab, range_bar);
  gtk_widget_class_bind_template_child (widget_class, LscPatternsTab, stack);
  gtk_widget_class_bind_template_child (widget_class, LscPatternsTab, quiet);
  gtk_widget_class_bind_template_child (widget_class, LscPatternsTab, cards);
}

/* Quiet, but not secretive: what was looked for. */
static char *
list_kinds (void)
{
  GString *text = g_string_new (_ ("Looked for: "));
  for (guint i = 0; i < LSC_N_PATTERNS; i++)
    {
      g_string_append (text, lsc_pattern_kind_name ((LscPatternKind) i));
      g_string_append (text, i + 1 < LSC_N_PATTERNS ? ", " : ".");
    }
  return g_string_free (text, FALSE);
}

static void
lsc_patterns_tab_init (LscPatternsTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_autofree char *kinds = list_kinds ();
  adw_status_page_set_description (self->quiet, kinds);
  self->search = lsc_range_search_new (&lsc_pattern_card_search, found_cb, self, self->range_bar);
  forget (self);
}
