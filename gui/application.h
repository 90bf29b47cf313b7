/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The application: actions and accelerators, style, and the first window.
 */
#pragma once

#include "gui/command-line.h"

#include <adwaita.h>

#define LSC_TYPE_APPLICATION (lsc_application_get_type ())
G_DECLARE_FINAL_TYPE (LscApplication, lsc_application, LSC, APPLICATION, AdwApplication)

/* `line`, what the first window shall do, must outlive the application. */
LscApplication *lsc_application_new (const LscCommandLine *line);
