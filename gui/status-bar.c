/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/status-bar.h"

#include <glib/gi18n.h>

#define RATE_US G_TIME_SPAN_SECOND

struct _LscStatusBar
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkWidget *dot;
  GtkLabel *time_label;
  GtkLabel *events_label;
  GtkLabel *rate_label;
  GtkLabel *lost_label;
  GtkLabel *memory_label;
  GtkLabel *cost_label;

  gboolean live;
  gint64 last_us; /* when the rates were worked out last */
  guint64 last_events;
  guint64 last_cost_ns;
};

G_DEFINE_FINAL_TYPE (LscStatusBar, lsc_status_bar, GTK_TYPE_WIDGET)

static void
set (GtkLabel *label, char *text)
{
  if (!g_str_equal (gtk_label_get_text (label), text))
    gtk_label_set_text (label, text);
  g_free (text);
}

/* "12.4" as on a stopwatch: 00:12.4 */
static char *
format_clock (guint64 ns)
{
  guint64 tenths = ns / 100000000;
  return g_strdup_printf ("%02u:%02u.%u", (guint) (tenths / 600), (guint) (tenths / 10 % 60),
                          (guint) (tenths % 10));
}

static guint64
cost_of (const LscTrace *trace)
{
  const LscRecordStatus *status = lsc_trace_get_status (trace);
  return status == NULL ? 0 : status->helper_ns + status->kernel_ns;
}

static void
update_rates (LscStatusBar *self, const LscTrace *trace)
{
  gint64 now_us = g_get_monotonic_time ();
  if (now_us - self->last_us < RATE_US)
    return;
  guint64 events = lsc_trace_get_n_events (trace);
  guint64 cost_ns = cost_of (trace);
  double seconds = (double) (now_us - self->last_us) / G_TIME_SPAN_SECOND;
  if (self->last_us != 0)
    {
      set (self->rate_label,
           g_strdup_printf (_ ("%'.0f events/s"), (double) (events - self->last_events) / seconds));
      set (self->cost_label,
           g_strdup_printf (_ ("tracing: %.1f %% of one CPU"),
                            (double) (cost_ns - self->last_cost_ns) / seconds / 1e7));
    }
  self->last_us = now_us;
  self->last_events = events;
  self->last_cost_ns = cost_ns;
}

static void
lsc_status_bar_dispose (GObject *object)
{
  g_clear_pointer (&LSC_STATUS_BAR (object)->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_status_bar_parent_class)->dispose (object);
}

static void
lsc_status_bar_class_init (LscStatusBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_status_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, root);
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, dot);
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, time_label);
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, events_label);
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, rate_label);
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, lost_label);
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, memory_label);
  gtk_widget_class_bind_template_child (widget_class, LscStatusBar, cost_label);
}

static void
lsc_status_bar_init (LscStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lsc_status_bar_set_live (LscStatusBar *self, gboolean live)
{
  self->live = live;
  self->last_us = 0;
  gtk_widget_set_visible (self->dot, live);
  gtk_widget_set_visible (GTK_WIDGET (self->rate_label), live);
  gtk_widget_set_visible (GTK_WIDGET (self->cost_label), live);
  gtk_label_set_text (self->rate_label, "");
  gtk_label_set_text (self->cost_label, "");
}

static char *
format_count (guint64 count)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, count);
}

void
lsc_status_bar_update (LscStatusBar *self, const LscTrace *trace)
{
  guint64 lost = lsc_trace_get_n_lost (trace);
  /* What a long capture has forgotten was recorded all the same. */
  guint64 start_ns = lsc_trace_has_dropped (trace) ? lsc_trace_get_header (trace)->head.time_ns
                                                   : lsc_trace_get_start_ns (trace);
  g_autofree char *clock = format_clock (lsc_trace_get_end_ns (trace) - start_ns);
  set (self->time_label, self->live ? g_strdup_printf (_ ("Recording %s"), clock)
                                    : g_strdup_printf (_ ("Length %s"), clock));
  g_autofree char *n_events = format_count (lsc_trace_get_n_events (trace));
  g_autofree char *n_lost = format_count (lost);
  set (self->events_label, g_strdup_printf (_ ("%s events"), n_events));
  set (self->lost_label, g_strdup_printf (_ ("%s lost"), n_lost));
  g_autofree char *size = g_format_size (lsc_trace_get_memory (trace));
  set (self->memory_label, g_strdup_printf ("%s", size));
  if (lost > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->lost_label), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->lost_label), "warning");
  if (self->live)
    update_rates (self, trace);
}
