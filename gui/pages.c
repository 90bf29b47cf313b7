/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/pages.h"

void
lsc_pages_show (GtkStack *stack, const char *name)
{
  GtkWidget *page = gtk_stack_get_child_by_name (stack, name);
  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (stack, page);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, child == page);
}

void
lsc_pages_reveal (GtkRevealer *revealer, gboolean reveal)
{
  gtk_widget_set_visible (gtk_revealer_get_child (revealer), reveal);
  gtk_revealer_set_reveal_child (revealer, reveal);
}
