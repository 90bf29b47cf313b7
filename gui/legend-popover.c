/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/legend-popover.h"

#include "gui/facts-grid.h"
#include "gui/pane-survey.h"
#include "lib/explain/duration.h"
#include "lib/explain/longest.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

struct _LscLegendPopover
{
  GtkPopover parent_instance;
  GtkLabel *title;
  GtkLabel *total;
  GtkLabel *text;
  GtkWidget *steps;
  GtkWidget *longer_button;
  GtkWidget *next_button;
  GtkLabel *next_label;

  LscLanesView *view;
  LscPaneSurvey *looker;
  LscSurvey *survey;
  LscLongest *longest;
  LscTimeRange range;
  guint at;          /* stretch that was gone to */
  gboolean has_gone; /* to any */
};

G_DEFINE_FINAL_TYPE (LscLegendPopover, lsc_legend_popover, GTK_TYPE_POPOVER)

static void
forget (LscLegendPopover *self)
{
  lsc_pane_survey_stop (self->looker);
  g_clear_pointer (&self->survey, lsc_survey_free);
  g_clear_pointer (&self->longest, lsc_longest_free);
  self->has_gone = FALSE;
  self->at = 0;
}

static void
show_place (LscLegendPopover *self)
{
  guint n = lsc_longest_get_n (self->longest);
  const LscLongestItem *item = n > 0 ? lsc_longest_get (self->longest, self->at) : NULL;
  gtk_widget_set_sensitive (self->steps, n > 0);
  gtk_widget_set_sensitive (self->longer_button, self->has_gone && self->at > 0);
  gtk_widget_set_sensitive (self->next_button, !self->has_gone || self->at + 1 < n);
  gtk_label_set_label (self->next_label, self->has_gone ? _ ("_Next") : _ ("_Go to the Longest"));
  if (item == NULL)
    {
      gtk_label_set_text (self->text, _ ("There is none of it in view."));
      return;
    }
  g_autofree char *length = lsc_duration_format (item->ns);
  g_autofree char *name =
      lsc_sentence_name_thread (lsc_lanes_view_get_trace (self->view), item->thread);
  /* Translators: which one, of how many, a length of time, a thread. */
  g_autofree char *text = g_strdup_printf (
      _ ("%u of %u, the longest first: %s of %s"), self->at + 1,
      (guint) MIN (lsc_longest_get_count (self->longest), G_MAXUINT), length, name);
  gtk_label_set_text (self->text, text);
}

static void
go (LscLegendPopover *self, int direction)
{
  if (self->longest == NULL || lsc_longest_get_n (self->longest) == 0)
    return;
  if (self->has_gone)
    self->at = (guint) CLAMP ((gint) self->at + direction, 0,
                              (gint) lsc_longest_get_n (self->longest) - 1);
  self->has_gone = TRUE;
  const LscLongestItem *item = lsc_longest_get (self->longest, self->at);
  lsc_lanes_view_go_to_thread_at (self->view, item->thread, item->start_ns);
  show_place (self);
}

static void
longer_cb (LscLegendPopover *self)
{
  go (self, -1);
}

static void
next_cb (LscLegendPopover *self)
{
  go (self, 1);
}

static void
looked_cb (gpointer data)
{
  LscLegendPopover *self = data;
  g_autofree char *length = lsc_duration_format (lsc_longest_get_total_ns (self->longest));
  /* Translators: a length of time. */
  g_autofree char *total = g_strdup_printf (_ ("%s in view"), length);
  gtk_label_set_text (self->total, total);
  show_place (self);
  gtk_widget_grab_focus (self->next_button);
  gtk_popover_present (GTK_POPOVER (self)); /* the lanes lay out no children */
}

static void
lsc_legend_popover_closed (GtkPopover *popover)
{
  forget (LSC_LEGEND_POPOVER (popover));
}

