/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a person has set for single rows: hidden, pinned, collapsed. Part of LscRowList.
 */
#pragma once

#include "lib/trace/sparse-array.h"
#include "lib/trace/trace.h"

typedef enum
{
  LSC_ROW_PROCESS, /* the header of a process; collapsed, it stands for all its threads */
  LSC_ROW_THREAD,
  LSC_ROW_CPU,
  LSC_N_ROW_KINDS
} LscRowKind;

typedef enum
{
  LSC_ROW_HIDDEN = 1,
  LSC_ROW_PINNED = 2,
  LSC_ROW_COLLAPSED = 4, /* processes */
} LscRowFlag;

typedef struct _LscRowSettings LscRowSettings;

LscRowSettings *lsc_row_settings_new (void);
void lsc_row_settings_free (LscRowSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscRowSettings, lsc_row_settings_free)
void lsc_row_settings_reset (LscRowSettings *self);

/* Returns whether that is a change. */
bool lsc_row_settings_set (
    LscRowSettings *self, LscRowKind kind, uint32_t index, LscRowFlag flag, bool on);
bool
lsc_row_settings_get (const LscRowSettings *self, LscRowKind kind, uint32_t index, LscRowFlag flag);
/* Takes `flag` from every row; it is not LSC_ROW_PINNED. */
void lsc_row_settings_clear (LscRowSettings *self, LscRowFlag flag);

/* Nothing is set any more for threads and processes that the trace has forgotten. */
void lsc_row_settings_forget (LscRowSettings *self, const LscTrace *trace);
/* Drops the pages of an array, by index of a thread or a process, in which all are forgotten. */
void lsc_row_settings_forget_pages (LscSparseArray *array, const LscTrace *trace, LscRowKind kind);

/* The pinned rows of a kind (uint32_t), in the order they were pinned or moved to. Owned by
 * `self`. */
GArray *lsc_row_settings_get_pins (const LscRowSettings *self, LscRowKind kind);
