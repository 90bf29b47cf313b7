/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/range-bar.h"

/* In the order of the drop-down. */
typedef enum
{
  IN_VIEW,
  IN_SELECTION,
  IN_CAPTURE,
} Range;

struct _LscRangeBar
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkLabel *label;
  GtkDropDown *range;
  GtkWidget *hint; /* nothing is selected */
  GtkWidget *progress_box;
  GtkProgressBar *progress;
};

G_DEFINE_FINAL_TYPE (LscRangeBar, lsc_range_bar, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  CANCELLED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
chosen_cb (LscRangeBar *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cancel_cb (LscRangeBar *self)
{
  g_signal_emit (self, signals[CANCELLED], 0);
}

static void
lsc_range_bar_dispose (GObject *object)
{
  g_clear_pointer (&LSC_RANGE_BAR (object)->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_range_bar_parent_class)->dispose (object);
}

static void
lsc_range_bar_class_init (LscRangeBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_range_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/range-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LscRangeBar, root);
  gtk_widget_class_bind_template_child (widget_class, LscRangeBar, label);
  gtk_widget_class_bind_template_child (widget_class, LscRangeBar, range);
  gtk_widget_class_bind_template_child (widget_class, LscRangeBar, hint);
  gtk_widget_class_bind_template_child (widget_class, LscRangeBar, progress_box);
  gtk_widget_class_bind_template_child (widget_class, LscRangeBar, progress);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  signals[CHANGED] = g_signal_new ("changed", LSC_TYPE_RANGE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[CANCELLED] = g_signal_new ("cancelled", LSC_TYPE_RANGE_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
}

static void
lsc_range_bar_init (LscRangeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lsc_range_bar_set_survey (LscRangeBar *self, LscPaneSurvey *survey)
{
  lsc_pane_survey_set_progress (survey, self->progress_box, self->progress);
}

LscTimeRange
lsc_range_bar_get_range (LscRangeBar *self, LscLanesView *view)
{
  LscTimeRange range = lsc_lanes_view_get_visible (view);
  const LscTrace *trace = lsc_lanes_view_get_trace (view);
  Range chosen = (Range) gtk_drop_down_get_selected (self->range);
  gboolean selected = lsc_lanes_view_get_selection (view, &range);
  gtk_widget_set_visible (self->hint, chosen == IN_SELECTION && !selected);
  if (chosen == IN_CAPTURE)
    return (LscTimeRange){ lsc_trace_get_start_ns (trace), lsc_trace_get_end_ns (trace) };
  return chosen == IN_SELECTION ? range : lsc_lanes_view_get_visible (view);
}

void
lsc_range_bar_set_text (LscRangeBar *self, const char *text)
{
  gtk_label_set_text (self->label, text);
}
