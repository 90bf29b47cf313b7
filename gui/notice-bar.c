/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/notice-bar.h"

#include "gui/pages.h"

struct _LscNoticeBar
{
  GtkWidget parent_instance;
  GtkWidget *root; /* a GtkRevealer */
  GtkLabel *label;
  GtkWidget *go_on_button;
  GtkWidget *working_box;
  GtkProgressBar *progress;
};

G_DEFINE_FINAL_TYPE (LscNoticeBar, lsc_notice_bar, GTK_TYPE_WIDGET)

static guint go_on, cancel; /* signals */

static void
go_on_cb (LscNoticeBar *self)
{
  g_signal_emit (self, go_on, 0);
}

static void
cancel_cb (LscNoticeBar *self)
{
  g_signal_emit (self, cancel, 0);
}

void
lsc_notice_bar_show (LscNoticeBar *self, const char *text, LscNoticeOffer offer)
{
  gtk_label_set_text (self->label, text);
  gtk_widget_set_visible (self->go_on_button, offer == LSC_NOTICE_GO_ON);
  gtk_widget_set_visible (self->working_box, offer == LSC_NOTICE_WORKING);
  lsc_pages_reveal (GTK_REVEALER (self->root), TRUE);
}

void
lsc_notice_bar_set_progress (LscNoticeBar *self, double done)
{
  gtk_progress_bar_set_fraction (self->progress, done);
}

void
lsc_notice_bar_close (LscNoticeBar *self)
{
  lsc_pages_reveal (GTK_REVEALER (self->root), FALSE);
}

static void
lsc_notice_bar_dispose (GObject *object)
{
  LscNoticeBar *self = LSC_NOTICE_BAR (object);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_notice_bar_parent_class)->dispose (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, LSC_TYPE_NOTICE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
lsc_notice_bar_class_init (LscNoticeBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_notice_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/notice-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LscNoticeBar, root);
  gtk_widget_class_bind_template_child (widget_class, LscNoticeBar, label);
  gtk_widget_class_bind_template_child (widget_class, LscNoticeBar, go_on_button);
  gtk_widget_class_bind_template_child (widget_class, LscNoticeBar, working_box);
  gtk_widget_class_bind_template_child (widget_class, LscNoticeBar, progress);
  gtk_widget_class_bind_template_callback (widget_class, go_on_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, lsc_notice_bar_close);
  go_on = add_signal ("go-on");
  cancel = add_signal ("cancel");
}

static void
lsc_notice_bar_init (LscNoticeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
