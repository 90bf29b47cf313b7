/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/statistics-tab.h"

#include "gui/histogram-section.h"
#include "gui/pages.h"
#include "gui/range-bar.h"
#include "gui/share-bar.h"
#include "gui/statistics-rows.h"
#include "gui/why-facts.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"
#include "lib/explain/totals-csv.h"

#include <glib/gi18n.h>

/* In the order of the drop-down. */
typedef enum
{
  OF_THREAD,
  OF_PROCESS,
  OF_ALL,
} Subject;

struct _LscStatisticsTab
{
  GtkWidget parent_instance;
  GtkWidget *root;
  LscRangeBar *range_bar;
  GtkDropDown *subject;
  LscShareBar *shares;
  LscFactsGrid *shares_grid;
  LscFactsGrid *counts;
  GtkBox *histograms;
  GtkLabel *parallel_label;
  LscFactsGrid *parallel;
  LscFactsGrid *cpus;
  LscFactsGrid *preemptors;
  GtkDropDown *cpu;
  GtkStringList *cpu_names;
  LscFactsGrid *off_cpu;

  LscLanesView *view;
  LscHistogramSection *sections[LSC_HISTOGRAM_N_KINDS];
  LscPaneSurvey *counter; /* makes `next` */
  LscPaneSurvey *finder;  /* makes `places` */
  LscStatisticsAnswer *shown;
  LscStatisticsAnswer *next;
  LscStatisticsPlaces *places;
  gint brushed[LSC_HISTOGRAM_N_KINDS]; /* the list in `places`, or -1 */
};

static void pane_tab_init (LscPaneTabInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LscStatisticsTab,
                               lsc_statistics_tab,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (LSC_TYPE_PANE_TAB, pane_tab_init))

/* What is asked. Where nothing is picked or selected, the next wider thing is meant. */

static void
ask_whom (LscStatisticsTab *self, LscStatisticsQuestion *question)
{
  Subject subject = (Subject) gtk_drop_down_get_selected (self->subject);
  question->process = LSC_SURVEY_ALL;
  question->thread = LSC_SURVEY_ALL;
  if (subject == OF_THREAD && lsc_lanes_view_get_thread (self->view, &question->thread))
    return;
  if (subject != OF_ALL)
    lsc_lanes_view_get_process (self->view, &question->process);
}

static LscStatisticsQuestion
make_question (LscStatisticsTab *self)
{
  guint cpu = gtk_drop_down_get_selected (self->cpu);
  LscStatisticsQuestion question = { .trace = lsc_lanes_view_get_trace (self->view),
                                     .range = lsc_range_bar_get_range (self->range_bar, self->view),
                                     .cpu = cpu == 0 || cpu == GTK_INVALID_LIST_POSITION
                                                ? LSC_CPU_NONE
                                                : cpu - 1 };
  ask_whom (self, &question);
  return question;
}

/* What is shown. */

static void
show_title (LscStatisticsTab *self)
{
  const LscStatisticsQuestion *question = &self->shown->question;
  g_autofree char *length = lsc_duration_format (question->range.to_ns - question->range.from_ns);
  g_autofree char *whose = NULL;
  if (question->thread != LSC_SURVEY_ALL)
    whose = lsc_sentence_name_thread (question->trace, question->thread);
  else if (question->process != LSC_SURVEY_ALL)
    whose = lsc_sentence_name_process (question->trace, question->process);
  else
    whose = g_strdup_printf (g_dngettext (NULL, "%u thread", "%u threads",
                                          lsc_totals_get_n_threads (self->shown->totals)),
                             lsc_totals_get_n_threads (self->shown->totals));
  g_autofree char *title = g_strdup_printf ("%s \302\267 %s", whose, length);
  lsc_range_bar_set_text (self->range_bar, title);
}

static void
clear (LscStatisticsTab *self)
{
  LscFactsGrid *grids[] = { self->shares_grid, self->counts,     self->parallel,
                            self->cpus,        self->preemptors, self->off_cpu };
  for (guint i = 0; i < G_N_ELEMENTS (grids); i++)
    lsc_facts_grid_clear (grids[i]);
}

