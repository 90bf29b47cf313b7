/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/tooltip.h"

#define TEXT "lsc-tooltip"

static gboolean
query_cb (
    GtkWidget *widget, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip, gpointer data)
{
  const char *text = lsc_tooltip_get (widget);
  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

void
lsc_tooltip_set (GtkWidget *widget, const char *text)
{
  if (g_strcmp0 (text, lsc_tooltip_get (widget)) == 0)
    return;
  if (!gtk_widget_get_has_tooltip (widget))
    {
      gtk_widget_set_has_tooltip (widget, TRUE);
      g_signal_connect (widget, "query-tooltip", G_CALLBACK (query_cb), NULL);
    }
  g_object_set_data_full (G_OBJECT (widget), TEXT, g_strdup (text), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

const char *
lsc_tooltip_get (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), TEXT);
}
