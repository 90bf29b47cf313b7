/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/waits-section.h"

#include "gui/histogram-section.h"
#include "gui/pane-survey.h"

/* What is asked; a revision of its own for a trace that grows. */
typedef struct
{
  const LscTrace *trace;
  guint32 thread;
  LscTimeRange range;
  uint64_t revision;
} Question;

struct _LscWaitsSection
{
  GtkWidget parent_instance;
  GtkWidget *section;
  LscPaneSurvey *counter; /* of the histogram, then of where things were */
  Question question;
  LscSurvey *survey;
  LscHistogram *histogram;
  LscHistogramList *lists[3]; /* median, 99th percentile, brushed */
  gboolean counted;           /* the histogram is; a survey that runs is about the lists */
};

G_DEFINE_FINAL_TYPE (LscWaitsSection, lsc_waits_section, GTK_TYPE_WIDGET)

enum
{
  MEDIAN,
  P99,
  BRUSHED
};

static void
free_lists (LscWaitsSection *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->lists); i++)
    g_clear_pointer (&self->lists[i], lsc_histogram_list_free);
}

static void
begin_survey (LscWaitsSection *self)
{
  const Question *question = &self->question;
  lsc_pane_survey_stop (self->counter);
  g_clear_pointer (&self->survey, lsc_survey_free);
  free_lists (self);
  self->survey = lsc_survey_new (question->trace, question->range.from_ns, question->range.to_ns,
                                 LSC_SURVEY_ALL, question->thread);
}

static LscHistogramList *
list_length (LscWaitsSection *self, unsigned percent)
{
  uint64_t ns = lsc_histogram_get_percentile_ns (self->histogram, percent);
  const LscHistogramBrush brush = {
    .kind = LSC_HISTOGRAM_OFF_CPU, .low_ns = ns, .high_ns = ns + 1, .max = 1
  };
  return lsc_histogram_list_new (self->survey, &brush);
}

static void
find_places (LscWaitsSection *self)
{
  LscHistogramBrush brush;
  if (self->histogram == NULL || self->question.trace == NULL || !self->counted)
    return;
  begin_survey (self);
  self->lists[MEDIAN] = list_length (self, 50);
  self->lists[P99] = list_length (self, 99);
  if (lsc_histogram_section_get_brush (LSC_HISTOGRAM_SECTION (self->section), &brush))
    self->lists[BRUSHED] = lsc_histogram_list_new (self->survey, &brush);
  lsc_pane_survey_start (self->counter, self->survey);
}

static const LscHistogramItem *
get_first (const LscHistogramList *list)
{
  return lsc_histogram_list_get_n (list) == 0 ? NULL : lsc_histogram_list_get (list, 0);
}

static void
done_cb (gpointer data)
{
  LscWaitsSection *self = data;
  LscHistogramSection *section = LSC_HISTOGRAM_SECTION (self->section);
  if (!self->counted)
    {
      self->counted = TRUE;
      gtk_widget_set_visible (GTK_WIDGET (self), lsc_histogram_get_total (self->histogram) > 0);
      lsc_histogram_section_set (section, self->histogram);
      find_places (self);
      return;
    }
  lsc_histogram_section_set_places (section, get_first (self->lists[MEDIAN]),
                                    get_first (self->lists[P99]));
  lsc_histogram_section_set_list (section, self->lists[BRUSHED], self->question.trace);
}

void
lsc_waits_section_forget (LscWaitsSection *self)
{
  lsc_pane_survey_stop (self->counter);
  g_clear_pointer (&self->survey, lsc_survey_free);
  free_lists (self);
  g_clear_pointer (&self->histogram, lsc_histogram_free);
  self->question = (Question){ 0 };
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
lsc_waits_section_show (LscWaitsSection *self,
                        const LscTrace *trace,
                        guint32 thread,
                        const LscTimeRange *range)
{
  const Question question = { trace, thread, *range, lsc_trace_get_revision (trace) };
  const Question *last = &self->question;
  gboolean grown = question.revision != last->revision;
  gboolean same_thread = trace == last->trace && thread == last->thread;
  gboolean same_range = range->from_ns == last->range.from_ns && range->to_ns == last->range.to_ns;
  if (same_thread && (grown ? !lsc_pane_survey_may_repeat (self->counter) : same_range))
    return;
  self->question = question;
  begin_survey (self);
  g_clear_pointer (&self->histogram, lsc_histogram_free);
  self->histogram = lsc_histogram_new (self->survey, LSC_HISTOGRAM_OFF_CPU);
  self->counted = FALSE;
  lsc_pane_survey_start (self->counter, self->survey);
}

static void
lsc_waits_section_dispose (GObject *object)
{
  LscWaitsSection *self = LSC_WAITS_SECTION (object);
  if (self->counter != NULL)
    lsc_waits_section_forget (self);
  g_clear_pointer (&self->counter, lsc_pane_survey_free);
  g_clear_pointer (&self->section, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_waits_section_parent_class)->dispose (object);
}

static void
lsc_waits_section_class_init (LscWaitsSectionClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lsc_waits_section_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
lsc_waits_section_init (LscWaitsSection *self)
{
  self->counter = lsc_pane_survey_new (done_cb, self);
  self->section = lsc_histogram_section_new (LSC_HISTOGRAM_OFF_CPU);
  gtk_widget_set_parent (self->section, GTK_WIDGET (self));
  g_signal_connect_swapped (self->section, "brushed", G_CALLBACK (find_places), self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
