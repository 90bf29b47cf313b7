/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of the contention table, of LscLockItem.
 */
#pragma once

#include <gtk/gtk.h>

/* Adds them; sorted by total wait, the longest first. */
void lsc_lock_columns_add (GtkColumnView *view);
