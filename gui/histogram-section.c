/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/histogram-section.h"

#include "gui/facts-grid.h"
#include "gui/lanes-links.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define LISTED_MAX 100u

struct _LscHistogramSection
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkLabel *count_label;
  LscHistogramView *view;
  GtkLabel *low_label;
  GtkLabel *high_label;
  GtkBox *links;
  GtkWidget *list_box;
  GtkLabel *list_title;
  LscFactsGrid *list;

  LscHistogramKind kind;
  guint64 median_ns;
  guint64 p99_ns;
  LscHistogramItem longest;
};

G_DEFINE_FINAL_TYPE (LscHistogramSection, lsc_histogram_section, GTK_TYPE_WIDGET)

enum
{
  BRUSHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *
get_title (LscHistogramKind kind)
{
  switch (kind)
    {
    case LSC_HISTOGRAM_TIMESLICE:
      return _ ("On a CPU at a stretch");
    case LSC_HISTOGRAM_LATENCY:
      return _ ("From wakeup to running");
    case LSC_HISTOGRAM_OFF_CPU:
    case LSC_HISTOGRAM_N_KINDS:
    default:
      return _ ("Off the CPU");
    }
}

static void
brushed_cb (LscHistogramSection *self)
{
  g_signal_emit (self, signals[BRUSHED], 0);
}

static void
lsc_histogram_section_dispose (GObject *object)
{
  g_clear_pointer (&LSC_HISTOGRAM_SECTION (object)->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_histogram_section_parent_class)->dispose (object);
}

static void
lsc_histogram_section_class_init (LscHistogramSectionClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_histogram_section_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  signals[BRUSHED] = g_signal_new ("brushed", LSC_TYPE_HISTOGRAM_SECTION, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkLabel *
add_label (GtkWidget *box, const char *text, const char *css_class, gboolean end)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), end ? 1 : 0);
  gtk_widget_set_hexpand (label, !end);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_add_css_class (label, "numeric");
  if (end)
    gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static GtkWidget *
add_row (LscHistogramSection *self, int spacing)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, spacing);
  gtk_box_append (GTK_BOX (self->root), box);
  return box;
}

static void
lsc_histogram_section_init (LscHistogramSection *self)
{
  self->root = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_parent (self->root, GTK_WIDGET (self));
}