static void
show_answer (LscStatisticsTab *self)
{
  const LscStatistics *all = lsc_totals_get (self->shown->totals, LSC_SURVEY_ALL);
  g_autofree char *parallel = lsc_parallelism_describe (self->shown->parallelism);
  clear (self);
  show_title (self);
  lsc_why_facts_fill_shares (self->shares_grid, self->shares, all,
                             lsc_lanes_view_get_words (self->view));
  lsc_statistics_rows_counts (self->counts, all);
  for (guint i = 0; i < LSC_HISTOGRAM_N_KINDS; i++)
    lsc_histogram_section_set (self->sections[i], self->shown->histograms[i]);
  gtk_label_set_text (self->parallel_label, parallel);
  lsc_statistics_rows_parallelism (self->parallel, self->shown);
  lsc_statistics_rows_cpus (self->cpus, self->shown);
  lsc_statistics_rows_preemptors (self->preemptors, self->shown);
  lsc_statistics_rows_off_cpu (self->off_cpu, self->shown);
}

/* Where one of that length was: two brushes a histogram, and what a person has brushed. */
static void
find_places (LscStatisticsTab *self)
{
  LscHistogramBrush brushes[LSC_STATISTICS_PLACES_MAX];
  guint n = 0;
  lsc_pane_survey_stop (self->finder);
  g_clear_pointer (&self->places, lsc_statistics_places_free);
  if (self->shown == NULL)
    return;
  for (guint i = 0; i < LSC_HISTOGRAM_N_KINDS; i++)
    {
      static const unsigned percents[] = { 50, 99 };
      for (guint j = 0; j < G_N_ELEMENTS (percents); j++)
        {
          uint64_t ns = lsc_histogram_get_percentile_ns (self->shown->histograms[i], percents[j]);
          brushes[n++] = (LscHistogramBrush){
            .kind = (LscHistogramKind) i, .low_ns = ns, .high_ns = ns + 1, .max = 1
          };
        }
    }
  for (guint i = 0; i < LSC_HISTOGRAM_N_KINDS; i++)
    self->brushed[i] =
        lsc_histogram_section_get_brush (self->sections[i], &brushes[n]) ? (gint) n++ : -1;
  self->places = lsc_statistics_places_new (&self->shown->question, brushes, n);
  lsc_pane_survey_start (self->finder, self->places->survey);
}

static const LscHistogramItem *
get_first (const LscHistogramList *list)
{
  return lsc_histogram_list_get_n (list) == 0 ? NULL : lsc_histogram_list_get (list, 0);
}

static void
found_cb (gpointer data)
{
  LscStatisticsTab *self = data;
  for (guint i = 0; i < LSC_HISTOGRAM_N_KINDS; i++)
    {
      LscHistogramList *const *lists = self->places->lists;
      lsc_histogram_section_set_places (self->sections[i], get_first (lists[2 * i]),
                                        get_first (lists[2 * i + 1]));
      lsc_histogram_section_set_list (self->sections[i],
                                      self->brushed[i] < 0 ? NULL : lists[self->brushed[i]],
                                      self->shown->question.trace);
    }
}

static void
counted_cb (gpointer data)
{
  LscStatisticsTab *self = data;
  g_clear_pointer (&self->shown, lsc_statistics_answer_free);
  self->shown = g_steal_pointer (&self->next);
  show_answer (self);
  find_places (self);
}

static void
count (LscStatisticsTab *self, const LscStatisticsQuestion *question)
{
  lsc_pane_survey_stop (self->counter);
  g_clear_pointer (&self->next, lsc_statistics_answer_free);
  self->next = lsc_statistics_answer_new (question);
  lsc_pane_survey_start (self->counter, self->next->survey);
}

static void
forget (LscStatisticsTab *self)
{
  lsc_pane_survey_stop (self->counter);
  lsc_pane_survey_stop (self->finder);
  g_clear_pointer (&self->next, lsc_statistics_answer_free);
  g_clear_pointer (&self->shown, lsc_statistics_answer_free);
  g_clear_pointer (&self->places, lsc_statistics_places_free);
}

static void
update_cpus (LscStatisticsTab *self)
{
  guint n_cpus = lsc_trace_get_n_cpus (lsc_lanes_view_get_trace (self->view));
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->cpu_names)); i <= n_cpus; i++)
    {
      g_autofree char *name = g_strdup_printf (_ ("CPU %u"), i - 1);
      gtk_string_list_append (self->cpu_names, name);
    }
}

