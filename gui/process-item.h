/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One row of the process list: a process, or a thread of one. "changed" is emitted when what is
 * shown of it changed.
 */
#pragma once

#include "gui/process-reader.h"

#include <gio/gio.h>

#define LSC_PROCESS_HISTORY 20 /* samples, 10 s */

#define LSC_TYPE_PROCESS_ITEM (lsc_process_item_get_type ())
G_DECLARE_FINAL_TYPE (LscProcessItem, lsc_process_item, LSC, PROCESS_ITEM, GObject)

LscProcessItem *lsc_process_item_new (const LscProcessRow *row, gboolean is_thread);

/* Takes over a newer reading of the same process; `seconds` lie between the two. */
void lsc_process_item_update (LscProcessItem *self,
                              const LscProcessRow *row,
                              double ticks,
                              double seconds);
/* It has ended, but its row stays for a moment. */
void lsc_process_item_set_ended (LscProcessItem *self);
/* The CPU share that sorting uses becomes the present one, so rows move only when this is called.
 */
void lsc_process_item_settle (LscProcessItem *self);
void lsc_process_item_set_icon (LscProcessItem *self, GIcon *icon);

const LscProcessRow *lsc_process_item_get_row (LscProcessItem *self);
gboolean lsc_process_item_is_thread (LscProcessItem *self);
gboolean lsc_process_item_is_mine (LscProcessItem *self);
gboolean lsc_process_item_has_ended (LscProcessItem *self);
/* Of one CPU, in percent, over the last second. */
double lsc_process_item_get_cpu (LscProcessItem *self);
double lsc_process_item_get_settled_cpu (LscProcessItem *self);
/* Percent of one CPU, oldest first, LSC_PROCESS_HISTORY of them; negative where nothing is known.
 */
const float *lsc_process_item_get_history (LscProcessItem *self);
GIcon *lsc_process_item_get_icon (LscProcessItem *self);
/* The threads that were read of it: LscProcessItem. Empty until they are asked for. */
GListStore *lsc_process_item_get_threads (LscProcessItem *self);
/* Whether `needle` (casefolded) is in its name, command line, user or pid. */
gboolean lsc_process_item_matches (LscProcessItem *self, const char *needle);
