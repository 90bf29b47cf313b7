/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/why-tab.h"

#include "gui/facts-grid.h"
#include "gui/lanes-links.h"
#include "gui/pages.h"
#include "gui/pattern-card.h"
#include "gui/places.h"
#include "gui/share-bar.h"
#include "gui/waits-section.h"
#include "gui/why-facts.h"
#include "lib/explain/duration.h"
#include "lib/explain/headline.h"
#include "lib/explain/sentence.h"
#include "lib/explain/statistics.h"

#include <glib/gi18n.h>

#define SPANS_MAX                                                                                  \
  20000u /* of the thread's, in view; with more of them only the states are told                   \
          */

struct _LscWhyTab
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkLabel *headline;
  GtkLabel *story;
  LscFactsGrid *facts;
  GtkWidget *instead_box;
  LscFactsGrid *instead;
  GtkWidget *view_box;
  GtkLabel *view_title;
  LscShareBar *view_shares;
  LscFactsGrid *view_facts;
  LscWaitsSection *waits;
  GtkBox *cards;
  GtkWidget *path_box;
  GtkLabel *path_title;
  LscFactsGrid *path_facts;
  GtkSwitch *words_switch;

  GSettings *settings;
  LscLanesView *view;
  LscRangeSearch *search; /* for an LscPatternScan of what is in view */
  gboolean is_open;       /* what is told of the picked bar may still change */
  guint rest;             /* what is shown in the next turn of the main loop */
};

static void pane_tab_init (LscPaneTabInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LscWhyTab,
                               lsc_why_tab,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (LSC_TYPE_PANE_TAB, pane_tab_init))

/* The story with the names in it as links: "THREAD TIME". */
static char *
link_names (const LscTrace *trace, const char *story, const GArray *links)
{
  GString *markup = g_string_new (NULL);
  gsize at = 0;
  for (guint i = 0; i < links->len; i++)
    {
      const LscSentenceLink *link = &g_array_index (links, LscSentenceLink, i);
      if (link->from < at || link->thread >= lsc_trace_get_n_threads (trace)
          || lsc_trace_get_thread (trace, link->thread)->lane == NULL)
        continue;
      g_autofree char *before = g_markup_escape_text (story + at, (gssize) (link->from - at));
      g_autofree char *name =
          g_markup_escape_text (story + link->from, (gssize) (link->to - link->from));
      g_string_append_printf (markup, "%s<a href=\"%u %lu\">%s</a>", before, link->thread,
                              (unsigned long) link->time_ns, name);
      at = link->to;
    }
  g_autofree char *rest = g_markup_escape_text (story + at, -1);
  g_string_append (markup, rest);
  return g_string_free (markup, FALSE);
}

static gboolean
link_cb (LscWhyTab *self, const char *uri)
{
  guint32 thread;
  unsigned long time_ns;
  if (sscanf (uri, "%u %lu", &thread, &time_ns) == 2)
    gtk_widget_activate_action (GTK_WIDGET (self), "lanes.go-to-thread-at", "(ut)", thread,
                                (guint64) time_ns);
  /* another story stands there now: whoever points goes on among the lanes */
  if (!gtk_window_get_focus_visible (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)))))
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
  return TRUE;
}

static void
show_bar (LscWhyTab *self, const LscBar *bar)
{
  const LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  LscWords words = lsc_lanes_view_get_words (self->view);
  g_autofree char *headline = lsc_headline_of_span (trace, bar->thread, bar->number);
  g_autoptr (GArray) links = NULL;
  g_autofree char *story =
      lsc_sentence_of_span_linked (trace, bar->thread, bar->number, words, &links);
  g_autofree char *markup = story == NULL ? NULL : link_names (trace, story, links);
  gtk_label_set_text (self->headline, headline);
  gtk_label_set_markup (self->story, markup == NULL ? "" : markup);
  gtk_widget_set_visible (GTK_WIDGET (self->story), TRUE);
  lsc_facts_grid_clear (self->facts);
  self->is_open = lsc_why_facts_fill (self->facts, trace, bar);
  lsc_facts_grid_clear (self->instead);
  gtk_widget_set_visible (self->instead_box,
                          lsc_why_facts_fill_instead (self->instead, trace, bar));
}

