/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of the process list: what a cell shows and how a column sorts.
 */
#pragma once

#include "gui/process-list.h"

#include <gtk/gtk.h>

/* Adds the columns to `view`, whose rows are GtkTreeListRow of LscProcessItem. Opening a row asks
 * `list` for the threads. */
void lsc_process_columns_add (GtkColumnView *view, LscProcessList *list);

/* Sorts by the column of that name ("name", "pid", "user", "threads", "cpu"). */
void lsc_process_columns_sort (GtkColumnView *view, const char *column, gboolean descending);
