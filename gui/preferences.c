/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/preferences.h"

#include "gui/places.h"

struct _LscPreferences
{
  AdwPreferencesWindow parent_instance;
  AdwComboRow *theme_row;
  AdwComboRow *words_row;
  GtkSpinButton *memory_spin;
  GtkSwitch *children_switch;
  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (LscPreferences, lsc_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static const char *const themes[] = { "system", "light", "dark" };

static gboolean
theme_to_row (GValue *value, GVariant *variant, gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (themes); i++)
    if (g_str_equal (themes[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
row_to_theme (const GValue *value, const GVariantType *type, gpointer data)
{
  guint row = g_value_get_uint (value);
  return g_variant_new_string (themes[MIN (row, G_N_ELEMENTS (themes) - 1)]);
}

static gboolean
words_to_row (GValue *value, GVariant *variant, gpointer data)
{
  g_value_set_uint (value, g_variant_get_boolean (variant) ? 1 : 0);
  return TRUE;
}

static GVariant *
row_to_words (const GValue *value, const GVariantType *type, gpointer data)
{
  return g_variant_new_boolean (g_value_get_uint (value) == 1);
}

static gboolean
memory_to_spin (GValue *value, GVariant *variant, gpointer data)
{
  g_value_set_double (value, g_variant_get_uint32 (variant));
  return TRUE;
}

static GVariant *
spin_to_memory (const GValue *value, const GVariantType *type, gpointer data)
{
  return g_variant_new_uint32 ((guint32) g_value_get_double (value));
}

static void
lsc_preferences_finalize (GObject *object)
{
  g_clear_object (&LSC_PREFERENCES (object)->settings);
  G_OBJECT_CLASS (lsc_preferences_parent_class)->finalize (object);
}

static void
lsc_preferences_class_init (LscPreferencesClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = lsc_preferences_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, LscPreferences, theme_row);
  gtk_widget_class_bind_template_child (widget_class, LscPreferences, words_row);
  gtk_widget_class_bind_template_child (widget_class, LscPreferences, memory_spin);
  gtk_widget_class_bind_template_child (widget_class, LscPreferences, children_switch);
}

static void
lsc_preferences_init (LscPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = lsc_places_new_settings (NULL);
  g_settings_bind_with_mapping (self->settings, "theme", self->theme_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, theme_to_row, row_to_theme, NULL, NULL);
  g_settings_bind_with_mapping (self->settings, "kernel-words", self->words_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, words_to_row, row_to_words, NULL, NULL);
  g_settings_bind_with_mapping (self->settings, "memory-limit", self->memory_spin, "value",
                                G_SETTINGS_BIND_DEFAULT, memory_to_spin, spin_to_memory, NULL,
                                NULL);
  g_settings_bind (self->settings, "follow-children", self->children_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

GtkWidget *
lsc_preferences_new (void)
{
  return g_object_new (LSC_TYPE_PREFERENCES, NULL);
}
