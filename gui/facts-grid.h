/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A grid of facts: what they are called at the left, what they are at the right, in words or as
 * links; filled anew each time. What was there and is of the same kind stays, with the keys and
 * whatever the pointer does with it, and says what is new.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_FACTS_GRID (lsc_facts_grid_get_type ())
G_DECLARE_FINAL_TYPE (LscFactsGrid, lsc_facts_grid, LSC, FACTS_GRID, GtkWidget)

/* Begins anew; what is not filled again goes before the next frame. */
void lsc_facts_grid_clear (LscFactsGrid *self);
/* `fact` is a widget; the grid takes it. */
void lsc_facts_grid_add (LscFactsGrid *self, const char *name, GtkWidget *fact);
void lsc_facts_grid_add_text (LscFactsGrid *self, const char *name, const char *text);
/* A legend's row: a swatch or NULL, its name, and numbers at the right edge. The grid takes both
 * widgets. */
void lsc_facts_grid_add_share (
    LscFactsGrid *self, GtkWidget *swatch, GtkWidget *name, const char *amount, const char *share);

/* What stands in place of a link: words, cut off where there is no room for them. */
GtkWidget *lsc_facts_grid_new_label (const char *text);
/* "28 %" of a whole; what is there at all is never 0 %. The caller's. */
char *lsc_facts_grid_format_share (double part, guint64 whole);
