/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A lock of the contention table, as lists have it: a copy of its numbers, with its words.
 *
 * Signals: "changed" (its numbers, not which lock it is).
 */
#pragma once

#include "lib/explain/lock-table.h"

#include <gtk/gtk.h>

#define LSC_TYPE_LOCK_ITEM (lsc_lock_item_get_type ())
G_DECLARE_FINAL_TYPE (LscLockItem, lsc_lock_item, LSC, LOCK_ITEM, GObject)

LscLockItem *lsc_lock_item_new (const LscLock *lock, const LscTrace *trace);
/* Its numbers now; it is the same lock. */
void lsc_lock_item_update (LscLockItem *self, const LscLock *lock, const LscTrace *trace);
/* Its numbers; `users` is NULL in them. */
const LscLock *lsc_lock_item_get_lock (LscLockItem *self);
/* "0x...0e0", and with its process: "fib-mutex, 0x56490f8e80e0". */
const char *lsc_lock_item_get_name (LscLockItem *self);
const char *lsc_lock_item_get_full_name (LscLockItem *self);
/* Who released it most: "worker-1, worker-2 and 2 more". */
const char *lsc_lock_item_get_holders (LscLockItem *self);
gboolean lsc_lock_item_is_same (LscLockItem *self, const LscLock *lock);
