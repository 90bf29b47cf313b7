/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/patterns-tab.h"

#include "gui/facts-grid.h"
#include "gui/lanes-links.h"
#include "gui/pages.h"
#include "gui/range-bar.h"
#include "lib/explain/pattern.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* One scan and what it was of. */
typedef struct
{
  LscTimeRange range;
  guint64 revision;
  LscSurvey *survey;
  LscPatternScan *scan;
} Scan;

struct _LscPatternsTab
{
  GtkWidget parent_instance;
  GtkWidget *root;
  LscRangeBar *range_bar;
  GtkStack *stack;
  AdwStatusPage *quiet;
  GtkBox *cards;

  LscLanesView *view;
  LscPaneSurvey *scanner; /* makes `next` */
  Scan *shown;
  Scan *next;
};

static void pane_tab_init (LscPaneTabInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LscPatternsTab,
                               lsc_patterns_tab,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (LSC_TYPE_PANE_TAB, pane_tab_init))

static void
scan_free (Scan *scan)
{
  lsc_survey_free (scan->survey);
  lsc_pattern_scan_free (scan->scan);
  g_free (scan);
}

static void
forget (LscPatternsTab *self)
{
  lsc_pane_survey_stop (self->scanner);
  g_clear_pointer (&self->next, scan_free);
  g_clear_pointer (&self->shown, scan_free);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), FALSE); /* until it has been looked at */
  lsc_range_bar_set_text (self->range_bar, "");
}

/* Cards. */

static void
add_text (GtkWidget *card, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (card), label);
}

/* How sure it is, and how much of the range it takes. */
static void
add_foot (GtkWidget *card, const LscPattern *pattern)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  LscTimeRange range = { pattern->at_ns, pattern->until_ns };
  g_autofree char *share = lsc_facts_grid_format_share (pattern->share * 1000, 1000);
  g_autofree char *text =
      /* Translators: a share of the time, "28 %". */
      g_strdup_printf (pattern->certainty == LSC_CERTAINTY_CLEAR ? _ ("clear, %s of the time")
                                                                 : _ ("probable, %s of the time"),
                       share);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *show = lsc_lanes_links_new_thread_range (_ ("Show"), pattern->at_thread, &range);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (foot), label);
  gtk_box_append (GTK_BOX (foot), show);
  gtk_box_append (GTK_BOX (card), foot);
}

static void
add_card (LscPatternsTab *self, const LscPattern *pattern)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (card, "pattern-card");
  if (pattern->certainty == LSC_CERTAINTY_CLEAR)
    gtk_widget_add_css_class (card, "clear");
  add_text (card, lsc_pattern_kind_name (pattern->kind), "caption-heading");
  add_text (card, pattern->title, "heading");
  add_text (card, pattern->evidence, NULL);
  add_text (card, pattern->doubt, "dim-label");
  add_foot (card, pattern);
  gtk_box_append (self->cards, card);
}

static void
show_scan (LscPatternsTab *self)
{
  guint n = lsc_pattern_scan_get_n (self->shown->scan);
  g_autofree char *text =
      n == 0 ? g_strdup (_ ("No findings"))
             : g_strdup_printf (g_dngettext (NULL, "%u finding", "%u findings", n), n);
  for (GtkWidget *child; (child = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL;)
    gtk_box_remove (self->cards, child);
  for (guint i = 0; i < n; i++)
    add_card (self, lsc_pattern_scan_get (self->shown->scan, i));
  lsc_range_bar_set_text (self->range_bar, text);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), TRUE);
  lsc_pages_show (self->stack, n == 0 ? "quiet" : "found");
}

/* Scans. */

static void
scanned_cb (gpointer data)
{
  LscPatternsTab *self = data;
  g_clear_pointer (&self->shown, scan_free);
  self->shown = g_steal_pointer (&self->next);
  show_scan (self);
}

static void
scan (LscPatternsTab *self, const LscTimeRange *range)
{
  const LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  lsc_pane_survey_stop (self->scanner);
  g_clear_pointer (&self->next, scan_free);
  self->next = g_new0 (Scan, 1);
  self->next->range = *range;
  self->next->revision = lsc_trace_get_revision (trace);
  self->next->survey =
      lsc_survey_new (trace, range->from_ns, range->to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  self->next->scan = lsc_pattern_scan_new (self->next->survey);
  lsc_pane_survey_start (self->scanner, self->next->survey);
}

static void
patterns_tab_refresh (LscPaneTab *tab, LscPaneChange change)
{
  LscPatternsTab *self = LSC_PATTERNS_TAB (tab);
  if (self->view == NULL || (change & LSC_PANE_TRACE) != 0
      || lsc_lanes_view_get_trace (self->view) == NULL)
    {
      forget (self);
      return;
    }
  LscTimeRange range = lsc_range_bar_get_range (self->range_bar, self->view);
  guint64 revision = lsc_trace_get_revision (lsc_lanes_view_get_trace (self->view));
  const Scan *latest = self->next != NULL ? self->next : self->shown;
  if (latest != NULL && latest->range.from_ns == range.from_ns && latest->range.to_ns == range.to_ns
      && latest->revision == revision)
    return;
  if (change != LSC_PANE_GROWN || lsc_pane_survey_may_repeat (self->scanner))
    scan (self, &range);
}

static void
chosen_cb (LscPatternsTab *self)
{
  patterns_tab_refresh (LSC_PANE_TAB (self), LSC_PANE_RANGE);
}

static void
cancel_cb (LscPatternsTab *self)
{
  lsc_pane_survey_stop (self->scanner);
  g_clear_pointer (&self->next, scan_free);
}

static void
patterns_tab_set_view (LscPaneTab *tab, LscLanesView *view)
{
  LSC_PATTERNS_TAB (tab)->view = view;
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
  if (self->root != NULL)
    {
      forget (self);
      lsc_pane_survey_free (self->scanner);
    }
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
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
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
  self->scanner = lsc_pane_survey_new (scanned_cb, self);
  lsc_range_bar_set_survey (self->range_bar, self->scanner);
  forget (self);
}
