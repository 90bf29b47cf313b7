/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The page that runs a program and traces it from its first instruction.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_RUN_PROGRAM (lsc_run_program_get_type ())
G_DECLARE_FINAL_TYPE (LscRunProgram, lsc_run_program, LSC, RUN_PROGRAM, GtkWidget)
