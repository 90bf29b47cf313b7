/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Many streams in time order made into one: a heap of who comes next.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct
{
  uint64_t time_ns;
  uint32_t stream;
} LscImportNext;

typedef struct
{
  GArray *heap; /* LscImportNext, the earliest first */
} LscImportMerge;

void lsc_import_merge_init (LscImportMerge *self);
void lsc_import_merge_clear (LscImportMerge *self);

/* Stream `stream` has something at `time_ns`; each stream stands in the heap once at most. */
void lsc_import_merge_add (LscImportMerge *self, uint64_t time_ns, uint32_t stream);

/* The earliest, or NULL when there is none. */
const LscImportNext *lsc_import_merge_get_first (const LscImportMerge *self);

/* Until when the earliest stream stays the earliest: the time of the second. */
uint64_t lsc_import_merge_get_limit (const LscImportMerge *self);

/* The earliest stream goes on at `time_ns`, or has come to its end. */
void lsc_import_merge_move_first (LscImportMerge *self, uint64_t time_ns);
void lsc_import_merge_drop_first (LscImportMerge *self);
