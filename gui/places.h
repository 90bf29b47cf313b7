/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the program's own data are: beside it in the build folder, or where it was installed.
 */
#pragma once

#include <gio/gio.h>

/* The build folder this program runs from, or NULL when it is installed. Free with g_free(). */
char *lsc_places_dup_build_dir (void);

/* The folder with the lessons' programs and their index, lessons.ini. Free with g_free(). */
char *lsc_places_dup_lessons_dir (void);

/* The settings of the window: from the installed schema, or the one compiled in the build folder.
 * NULL and a sentence when there is neither. */
GSettings *lsc_places_new_settings (GError **error);
