/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Turning the pages of a stack.
 */
#pragma once

#include <gtk/gtk.h>

/* Shows the page of that name and hides the others, so that assistive programs do not read out what
 * nobody sees. */
void lsc_pages_show (GtkStack *stack, const char *name);
/* Slides the child of `revealer` in, or takes it away, out of reach of assistive programs too. */
void lsc_pages_reveal (GtkRevealer *revealer, gboolean reveal);
