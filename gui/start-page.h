/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first page: ways to begin, recent captures, and whether this machine can trace.
 */
#pragma once

#include <adwaita.h>

#define LSC_TYPE_START_PAGE (lsc_start_page_get_type ())
G_DECLARE_FINAL_TYPE (LscStartPage, lsc_start_page, LSC, START_PAGE, GtkWidget)

/* Puts the keyboard where a person would type first. */
void lsc_start_page_focus (LscStartPage *self);
/* A bar that leads back to the capture that runs meanwhile; NULL for none. */
void lsc_start_page_set_running (LscStartPage *self, const char *title);
/* Opens the main menu. */
void lsc_start_page_open_menu (LscStartPage *self);
/* Reads the list of recent captures anew. */
void lsc_start_page_refresh (LscStartPage *self);
