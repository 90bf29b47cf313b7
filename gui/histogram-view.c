/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/histogram-view.h"

#include "gui/share-bar.h"
#include "lib/explain/duration.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEIGHT 56
#define BUCKETS_MIN 12u /* shown, so that few lengths do not make giant bars */

struct _LscHistogramView
{
  GtkWidget parent_instance;
  LscHistogramKind kind;
  guint64 counts[LSC_HISTOGRAM_BUCKETS];
  guint first; /* buckets [first, end) are shown */
  guint end;
  gboolean has_brush;
  guint anchor; /* the brush is from here */
  guint head;   /* to here, either way round, both included */
};

G_DEFINE_FINAL_TYPE (LscHistogramView, lsc_histogram_view, GTK_TYPE_WIDGET)

enum
{
  BRUSHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static GdkRGBA
get_colour (const LscHistogramView *self)
{
  static const LscState states[LSC_HISTOGRAM_N_KINDS] = {
    [LSC_HISTOGRAM_TIMESLICE] = LSC_STATE_RUNNING,
    [LSC_HISTOGRAM_LATENCY] = LSC_STATE_RUNNABLE,
    [LSC_HISTOGRAM_OFF_CPU] = LSC_STATE_SLEEPING,
  };
  /* Waits of all kinds together have the grey of nothing in particular. */
  LscShare share = { states[self->kind], LSC_REASON_TIMER, 1 };
  return lsc_share_bar_get_colour (&share);
}

static gboolean
is_brushed (const LscHistogramView *self, guint bucket)
{
  return self->has_brush && bucket >= MIN (self->anchor, self->head)
         && bucket <= MAX (self->anchor, self->head);
}

static float
get_step (LscHistogramView *self)
{
  return (float) gtk_widget_get_width (GTK_WIDGET (self)) / (float) (self->end - self->first);
}

/* By the square root: one long wait among a million short ones is what is looked for. */
static void
lsc_histogram_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LscHistogramView *self = LSC_HISTOGRAM_VIEW (widget);
  float height = (float) gtk_widget_get_height (widget);
  float step = get_step (self);
  GdkRGBA line;
  GdkRGBA full = get_colour (self);
  guint64 most = 1;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &line);
  line.alpha = 0.3f;
  for (guint i = self->first; i < self->end; i++)
    most = MAX (most, self->counts[i]);
  for (guint i = self->first; i < self->end; i++)
    {
      GdkRGBA colour = full;
      float x = (float) (i - self->first) * step;
      float bar = (height - 1) * (float) sqrt ((double) self->counts[i] / (double) most);
      if (self->counts[i] == 0)
        continue;
      colour.alpha = !self->has_brush || is_brushed (self, i) ? 1.0f : 0.35f;
      bar = MAX (bar, 2.0f);
      gtk_snapshot_append_color (
          snapshot, &colour,
          &GRAPHENE_RECT_INIT (x, height - 1 - bar, MAX (step - 1.0f, 1.0f), bar));
    }
  gtk_snapshot_append_color (
      snapshot, &line,
      &GRAPHENE_RECT_INIT (0, height - 1, (float) gtk_widget_get_width (widget), 1));
}

static guint
bucket_at (LscHistogramView *self, double x)
{
  double bucket = floor (x / (double) get_step (self));
  return self->first + (guint) CLAMP (bucket, 0, (double) (self->end - self->first - 1));
}

static void
set_brush (LscHistogramView *self, guint anchor, guint head)
{
  if (self->has_brush && anchor == self->anchor && head == self->head)
    return;
  self->has_brush = TRUE;
  self->anchor = anchor;
  self->head = head;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, LscHistogramView *self)
{
  guint bucket = bucket_at (self, x);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  set_brush (self, bucket, bucket);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, LscHistogramView *self)
{
  double x = 0;
  double y = 0;
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  set_brush (self, self->anchor, bucket_at (self, x + dx));
}

/* A click where nothing stands lets go. */
static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, LscHistogramView *self)
{
  guint64 n = 0;
  for (guint i = self->first; i < self->end; i++)
    n += is_brushed (self, i) ? self->counts[i] : 0;
  if (n == 0)
    lsc_histogram_view_clear_brush (self);
  else
    g_signal_emit (self, signals[BRUSHED], 0);
}

/* The next bucket that holds anything, or the same one. */
static guint
find_next (const LscHistogramView *self, guint bucket, int direction)
{
  for (guint i = bucket + (guint) direction; i >= self->first && i < self->end;
       i += (guint) direction)
    if (self->counts[i] > 0)
      return i;
  return bucket;
}

