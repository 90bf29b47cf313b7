/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The machine's processes as a GListModel of LscProcessItem. Rows keep their place: a reading
 * changes items where they stand, appends new ones and takes out those that ended.
 */
#pragma once

#include "gui/process-item.h"

#define LSC_TYPE_PROCESS_LIST (lsc_process_list_get_type ())
G_DECLARE_FINAL_TYPE (LscProcessList, lsc_process_list, LSC, PROCESS_LIST, GObject)

/* "updated" is emitted after each reading. */
LscProcessList *lsc_process_list_new (void);

/* Reads while active. */
void lsc_process_list_set_active (LscProcessList *self, gboolean active);

/* While held, rows of processes that ended stay (marked as ended), so nothing moves under the
 * pointer. */
void lsc_process_list_set_held (LscProcessList *self, gboolean held);

/* Whether the threads of that process are read too. */
void lsc_process_list_set_expanded (LscProcessList *self, LscProcessItem *item, gboolean expanded);

/* Latches the values sorting goes by, of every item. */
void lsc_process_list_settle (LscProcessList *self);
