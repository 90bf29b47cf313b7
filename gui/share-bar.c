/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/share-bar.h"

#include <adwaita.h>

#define SHARES_MAX 24u
#define BAR_HEIGHT 16
#define SWATCH_SIZE 12

struct _LscShareBar
{
  GtkWidget parent_instance;
  LscShare shares[SHARES_MAX];
  guint n_shares;
};

G_DEFINE_FINAL_TYPE (LscShareBar, lsc_share_bar, GTK_TYPE_WIDGET)

const LscPalette *
lsc_share_bar_get_palette (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  if (adw_style_manager_get_high_contrast (manager))
    return lsc_palette_get (LSC_THEME_HIGH_CONTRAST);
  return lsc_palette_get (adw_style_manager_get_dark (manager) ? LSC_THEME_DARK : LSC_THEME_LIGHT);
}

GdkRGBA
lsc_share_bar_get_colour (const LscShare *share)
{
  const LscPalette *palette = lsc_share_bar_get_palette ();
  LscColor colour = palette->reasons[share->reason].color;
  if (share->state == LSC_STATE_RUNNING)
    colour = palette->running;
  else if (share->state == LSC_STATE_RUNNABLE)
    colour = palette->runnable;
  else if (share->state == LSC_STATE_PREEMPTED)
    colour = palette->preempted;
  else if (share->state == LSC_STATE_UNKNOWN || share->state == LSC_STATE_ABSENT)
    colour = palette->hatch;
  return (GdkRGBA){ (float) (colour >> 16 & 0xff) / 255.0f, (float) (colour >> 8 & 0xff) / 255.0f,
                    (float) (colour & 0xff) / 255.0f, 1.0f };
}

static void
lsc_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LscShareBar *self = LSC_SHARE_BAR (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  GskRoundedRect box;
  double sum = 0;
  double before = 0;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  for (guint i = 0; i < self->n_shares; i++)
    sum += self->shares[i].amount;
  if (sum <= 0)
    return;
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (0, 0, width, height), 3);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  for (guint i = 0; i < self->n_shares; i++)
    {
      GdkRGBA colour = lsc_share_bar_get_colour (&self->shares[i]);
      float from = (float) (before / sum) * width;
      before += self->shares[i].amount;
      float to = (float) (before / sum) * width;
      gtk_snapshot_append_color (
          snapshot, &colour,
          &GRAPHENE_RECT_INIT (mirrored ? width - to : from, 0, to - from, height));
    }
  gtk_snapshot_pop (snapshot);
}

static void
lsc_share_bar_class_init (LscShareBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  widget_class->snapshot = lsc_share_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "sharebar");
  /* the rows below it say the same in words */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
lsc_share_bar_init (LscShareBar *self)
{
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, BAR_HEIGHT);
}

GtkWidget *
lsc_share_bar_new (void)
{
  return g_object_new (LSC_TYPE_SHARE_BAR, NULL);
}

GtkWidget *
lsc_share_bar_new_swatch (LscState state, LscReason reason)
{
  GtkWidget *self = lsc_share_bar_new ();
  LscShare share = { state, reason, 1 };
  lsc_share_bar_set (LSC_SHARE_BAR (self), &share, 1);
  gtk_widget_set_size_request (self, SWATCH_SIZE, SWATCH_SIZE);
  gtk_widget_set_valign (self, GTK_ALIGN_CENTER);
  return self;
}

void
lsc_share_bar_set (LscShareBar *self, const LscShare *shares, guint n_shares)
{
  self->n_shares = MIN (n_shares, SHARES_MAX);
  for (guint i = 0; i < self->n_shares; i++)
    self->shares[i] = shares[i];
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
