/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/side-layout.h"

struct _LscSideLayout
{
  GtkLayoutManager parent_instance;
  GtkWidget *content;
  GtkWidget *pane;
  gboolean wanted;
  gboolean shown;
  gboolean narrow; /* no room for both */
  int width;       /* as laid out last */
  int pane_width;  /* the least, when it was visible last */
  guint told;      /* "changed" is due */
};

G_DEFINE_FINAL_TYPE (LscSideLayout, lsc_side_layout, GTK_TYPE_LAYOUT_MANAGER)

static guint changed; /* the signal */

static void
tell (LscSideLayout *self)
{
  g_clear_handle_id (&self->told, g_source_remove);
  gtk_widget_set_visible (self->pane, self->shown);
  g_signal_emit (self, changed, 0);
}

static gboolean
tell_cb (gpointer data)
{
  LscSideLayout *self = data;
  self->told = 0;
  tell (self);
  return G_SOURCE_REMOVE;
}

static int
measure_pane (LscSideLayout *self)
{
  if (gtk_widget_get_visible (self->pane))
    gtk_widget_measure (self->pane, GTK_ORIENTATION_HORIZONTAL, -1, &self->pane_width, NULL, NULL,
                        NULL);
  return self->pane_width;
}

static void
measure (GtkLayoutManager *manager,
         GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  LscSideLayout *self = LSC_SIDE_LAYOUT (manager);
  int pane = 0;
  gtk_widget_measure (self->content, orientation, -1, minimum, natural, NULL, NULL);
  if (!self->shown)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      pane = measure_pane (self);
      *natural += pane;
    }
  else
    gtk_widget_measure (self->pane, orientation, -1, &pane, NULL, NULL, NULL);
  *minimum = MAX (*minimum, pane);
  *natural = MAX (*natural, *minimum);
}

/* The width decides; only a change of it moves what a person has asked for. */
static void
decide (LscSideLayout *self, int width)
{
  int content_width = 0;
  gboolean shown = self->shown;
  gtk_widget_measure (self->content, GTK_ORIENTATION_HORIZONTAL, -1, &content_width, NULL, NULL,
                      NULL);
  gboolean narrow = content_width + measure_pane (self) > width;
  if (narrow && !self->narrow && width < self->width)
    shown = FALSE;
  else if (!narrow && self->narrow)
    shown = self->wanted;
  self->narrow = narrow;
  self->width = width;
  if (shown != self->shown && self->told == 0)
    self->told = g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, self, NULL);
  self->shown = shown;
}

static void
allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  LscSideLayout *self = LSC_SIDE_LAYOUT (manager);
  decide (self, width);
  gboolean visible = self->shown && gtk_widget_get_visible (self->pane);
  int pane_width = visible ? MIN (self->pane_width, width) : 0;
  int content_width = self->narrow ? width : width - pane_width;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  gtk_widget_size_allocate (
      self->content,
      &(GtkAllocation){ mirrored ? width - content_width : 0, 0, content_width, height }, -1);
  gtk_widget_set_child_visible (self->pane, visible);
  if (visible)
    gtk_widget_size_allocate (
        self->pane, &(GtkAllocation){ mirrored ? 0 : width - pane_width, 0, pane_width, height },
        -1);
}

static void
lsc_side_layout_dispose (GObject *object)
{
  g_clear_handle_id (&LSC_SIDE_LAYOUT (object)->told, g_source_remove);
  G_OBJECT_CLASS (lsc_side_layout_parent_class)->dispose (object);
}

static void
lsc_side_layout_class_init (LscSideLayoutClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lsc_side_layout_dispose;
  GTK_LAYOUT_MANAGER_CLASS (class)->measure = measure;
  GTK_LAYOUT_MANAGER_CLASS (class)->allocate = allocate;
  changed = g_signal_new ("changed", LSC_TYPE_SIDE_LAYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                          G_TYPE_NONE, 0);
}

static void
lsc_side_layout_init (LscSideLayout *self)
{
  self->width = G_MAXINT;
}

GtkLayoutManager *
lsc_side_layout_new (GtkWidget *content, GtkWidget *pane)
{
  LscSideLayout *self = g_object_new (LSC_TYPE_SIDE_LAYOUT, NULL);
  self->content = content;
  self->pane = pane;
  return GTK_LAYOUT_MANAGER (self);
}

void
lsc_side_layout_want (LscSideLayout *self, gboolean wanted, gboolean now)
{
  self->wanted = wanted;
  if (!self->narrow || now)
    self->shown = wanted;
  tell (self);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

gboolean
lsc_side_layout_is_shown (LscSideLayout *self)
{
  return self->shown;
}
