/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A histogram to look at and to brush: dragging over bars, or the arrow keys (with Shift: more than
 * one), choose lengths; Escape or a click on nothing lets go.
 *
 * Signal "brushed": other lengths are chosen, or none.
 */
#pragma once

#include "lib/explain/histogram.h"

#include <gtk/gtk.h>

#define LSC_TYPE_HISTOGRAM_VIEW (lsc_histogram_view_get_type ())
G_DECLARE_FINAL_TYPE (LscHistogramView, lsc_histogram_view, LSC, HISTOGRAM_VIEW, GtkWidget)

/* Copies the counts; the colour follows the kind. What was brushed stays brushed. */
void lsc_histogram_view_set (LscHistogramView *self,
                             LscHistogramKind kind,
                             const LscHistogram *histogram);
/* The chosen lengths, [low_ns, high_ns); FALSE when none are. */
gboolean
lsc_histogram_view_get_brush (LscHistogramView *self, guint64 *out_low_ns, guint64 *out_high_ns);
void lsc_histogram_view_clear_brush (LscHistogramView *self);
/* The shortest and the longest length there is a bar for. */
void
lsc_histogram_view_get_ends (LscHistogramView *self, guint64 *out_low_ns, guint64 *out_high_ns);