static void
build (LscHistogramSection *self)
{
  GtkWidget *head = add_row (self, 6);
  add_label (head, get_title (self->kind), "heading", FALSE);
  self->count_label = add_label (head, "", "caption", TRUE);
  self->view = g_object_new (LSC_TYPE_HISTOGRAM_VIEW, NULL);
  gtk_box_append (GTK_BOX (self->root), GTK_WIDGET (self->view));
  GtkWidget *axis = add_row (self, 6);
  gtk_widget_set_direction (axis, GTK_TEXT_DIR_LTR); /* as the bars stand */
  self->low_label = add_label (axis, "", "caption", FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->low_label), "dim-label");
  gtk_widget_set_direction (GTK_WIDGET (self->low_label), GTK_TEXT_DIR_LTR);
  self->high_label = add_label (axis, "", "caption", TRUE);
  self->links = GTK_BOX (add_row (self, 10));
  self->list_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  self->list_title = add_label (self->list_box, "", "caption-heading", FALSE);
  self->list = g_object_new (LSC_TYPE_FACTS_GRID, NULL);
  gtk_box_append (GTK_BOX (self->list_box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (self->root), self->list_box);
  gtk_widget_set_visible (self->list_box, FALSE);
  g_signal_connect_object (self->view, "brushed", G_CALLBACK (brushed_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
lsc_histogram_section_new (LscHistogramKind kind)
{
  LscHistogramSection *self = g_object_new (LSC_TYPE_HISTOGRAM_SECTION, NULL);
  self->kind = kind;
  build (self);
  return GTK_WIDGET (self);
}

static void
clear_links (LscHistogramSection *self)
{
  for (GtkWidget *child; (child = gtk_widget_get_first_child (GTK_WIDGET (self->links))) != NULL;)
    gtk_box_remove (self->links, child);
}

/* `item` NULL: where is not known yet. */
static void
add_link (LscHistogramSection *self, const char *name, guint64 ns, const LscHistogramItem *item)
{
  g_autofree char *length = lsc_duration_format (ns);
  g_autofree char *text = g_strdup_printf ("%s %s", name, length);
  GtkWidget *link = NULL;
  if (item == NULL)
    link = gtk_label_new (text);
  else
    {
      LscBar bar = { item->thread, item->number };
      link = lsc_lanes_links_new_bar (text, &bar);
    }
  gtk_widget_add_css_class (link, "caption");
  gtk_widget_add_css_class (link, "numeric");
  gtk_box_append (self->links, link);
}

void
lsc_histogram_section_set_places (LscHistogramSection *self,
                                  const LscHistogramItem *median,
                                  const LscHistogramItem *p99)
{
  clear_links (self);
  if (self->longest.ns == 0)
    return;
  add_link (self, _ ("median"), self->median_ns, median);
  add_link (self, _ ("p99"), self->p99_ns, p99);
  add_link (self, _ ("longest"), self->longest.ns, &self->longest);
}

static void
describe (LscHistogramSection *self, guint64 total)
{
  g_autofree char *median = lsc_duration_format (self->median_ns);
  g_autofree char *longest = lsc_duration_format (self->longest.ns);
  g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, total);
  /* Translators: how many, two lengths of time. */
  g_autofree char *text =
      g_strdup_printf (_ ("%s in all, median %s, longest %s"), count, median, longest);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_title (self->kind), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

void
lsc_histogram_section_set (LscHistogramSection *self, LscHistogram *histogram)
{
  guint64 total = lsc_histogram_get_total (histogram);
  guint64 low_ns = 0;
  guint64 high_ns = 0;
  self->longest = (LscHistogramItem){ 0 };
  lsc_histogram_get_longest (histogram, &self->longest);
  self->median_ns = lsc_histogram_get_percentile_ns (histogram, 50);
  self->p99_ns = lsc_histogram_get_percentile_ns (histogram, 99);
  lsc_histogram_view_set (self->view, self->kind, histogram);
  lsc_histogram_view_get_ends (self->view, &low_ns, &high_ns);
  g_autofree char *count = g_strdup_printf ("%'" G_GUINT64_FORMAT, total);
  g_autofree char *low = lsc_duration_format (low_ns);
  g_autofree char *high = lsc_duration_format (high_ns);
  gtk_label_set_text (self->count_label, count);
  gtk_label_set_text (self->low_label, low);
  gtk_label_set_text (self->high_label, high);
  describe (self, total);
  lsc_histogram_section_set_places (self, NULL, NULL);
}

gboolean
lsc_histogram_section_get_brush (LscHistogramSection *self, LscHistogramBrush *out_brush)
{
  *out_brush = (LscHistogramBrush){ .kind = self->kind, .max = LISTED_MAX };
  return lsc_histogram_view_get_brush (self->view, &out_brush->low_ns, &out_brush->high_ns);
}

static void
add_item (LscHistogramSection *self, const LscHistogramItem *item, const LscTrace *trace)
{
  guint64 start_ns = lsc_trace_get_start_ns (trace);
  LscBar bar = { item->thread, item->number };
  g_autofree char *name = lsc_sentence_name_thread (trace, item->thread);
  g_autofree char *length = lsc_duration_format (item->ns);
  g_autofree char *place =
      lsc_duration_format_place (item->start_ns - MIN (item->start_ns, start_ns));
  lsc_facts_grid_add_share (self->list, NULL, lsc_lanes_links_new_bar (name, &bar), place, length);
}

void
lsc_histogram_section_set_list (LscHistogramSection *self,
                                const LscHistogramList *list,
                                const LscTrace *trace)
{
  guint64 low_ns = 0;
  guint64 high_ns = 0;
  lsc_facts_grid_clear (self->list);
  gtk_widget_set_visible (self->list_box, list != NULL);
  if (list == NULL || !lsc_histogram_view_get_brush (self->view, &low_ns, &high_ns))
    return;
  guint64 total = lsc_histogram_list_get_total (list);
  guint n = lsc_histogram_list_get_n (list);
  g_autofree char *low = lsc_duration_format (low_ns);
  g_autofree char *high = lsc_duration_format (high_ns);
  g_autofree char *count = g_strdup_printf ("%'" G_GUINT64_FORMAT, total);
  g_autofree char *title =
      total > n
          /* Translators: how many are listed, of how many, two lengths of time. */
          ? g_strdup_printf (_ ("The longest %u of %s, %s to %s"), n, count, low, high)
          : g_strdup_printf (_ ("%u from %s to %s"), n, low, high);
  gtk_label_set_text (self->list_title, title);
  for (guint i = 0; i < n; i++)
    add_item (self, lsc_histogram_list_get (list, i), trace);
}
