/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-links.h"

#include "gui/tooltip.h"

#include <glib/gi18n.h>

#define NAME_CHARS 6

static void
go_to_bar_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  LscBar bar;
  g_variant_get (target, "(ut)", &bar.thread, &bar.number);
  lsc_lanes_view_go_to_bar (data, &bar);
}

static void
go_to_thread_at_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  guint32 thread = 0;
  guint64 time_ns = 0;
  g_variant_get (target, "(ut)", &thread, &time_ns);
  lsc_lanes_view_go_to_thread_at (data, thread, time_ns);
}

static void
go_to_range_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  LscTimeRange range;
  guint32 thread = 0;
  g_variant_get (target, "(utt)", &thread, &range.from_ns, &range.to_ns);
  lsc_lanes_view_go_to_range (data, thread, &range);
}

static const GActionEntry entries[] = {
  { .name = "go-to-bar", .parameter_type = "(ut)", .activate = go_to_bar_cb },
  { .name = "go-to-thread-at", .parameter_type = "(ut)", .activate = go_to_thread_at_cb },
  { .name = "go-to-range", .parameter_type = "(utt)", .activate = go_to_range_cb },
};

void
lsc_lanes_links_install (GActionMap *actions, LscLanesView *view)
{
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), view);
}

static GtkWidget *
new_link (const char *text, const char *action, GVariant *target)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  /* where text is large, of a name more has to be left than its dots */
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (text, -1), NAME_CHARS));
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_focus_on_click (button, FALSE); /* the lanes keep the keys */
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "lane-link");
  gtk_widget_set_cursor_from_name (button, "pointer");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  return button;
}

GtkWidget *
lsc_lanes_links_new_bar (const char *text, const LscBar *bar)
{
  return new_link (text, "lanes.go-to-bar", g_variant_new ("(ut)", bar->thread, bar->number));
}

GtkWidget *
lsc_lanes_links_new_thread_at (const char *text, guint32 thread, guint64 time_ns)
{
  return new_link (text, "lanes.go-to-thread-at", g_variant_new ("(ut)", thread, time_ns));
}

GtkWidget *
lsc_lanes_links_new_thread_range (const char *text, guint32 thread, const LscTimeRange *range)
{
  return new_link (text, "lanes.go-to-range",
                   g_variant_new ("(utt)", thread, range->from_ns, range->to_ns));
}

GtkWidget *
lsc_lanes_links_new_state (const char *text, LscState state, LscReason reason)
{
  GtkWidget *link =
      new_link (text, "lanes.longest", g_variant_new ("(uu)", (guint32) state, (guint32) reason));
  gtk_widget_add_css_class (link, "plain");
  lsc_tooltip_set (link, _ ("The longest stretches of it in view"));
  return link;
}
