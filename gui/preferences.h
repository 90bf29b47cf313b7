/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The preferences window: theme, words, memory, children.
 */
#pragma once

#include <adwaita.h>

#define LSC_TYPE_PREFERENCES (lsc_preferences_get_type ())
G_DECLARE_FINAL_TYPE (LscPreferences, lsc_preferences, LSC, PREFERENCES, AdwPreferencesWindow)

GtkWidget *lsc_preferences_new (void);
