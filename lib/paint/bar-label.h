/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What stands in or over a bar.
 */
#pragma once

#include "lib/paint/paint-tools.h"
#include "lib/view/row-list.h"

/* The words for a span that stands alone, with its lock's address or its length where that says
 * more if `in_full`; NULL for none. They are in `buffer`, or live as long as the tools' words and
 * trace do. */
const char *lsc_bar_label (const LscPaintTools *tools,
                           const LscRow *row,
                           const LscShape *shape,
                           bool in_full,
                           char *buffer,
                           size_t size);
