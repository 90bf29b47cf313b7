/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/text-zoom.h"

#include "gui/text-scale.h"

#include <math.h>

struct _LscTextZoom
{
  GtkWidget parent_instance;
  GtkWidget *child;
};

G_DEFINE_FINAL_TYPE (LscTextZoom, lsc_text_zoom, GTK_TYPE_WIDGET)

enum
{
  PROP_CHILD = 1
};

static void
lsc_text_zoom_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  LscTextZoom *self = LSC_TEXT_ZOOM (widget);
  double scale = lsc_text_scale_get ();
  int for_child = for_size < 0 ? -1 : (int) (for_size / scale);
  gtk_widget_measure (self->child, orientation, for_child, minimum, natural, NULL, NULL);
  *minimum = (int) ceil (*minimum * scale);
  *natural = (int) ceil (*natural * scale);
}

static void
lsc_text_zoom_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LscTextZoom *self = LSC_TEXT_ZOOM (widget);
  float scale = (float) lsc_text_scale_get ();
  GskTransform *transform = scale > 1 ? gsk_transform_scale (NULL, scale, scale) : NULL;
  gtk_widget_set_overflow (widget, scale > 1 ? GTK_OVERFLOW_HIDDEN : GTK_OVERFLOW_VISIBLE);
  /* A part of a unit more than fits: nothing is left open at the far edges. */
  gtk_widget_allocate (self->child, (int) ceilf ((float) width / scale),
                       (int) ceilf ((float) height / scale), -1, transform);
}

static void
lsc_text_zoom_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  LscTextZoom *self = LSC_TEXT_ZOOM (object);
  self->child = g_value_get_object (value);
  gtk_widget_set_parent (self->child, GTK_WIDGET (self));
}

static void
lsc_text_zoom_dispose (GObject *object)
{
  g_clear_pointer (&LSC_TEXT_ZOOM (object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_text_zoom_parent_class)->dispose (object);
}

static void
lsc_text_zoom_class_init (LscTextZoomClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->set_property = lsc_text_zoom_set_property;
  object_class->dispose = lsc_text_zoom_dispose;
  widget_class->measure = lsc_text_zoom_measure;
  widget_class->size_allocate = lsc_text_zoom_size_allocate;
  g_object_class_install_property (object_class, PROP_CHILD,
                                   g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
}

static void
lsc_text_zoom_init (LscTextZoom *self)
{
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi",
                           G_CALLBACK (gtk_widget_queue_resize), self, G_CONNECT_SWAPPED);
}

double
lsc_text_zoom_get_sharpness (GtkWidget *child)
{
  int scale = gtk_widget_get_scale_factor (child);
  return LSC_IS_TEXT_ZOOM (gtk_widget_get_parent (child)) ? scale * lsc_text_scale_get () : scale;
}