/* A lane is picked, none of its bars. */
static void
show_thread (LscWhyTab *self, guint32 thread)
{
  g_autofree char *name = lsc_sentence_name_thread (lsc_lanes_view_get_trace (self->view), thread);
  gtk_label_set_text (self->headline, name);
  gtk_label_set_text (self->story, _ ("Click one of its bars to see why it is there."));
  lsc_facts_grid_clear (self->facts);
  self->is_open = FALSE;
  lsc_why_facts_fill_thread (self->facts, lsc_lanes_view_get_trace (self->view), thread);
  gtk_widget_set_visible (self->instead_box, FALSE);
}

/* How the thread spent what is in view. */

static gboolean
compute (LscWhyTab *self, guint32 thread, const LscTimeRange *range, LscStatistics *out)
{
  const LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;
  if (lane == NULL || lsc_lane_get_first (lane) == lsc_lane_get_end (lane))
    return FALSE;
  guint64 n_spans = lsc_lane_find (lane, range->to_ns) - lsc_lane_find (lane, range->from_ns);
  if (n_spans <= SPANS_MAX)
    return lsc_statistics_of_thread (trace, thread, range->from_ns, range->to_ns, out);
  return lsc_statistics_sum_of_thread (trace, thread, range->from_ns, range->to_ns, out);
}

static void
show_view (LscWhyTab *self, guint32 thread)
{
  LscTimeRange range = lsc_lanes_view_get_visible (self->view);
  LscStatistics statistics;
  gboolean known = compute (self, thread, &range, &statistics);
  gtk_widget_set_visible (self->view_box, known);
  if (!known)
    return;
  lsc_waits_section_show (self->waits, lsc_lanes_view_get_trace (self->view), thread, &range);
  g_autofree char *name = lsc_sentence_name_thread (lsc_lanes_view_get_trace (self->view), thread);
  g_autofree char *span = lsc_duration_format (range.to_ns - range.from_ns);
  /* Translators: a thread, a length of time. */
  g_autofree char *title = g_strdup_printf (_ ("%s in view (%s)"), name, span);
  gtk_label_set_text (self->view_title, title);
  lsc_facts_grid_clear (self->view_facts);
  lsc_why_facts_fill_shares (self->view_facts, self->view_shares, &statistics,
                             lsc_lanes_view_get_words (self->view));
}

/* Of the patterns in view, those that the picked bar, or else the picked thread, has part in. */

static void
show_patterns (gpointer owner)
{
  LscWhyTab *self = owner;
  const LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  const LscPatternScan *scan = lsc_range_search_get (self->search);
  g_autoptr (GPtrArray) patterns = g_ptr_array_new ();
  guint32 thread = LSC_THREAD_NONE;
  LscBar bar;
  LscSpan span;
  lsc_lanes_view_get_thread (self->view, &thread);
  gboolean has_bar = lsc_lanes_view_get_bar (self->view, &bar);
  if (has_bar)
    lsc_lane_get (lsc_trace_get_thread (trace, bar.thread)->lane, bar.number, &span);
  for (guint i = 0; scan != NULL && i < lsc_pattern_scan_get_n (scan); i++)
    {
      const LscPattern *pattern = lsc_pattern_scan_get (scan, i);
      if (lsc_pattern_is_about (pattern, thread, has_bar ? &span.facts : NULL))
        g_ptr_array_add (patterns, (gpointer) pattern);
    }
  lsc_pattern_card_fill (self->cards, patterns);
  gtk_widget_set_visible (GTK_WIDGET (self->cards), patterns->len > 0);
}

