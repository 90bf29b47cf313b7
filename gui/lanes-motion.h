/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Carries a viewport smoothly from where it is to where it shall be; at once where the desktop asks
 * for no motion.
 */
#pragma once

#include "lib/view/viewport.h"

#include <gtk/gtk.h>

typedef struct _LscMotion LscMotion;

/* Called for each step, the last one with the goal itself. */
typedef void (*LscMotionFunc) (const LscViewport *viewport, gpointer user_data);

LscMotion *lsc_motion_new (GtkWidget *widget, LscMotionFunc func, gpointer user_data);
void lsc_motion_free (LscMotion *self);

void lsc_motion_start (LscMotion *self, const LscViewport *from, const LscViewport *goal);
/* Stays where it is. */
void lsc_motion_stop (LscMotion *self);
/* Where it leads, or NULL when it rests. */
const LscViewport *lsc_motion_get_goal (const LscMotion *self);
