/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rows of the tab "Statistics": each fills a grid from an answer.
 */
#pragma once

#include "gui/facts-grid.h"
#include "gui/statistics-answer.h"

void lsc_statistics_rows_counts (LscFactsGrid *grid, const LscStatistics *statistics);
void lsc_statistics_rows_parallelism (LscFactsGrid *grid, const LscStatisticsAnswer *answer);
void lsc_statistics_rows_cpus (LscFactsGrid *grid, const LscStatisticsAnswer *answer);
void lsc_statistics_rows_preemptors (LscFactsGrid *grid, const LscStatisticsAnswer *answer);
void lsc_statistics_rows_off_cpu (LscFactsGrid *grid, const LscStatisticsAnswer *answer);
