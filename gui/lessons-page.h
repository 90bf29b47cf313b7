/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The page with the lessons: small programs that show one thing each. A lesson runs traced from its
 * first instruction.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_LESSONS_PAGE (lsc_lessons_page_get_type ())
G_DECLARE_FINAL_TYPE (LscLessonsPage, lsc_lessons_page, LSC, LESSONS_PAGE, GtkWidget)
