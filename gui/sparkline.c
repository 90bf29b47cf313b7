/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/sparkline.h"

#include <string.h>

#define WIDTH 160
#define HEIGHT 30
#define VALUES_MAX 64u

struct _LscSparkline
{
  GtkWidget parent_instance;
  float values[VALUES_MAX];
  guint n_values;
};

G_DEFINE_FINAL_TYPE (LscSparkline, lsc_sparkline, GTK_TYPE_WIDGET)

static float
full_height (const LscSparkline *self)
{
  float full = 100.0f;
  for (guint i = 0; i < self->n_values; i++)
    full = MAX (full, self->values[i]);
  return full;
}

static void
lsc_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LscSparkline *self = LSC_SPARKLINE (widget);
  GdkRGBA colour;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float step = width / (float) MAX (self->n_values, 1u);
  float full = full_height (self);
  for (guint i = 0; i < self->n_values; i++)
    {
      if (self->values[i] < 0)
        continue;
      float bar = MAX (1.0f, height * self->values[i] / full);
      graphene_rect_t box =
          GRAPHENE_RECT_INIT ((float) i * step, height - bar, MAX (1.0f, step - 1.0f), bar);
      gtk_snapshot_append_color (snapshot, &colour, &box);
    }
}

static void
lsc_sparkline_class_init (LscSparklineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  widget_class->snapshot = lsc_sparkline_snapshot;
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
lsc_sparkline_init (LscSparkline *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self), WIDTH, HEIGHT);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
lsc_sparkline_new (void)
{
  return g_object_new (LSC_TYPE_SPARKLINE, NULL);
}

void
lsc_sparkline_set_values (LscSparkline *self, const float *values, guint n_values)
{
  n_values = MIN (n_values, VALUES_MAX);
  if (n_values == self->n_values && memcmp (values, self->values, n_values * sizeof *values) == 0)
    return;
  memcpy (self->values, values, n_values * sizeof *values);
  self->n_values = n_values;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