static void
lsc_legend_popover_dispose (GObject *object)
{
  LscLegendPopover *self = LSC_LEGEND_POPOVER (object);
  if (self->looker != NULL)
    forget (self);
  g_clear_pointer (&self->looker, lsc_pane_survey_free);
  G_OBJECT_CLASS (lsc_legend_popover_parent_class)->dispose (object);
}

static void
lsc_legend_popover_class_init (LscLegendPopoverClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_legend_popover_dispose;
  GTK_POPOVER_CLASS (class)->closed = lsc_legend_popover_closed;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/legend-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, LscLegendPopover, title);
  gtk_widget_class_bind_template_child (widget_class, LscLegendPopover, total);
  gtk_widget_class_bind_template_child (widget_class, LscLegendPopover, text);
  gtk_widget_class_bind_template_child (widget_class, LscLegendPopover, steps);
  gtk_widget_class_bind_template_child (widget_class, LscLegendPopover, longer_button);
  gtk_widget_class_bind_template_child (widget_class, LscLegendPopover, next_button);
  gtk_widget_class_bind_template_child (widget_class, LscLegendPopover, next_label);
  gtk_widget_class_bind_template_callback (widget_class, longer_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
}

static void
lsc_legend_popover_init (LscLegendPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->looker = lsc_pane_survey_new (looked_cb, self);
}

static void
open (LscLegendPopover *self, LscState state, LscReason reason)
{
  LscWords words = lsc_lanes_view_get_words (self->view);
  GdkRectangle box = { gtk_widget_get_width (GTK_WIDGET (self->view)) / 2,
                       gtk_widget_get_height (GTK_WIDGET (self->view)), 1, 1 };
  forget (self);
  self->range = lsc_lanes_view_get_visible (self->view);
  self->survey = lsc_survey_new (lsc_lanes_view_get_trace (self->view), self->range.from_ns,
                                 self->range.to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  self->longest = lsc_longest_new (self->survey, state, reason);
  gtk_label_set_text (self->title, state == LSC_STATE_SLEEPING ? lsc_words_reason (reason)
                                                               : lsc_words_state (state, words));
  gtk_label_set_text (self->total, "");
  gtk_label_set_text (self->text, "");
  gtk_label_set_label (self->next_label, _ ("_Go to the Longest"));
  gtk_widget_set_sensitive (self->steps, FALSE);
  lsc_pane_survey_start (self->looker, self->survey);
  lsc_lanes_view_get_legend_box (self->view, state, reason, &box);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), &box);
  gtk_popover_popup (GTK_POPOVER (self));
}

static void
longest_cb (GSimpleAction *action, GVariant *what, gpointer data)
{
  LscLegendPopover *self = data;
  guint32 state = 0;
  guint32 reason = 0;
  g_variant_get (what, "(uu)", &state, &reason);
  if (lsc_lanes_view_get_trace (self->view) != NULL && state < LSC_N_STATES
      && reason < LSC_N_REASONS)
    open (self, (LscState) state, (LscReason) reason);
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, LscLegendPopover *self)
{
  LscState state;
  LscReason reason;
  if (lsc_lanes_view_find_legend (self->view, x, y, &state, &reason))
    open (self, state, reason);
}

GtkWidget *
lsc_legend_popover_install (GActionMap *actions, LscLanesView *view)
{
  static const GActionEntry entry = { .name = "longest",
                                      .parameter_type = "(uu)",
                                      .activate = longest_cb };
  LscLegendPopover *self = g_object_new (LSC_TYPE_LEGEND_POPOVER, NULL);
  GtkGesture *click = gtk_gesture_click_new ();
  self->view = view;
  gtk_widget_set_parent (GTK_WIDGET (self), GTK_WIDGET (view));
  g_action_map_add_action_entries (actions, &entry, 1, self);
  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (view), GTK_EVENT_CONTROLLER (click));
  return GTK_WIDGET (self);
}

void
lsc_legend_popover_forget (LscLegendPopover *self)
{
  forget (self);
  gtk_popover_popdown (GTK_POPOVER (self));
}
