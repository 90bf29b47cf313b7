/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/pattern-card.h"

#include "gui/facts-grid.h"

#include <glib/gi18n.h>

struct _LscPatternCard
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkLabel *kind;
  GtkLabel *title;
  GtkLabel *evidence;
  GtkLabel *doubt;
  GtkLabel *share;
  GtkActionable *show;
};

G_DEFINE_FINAL_TYPE (LscPatternCard, lsc_pattern_card, GTK_TYPE_WIDGET)

static void
lsc_pattern_card_dispose (GObject *object)
{
  g_clear_pointer (&LSC_PATTERN_CARD (object)->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_pattern_card_parent_class)->dispose (object);
}

static void
lsc_pattern_card_class_init (LscPatternCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_pattern_card_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/pattern-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LscPatternCard, root);
  gtk_widget_class_bind_template_child (widget_class, LscPatternCard, kind);
  gtk_widget_class_bind_template_child (widget_class, LscPatternCard, title);
  gtk_widget_class_bind_template_child (widget_class, LscPatternCard, evidence);
  gtk_widget_class_bind_template_child (widget_class, LscPatternCard, doubt);
  gtk_widget_class_bind_template_child (widget_class, LscPatternCard, share);
  gtk_widget_class_bind_template_child (widget_class, LscPatternCard, show);
}

static void
lsc_pattern_card_init (LscPatternCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
tell (LscPatternCard *self, const LscPattern *pattern)
{
  gboolean clear = pattern->certainty == LSC_CERTAINTY_CLEAR;
  g_autofree char *share = lsc_facts_grid_format_share (pattern->share * 1000, 1000);
  g_autofree char *text =
      /* Translators: a share of the time, "28 %". */
      g_strdup_printf (clear ? _ ("clear, %s of the time") : _ ("probable, %s of the time"), share);
  gtk_label_set_text (self->kind, lsc_pattern_kind_name (pattern->kind));
  gtk_label_set_text (self->title, pattern->title);
  gtk_label_set_text (self->evidence, pattern->evidence);
  gtk_label_set_text (self->doubt, pattern->doubt);
  gtk_label_set_text (self->share, text);
  gtk_actionable_set_action_target (self->show, "(utt)", pattern->at_thread, pattern->at_ns,
                                    pattern->until_ns);
  gtk_actionable_set_action_name (self->show, "lanes.go-to-range");
  if (clear)
    gtk_widget_add_css_class (self->root, "clear");
  else
    gtk_widget_remove_css_class (self->root, "clear");
}

void
lsc_pattern_card_fill (GtkBox *cards, const GPtrArray *patterns)
{
  GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (cards));
  for (guint i = 0; i < patterns->len; i++)
    {
      if (card == NULL)
        gtk_box_append (cards, card = g_object_new (LSC_TYPE_PATTERN_CARD, NULL));
      tell (LSC_PATTERN_CARD (card), g_ptr_array_index (patterns, i));
      card = gtk_widget_get_next_sibling (card);
    }
  while (card != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (card);
      gtk_box_remove (cards, card);
      card = next;
    }
}

static gpointer
join_cb (LscSurvey *survey, gpointer owner)
{
  return lsc_pattern_scan_new (survey);
}

static void
free_cb (gpointer scan)
{
  lsc_pattern_scan_free (scan);
}

const LscRangeSearchKind lsc_pattern_card_search = { join_cb, free_cb };