static gboolean
arrow_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  LscHistogramView *self = LSC_HISTOGRAM_VIEW (widget);
  int direction = 0;
  gboolean extend = FALSE;
  g_variant_get (arguments, "(ib)", &direction, &extend);
  guint from = self->has_brush ? self->head : direction > 0 ? self->first : self->end - 1;
  guint head =
      self->has_brush || self->counts[from] == 0 ? find_next (self, from, direction) : from;
  set_brush (self, extend && self->has_brush ? self->anchor : head, head);
  g_signal_emit (self, signals[BRUSHED], 0);
  return TRUE;
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  LscHistogramView *self = LSC_HISTOGRAM_VIEW (widget);
  gboolean had = self->has_brush;
  lsc_histogram_view_clear_brush (self);
  return had;
}

static gboolean
lsc_histogram_view_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  LscHistogramView *self = LSC_HISTOGRAM_VIEW (widget);
  guint bucket = keyboard ? self->head : bucket_at (self, x);
  g_autofree char *low = lsc_duration_format (lsc_histogram_get_floor_ns (bucket));
  g_autofree char *high = lsc_duration_format (lsc_histogram_get_floor_ns (bucket + 1));
  g_autofree char *count = g_strdup_printf ("%'" G_GUINT64_FORMAT, self->counts[bucket]);
  /* Translators: two lengths of time, how many lie between them. */
  g_autofree char *text = g_strdup_printf (_ ("%s to %s: %s"), low, high, count);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
add_arrows (GtkWidgetClass *widget_class, guint key, int direction)
{
  gtk_widget_class_add_binding (widget_class, key, 0, arrow_cb, "(ib)", direction, FALSE);
  gtk_widget_class_add_binding (widget_class, key, GDK_SHIFT_MASK, arrow_cb, "(ib)", direction,
                                TRUE);
}

static void
lsc_histogram_view_class_init (LscHistogramViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  widget_class->snapshot = lsc_histogram_view_snapshot;
  widget_class->query_tooltip = lsc_histogram_view_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "histogram");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  add_arrows (widget_class, GDK_KEY_Left, -1);
  add_arrows (widget_class, GDK_KEY_Right, 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  signals[BRUSHED] = g_signal_new ("brushed", LSC_TYPE_HISTOGRAM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lsc_histogram_view_init (LscHistogramView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  self->end = BUCKETS_MIN;
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, HEIGHT);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
}

/* From the first to the last bucket with anything in it, and a few more when those are few. */
static void
choose_range (LscHistogramView *self)
{
  guint first = LSC_HISTOGRAM_BUCKETS;
  guint end = 0;
  for (guint i = 0; i < LSC_HISTOGRAM_BUCKETS; i++)
    if (self->counts[i] > 0)
      {
        first = MIN (first, i);
        end = i + 1;
      }
  if (end == 0)
    first = end = LSC_HISTOGRAM_BUCKETS / 4;
  while (end - first < BUCKETS_MIN)
    {
      first -= first > 0;
      end += end < LSC_HISTOGRAM_BUCKETS;
    }
  self->first = first;
  self->end = end;
}

void
lsc_histogram_view_set (LscHistogramView *self,
                        LscHistogramKind kind,
                        const LscHistogram *histogram)
{
  self->kind = kind;
  for (guint i = 0; i < LSC_HISTOGRAM_BUCKETS; i++)
    self->counts[i] = lsc_histogram_get_count (histogram, i);
  choose_range (self);
  self->anchor = CLAMP (self->anchor, self->first, self->end - 1);
  self->head = CLAMP (self->head, self->first, self->end - 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
lsc_histogram_view_get_brush (LscHistogramView *self, guint64 *out_low_ns, guint64 *out_high_ns)
{
  guint high = MAX (self->anchor, self->head);
  if (!self->has_brush)
    return FALSE;
  *out_low_ns = lsc_histogram_get_floor_ns (MIN (self->anchor, self->head));
  *out_high_ns =
      high + 1 < LSC_HISTOGRAM_BUCKETS ? lsc_histogram_get_floor_ns (high + 1) : G_MAXUINT64;
  return TRUE;
}

void
lsc_histogram_view_clear_brush (LscHistogramView *self)
{
  if (!self->has_brush)
    return;
  self->has_brush = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[BRUSHED], 0);
}

void
lsc_histogram_view_get_ends (LscHistogramView *self, guint64 *out_low_ns, guint64 *out_high_ns)
{
  *out_low_ns = lsc_histogram_get_floor_ns (self->first);
  *out_high_ns = lsc_histogram_get_floor_ns (MIN (self->end, LSC_HISTOGRAM_BUCKETS - 1));
}
