/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/application.h"

#include "lsc-config.h"

#include <glib/gi18n.h>
#include <locale.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define IMAGE_MAX (32 * 1024 * 1024) /* bytes: the C library allows no more */

/* For each frame GTK asks for images as large as the window, and lets go of them. Given back to
 * the system, their pages have to be cleared for the next frame: 2 ms. */
static void
keep_memory_of_frames (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, IMAGE_MAX);
  mallopt (M_TRIM_THRESHOLD, 2 * IMAGE_MAX);
#endif
}

static int
run (LscCommandLine *line)
{
  g_autoptr (LscApplication) application = lsc_application_new (line);
  char *arguments[] = { (char *) "lanescope", NULL };
  return g_application_run (G_APPLICATION (application), 1, arguments);
}

int
main (int argc, char **argv)
{
  keep_memory_of_frames ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LSC_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (GError) error = NULL;
  LscCommandLine line = { 0 };
  if (!lsc_command_line_parse ((const char *const *) argv + 1, &line, &error))
    {
      g_printerr ("lanescope: %s\n", error->message);
      return 2;
    }
  int status = 0;
  if (line.show_help)
    {
      g_autofree char *help = lsc_command_line_dup_help ();
      g_print ("%s", help);
    }
  else if (line.show_version)
    g_print ("lanescope %s\n", LSC_VERSION);
  else
    status = run (&line);
  lsc_command_line_clear (&line);
  return status;
}
