/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Totals as a table for a spreadsheet.
 */
#pragma once

#include "lib/explain/totals.h"

/* A line for each thread, with a line of names before them; RFC 4180, times in ns, the names of
 * `stats --json`. The caller's. */
char *lsc_totals_csv (const LscTotals *totals, const LscTrace *trace);
