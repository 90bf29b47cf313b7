/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A histogram with its words: what it counts, its ends, median, 99th percentile and longest as
 * links to where they were, and the list of what is brushed.
 *
 * Signal "brushed": other lengths are chosen, or none.
 */
#pragma once

#include "gui/histogram-view.h"

#define LSC_TYPE_HISTOGRAM_SECTION (lsc_histogram_section_get_type ())
G_DECLARE_FINAL_TYPE (LscHistogramSection, lsc_histogram_section, LSC, HISTOGRAM_SECTION, GtkWidget)

GtkWidget *lsc_histogram_section_new (LscHistogramKind kind);
/* Shows other counts; links follow with set_places(). */
void lsc_histogram_section_set (LscHistogramSection *self, LscHistogram *histogram);
/* Where one that is as long as the median, and the 99th percentile, was. */
void lsc_histogram_section_set_places (LscHistogramSection *self,
                                       const LscHistogramItem *median,
                                       const LscHistogramItem *p99);
/* FALSE when nothing is brushed. */
gboolean lsc_histogram_section_get_brush (LscHistogramSection *self, LscHistogramBrush *out_brush);
/* What is brushed; NULL: nothing. Names come from `trace`. */
void lsc_histogram_section_set_list (LscHistogramSection *self,
                                     const LscHistogramList *list,
                                     const LscTrace *trace);