/* What a picked bar changes takes two turns of the main loop, both before the next frame. */
static gboolean
rest_cb (gpointer data)
{
  LscWhyTab *self = data;
  guint32 thread;
  self->rest = 0;
  if (lsc_lanes_view_get_thread (self->view, &thread))
    {
      show_view (self, thread);
      show_patterns (self);
    }
  return G_SOURCE_REMOVE;
}

static void
why_tab_refresh (LscPaneTab *tab, LscPaneChange change)
{
  LscWhyTab *self = LSC_WHY_TAB (tab);
  guint32 thread;
  LscBar bar;
  if ((change & LSC_PANE_TRACE) != 0 || self->view == NULL
      || !lsc_lanes_view_get_thread (self->view, &thread))
    {
      g_clear_handle_id (&self->rest, g_source_remove);
      lsc_waits_section_forget (self->waits);
      lsc_range_search_forget (self->search);
      lsc_pages_show (GTK_STACK (self->root), "empty");
      return;
    }
  lsc_pages_show (GTK_STACK (self->root), "story");
  /* links keep the keys while nothing about the bar can change */
  if ((change & (LSC_PANE_PICK | LSC_PANE_WORDS)) == 0 && !self->is_open)
    ;
  else if (lsc_lanes_view_get_bar (self->view, &bar))
    show_bar (self, &bar);
  else
    show_thread (self, thread);
  if ((change & LSC_PANE_PICK) == 0)
    show_view (self, thread);
  else if (self->rest == 0)
    self->rest = g_idle_add_full (G_PRIORITY_DEFAULT, rest_cb, self, NULL);
  lsc_range_search_refresh (self->search, change);
}

static void
why_tab_set_view (LscPaneTab *tab, LscLanesView *view)
{
  LscWhyTab *self = LSC_WHY_TAB (tab);
  self->view = view;
  lsc_range_search_set_view (self->search, view);
}

static void
pane_tab_init (LscPaneTabInterface *interface)
{
  interface->set_view = why_tab_set_view;
  interface->refresh = why_tab_refresh;
}

static void
lsc_why_tab_dispose (GObject *object)
{
  LscWhyTab *self = LSC_WHY_TAB (object);
  g_clear_handle_id (&self->rest, g_source_remove);
  g_clear_pointer (&self->search, lsc_range_search_free);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lsc_why_tab_parent_class)->dispose (object);
}

static void
lsc_why_tab_class_init (LscWhyTabClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_why_tab_dispose;
  g_type_ensure (LSC_TYPE_FACTS_GRID);
  g_type_ensure (LSC_TYPE_SHARE_BAR);
  g_type_ensure (LSC_TYPE_WAITS_SECTION);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lanescope/Lanescope/why-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, root);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, headline);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, story);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, facts);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, instead_box);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, instead);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, view_box);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, view_title);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, view_shares);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, view_facts);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, waits);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, cards);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, path_box);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, path_title);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, path_facts);
  gtk_widget_class_bind_template_child (widget_class, LscWhyTab, words_switch);
  gtk_widget_class_bind_template_callback (widget_class, link_cb);
}

static void
lsc_why_tab_init (LscWhyTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = lsc_places_new_settings (NULL);
  self->search = lsc_range_search_new (&lsc_pattern_card_search, show_patterns, self, NULL);
  g_settings_bind (self->settings, "kernel-words", self->words_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  lsc_pages_show (GTK_STACK (self->root), "empty");
}

static void
path_changed_cb (LscWhyTab *self, LscCriticalStrip *path)
{
  g_autofree char *title = lsc_critical_strip_dup_title (path);
  gtk_widget_set_visible (self->path_box, title != NULL);
  if (title == NULL)
    return;
  gtk_label_set_text (self->path_title, title);
  lsc_critical_strip_fill (path, self->path_facts);
}

void
lsc_why_tab_set_path (LscWhyTab *self, LscCriticalStrip *path)
{
  g_signal_connect_object (path, "changed", G_CALLBACK (path_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->path_box, FALSE);
}