static gboolean
is_answered (LscStatisticsTab *self, const LscStatisticsQuestion *question)
{
  const LscStatisticsAnswer *answer = self->next != NULL ? self->next : self->shown;
  return answer != NULL && lsc_statistics_question_equal (&answer->question, question)
         && answer->revision == lsc_trace_get_revision (question->trace);
}

static void
statistics_tab_refresh (LscPaneTab *tab, LscPaneChange change)
{
  LscStatisticsTab *self = LSC_STATISTICS_TAB (tab);
  LscTrace *trace = self->view == NULL || (change & LSC_PANE_TRACE) != 0
                        ? NULL
                        : lsc_lanes_view_get_trace (self->view);
  if (trace == NULL)
    forget (self);
  lsc_pages_show (GTK_STACK (self->root),
                  trace == NULL || lsc_trace_get_n_threads (trace) == 0 ? "empty" : "numbers");
  if (trace == NULL || lsc_trace_get_n_threads (trace) == 0)
    return;
  if ((change & LSC_PANE_WORDS) != 0 && self->shown != NULL)
    show_answer (self);
  update_cpus (self);
  LscStatisticsQuestion question = make_question (self);
  /* while it grows, each answer is soon an old one */
  gboolean wait = change == LSC_PANE_GROWN && !lsc_pane_survey_may_repeat (self->counter);
  if (!wait && !is_answered (self, &question))
    count (self, &question);
}

static void
chosen_cb (LscStatisticsTab *self)
{
  if (self->view != NULL && lsc_lanes_view_get_trace (self->view) != NULL)
    statistics_tab_refresh (LSC_PANE_TAB (self), LSC_PANE_PICK);
}

/* What was counted so far is not shown: half a count is none. */
static void
cancel_cb (LscStatisticsTab *self)
{
  lsc_pane_survey_stop (self->counter);
  g_clear_pointer (&self->next, lsc_statistics_answer_free);
}

static void
copy_cb (LscStatisticsTab *self)
{
  if (self->shown == NULL)
    return;
  g_autofree char *csv = lsc_totals_csv (self->shown->totals, self->shown->question.trace);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), csv);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                              _ ("The table is on the clipboard"));
}

static void
statistics_tab_set_view (LscPaneTab *tab, LscLanesView *view)
{
  LSC_STATISTICS_TAB (tab)->view = view;
}

static void
pane_tab_init (LscPaneTabInterface *interface)
{
  interface->set_view = statistics_tab_set_view;
  interface->refresh = statistics_tab_refresh;
}

static void
lsc_statistics_tab_dispose (GObject *object)
{
  LscStatisticsTab *self = LSC_STATISTICS_TAB (object);
  if (self->root != NULL)
    {
      forget (self);
      lsc_pane_survey_free (self->counter);
      lsc_pane_survey_free (self->finder);
    }
  g_clear_pointer (&self->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_statistics_tab_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/statistics-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, root);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, range_bar);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, subject);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, shares);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, shares_grid);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, counts);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, histograms);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, parallel_label);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, parallel);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, cpus);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, preemptors);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, cpu);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, cpu_names);
  gtk_widget_class_bind_template_child (widget_class, LscStatisticsTab, off_cpu);
}

static void
lsc_statistics_tab_class_init (LscStatisticsTabClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_statistics_tab_dispose;
  g_type_ensure (LSC_TYPE_FACTS_GRID);
  g_type_ensure (LSC_TYPE_RANGE_BAR);
  g_type_ensure (LSC_TYPE_SHARE_BAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  bind_template (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
lsc_statistics_tab_init (LscStatisticsTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->counter = lsc_pane_survey_new (counted_cb, self);
  self->finder = lsc_pane_survey_new (found_cb, self);
  lsc_range_bar_set_survey (self->range_bar, self->counter);
  for (guint i = 0; i < LSC_HISTOGRAM_N_KINDS; i++)
    {
      GtkWidget *section = lsc_histogram_section_new ((LscHistogramKind) i);
      self->sections[i] = LSC_HISTOGRAM_SECTION (section);
      g_signal_connect_object (section, "brushed", G_CALLBACK (find_places), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->histograms, section);
    }
  lsc_pages_show (GTK_STACK (self->root), "empty");
}
