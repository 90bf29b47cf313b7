/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/story-line.h"

#include <string.h>

#define WIDTH_MIN 120

struct _LscStoryLine
{
  GtkWidget parent_instance;
  char *text;
  guint n_small;       /* bytes of it that say when */
  PangoLayout *layout; /* of the text, for the width that was asked for last; NULL: to be made */
};

G_DEFINE_FINAL_TYPE (LscStoryLine, lsc_story_line, GTK_TYPE_WIDGET)

/* Small, dim, and of digits of one width. */
static PangoAttrList *
new_attributes (guint n)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  PangoAttribute *small[] = { pango_attr_scale_new (PANGO_SCALE_SMALL),
                              pango_attr_foreground_alpha_new (36000),
                              pango_attr_font_features_new ("tnum") };
  for (guint i = 0; i < G_N_ELEMENTS (small); i++)
    {
      small[i]->end_index = n;
      pango_attr_list_insert (attributes, small[i]);
    }
  return attributes;
}

static PangoLayout *
get_layout (LscStoryLine *self, int width)
{
  if (self->layout == NULL)
    {
      g_autoptr (PangoAttrList) attributes = new_attributes (self->n_small);
      self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
      pango_layout_set_attributes (self->layout, attributes);
      pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
    }
  pango_layout_set_width (self->layout, width * PANGO_SCALE);
  return self->layout;
}

static void
lsc_story_line_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = WIDTH_MIN;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    pango_layout_get_pixel_size (get_layout (LSC_STORY_LINE (widget), MAX (for_size, WIDTH_MIN)),
                                 NULL, minimum);
  *natural = *minimum;
}

static GtkSizeRequestMode
lsc_story_line_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lsc_story_line_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), 0, 0,
                              get_layout (LSC_STORY_LINE (widget), gtk_widget_get_width (widget)));
}

static void
lsc_story_line_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (lsc_story_line_parent_class)->css_changed (widget, change);
  g_clear_object (&LSC_STORY_LINE (widget)->layout);
}

static void
lsc_story_line_direction_changed (GtkWidget *widget, GtkTextDirection before)
{
  g_clear_object (&LSC_STORY_LINE (widget)->layout);
  GTK_WIDGET_CLASS (lsc_story_line_parent_class)->direction_changed (widget, before);
}

static void
lsc_story_line_finalize (GObject *object)
{
  LscStoryLine *self = LSC_STORY_LINE (object);
  g_clear_object (&self->layout);
  g_free (self->text);
  G_OBJECT_CLASS (lsc_story_line_parent_class)->finalize (object);
}

static void
lsc_story_line_class_init (LscStoryLineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = lsc_story_line_finalize;
  widget_class->measure = lsc_story_line_measure;
  widget_class->get_request_mode = lsc_story_line_get_request_mode;
  widget_class->snapshot = lsc_story_line_snapshot;
  widget_class->css_changed = lsc_story_line_css_changed;
  widget_class->direction_changed = lsc_story_line_direction_changed;
  gtk_widget_class_set_css_name (widget_class, "storyline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
lsc_story_line_init (LscStoryLine *self)
{
  self->text = g_strdup ("");
}

GtkWidget *
lsc_story_line_new (void)
{
  return g_object_new (LSC_TYPE_STORY_LINE, NULL);
}

void
lsc_story_line_set (LscStoryLine *self, const char *when, const char *what)
{
  g_free (self->text);
  self->text = g_strdup_printf ("%s\n%s", when, what);
  self->n_small = (guint) strlen (when);
  g_clear_object (&self->layout);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
