/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/places.h"

#include "lsc-config.h"

#include <glib/gi18n.h>

#define SCHEMA_FILE "data/gschemas.compiled"

char *
lsc_places_dup_build_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  if (program == NULL)
    return NULL;
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *build = g_path_get_dirname (folder);
  g_autofree char *schemas = g_build_filename (build, SCHEMA_FILE, NULL);
  if (!g_file_test (schemas, G_FILE_TEST_EXISTS))
    return NULL;
  return g_steal_pointer (&build);
}

char *
lsc_places_dup_lessons_dir (void)
{
  g_autofree char *build = lsc_places_dup_build_dir ();
  if (build != NULL)
    return g_build_filename (build, "data", "lessons", NULL);
  return g_build_filename (LSC_DATADIR, "lanescope", "lessons", NULL);
}

GSettings *
lsc_places_new_settings (GError **error)
{
  g_autofree char *build = lsc_places_dup_build_dir ();
  g_autoptr (GSettingsSchemaSource) source = NULL;
  if (build != NULL)
    {
      g_autofree char *folder = g_build_filename (build, "data", NULL);
      source = g_settings_schema_source_new_from_directory (
          folder, g_settings_schema_source_get_default (), FALSE, error);
      if (source == NULL)
        return NULL;
    }
  else if (g_settings_schema_source_get_default () != NULL)
    source = g_settings_schema_source_ref (g_settings_schema_source_get_default ());
  g_autoptr (GSettingsSchema) schema =
      source == NULL ? NULL : g_settings_schema_source_lookup (source, LSC_APP_ID, TRUE);
  if (schema == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("The settings schema %s is not installed. Install Lanescope again, or run it "
                      "from its build folder."),
                   LSC_APP_ID);
      return NULL;
    }
  return g_settings_new_full (schema, NULL, NULL);
}
