/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The narrative of one thread as a list model: a GListModel of LscNarrativeLine that knows where
 * each line is, and makes objects and sentences only for lines that are looked at.
 *
 * Lines are found a piece at a time while nothing else is to be done, so the list may grow for a
 * moment after another thread is set.
 */
#pragma once

#include "lib/explain/words.h"
#include "lib/trace/trace.h"

#include <gio/gio.h>

/* One line: the span it is about. */
#define LSC_TYPE_NARRATIVE_LINE (lsc_narrative_line_get_type ())
G_DECLARE_FINAL_TYPE (LscNarrativeLine, lsc_narrative_line, LSC, NARRATIVE_LINE, GObject)
guint64 lsc_narrative_line_get_number (LscNarrativeLine *self);

#define LSC_TYPE_NARRATIVE_MODEL (lsc_narrative_model_get_type ())
G_DECLARE_FINAL_TYPE (LscNarrativeModel, lsc_narrative_model, LSC, NARRATIVE_MODEL, GObject)

LscNarrativeModel *lsc_narrative_model_new (void);
/* Lists another thread; `trace` NULL: nothing. `trace` must stay until something else is set. */
void
lsc_narrative_model_set_thread (LscNarrativeModel *self, const LscTrace *trace, guint32 thread);
/* The trace has grown, or forgotten its oldest events. */
void lsc_narrative_model_update (LscNarrativeModel *self);
/* Whether all lines have been found. */
gboolean lsc_narrative_model_is_complete (LscNarrativeModel *self);
/* The position of the line that tells span `number`. FALSE when it was not found (yet). */
gboolean lsc_narrative_model_find (LscNarrativeModel *self, guint64 number, guint *out_position);
