/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One pattern that was found: its name, the evidence, the doubt, and the way to the place.
 */
#pragma once

#include "gui/range-search.h"
#include "lib/explain/pattern.h"

#define LSC_TYPE_PATTERN_CARD (lsc_pattern_card_get_type ())
G_DECLARE_FINAL_TYPE (LscPatternCard, lsc_pattern_card, LSC, PATTERN_CARD, GtkWidget)

/* A search whose finding is an LscPatternScan. */
extern const LscRangeSearchKind lsc_pattern_card_search;

/* A card for each of `patterns` (const LscPattern *) in `cards`, which holds nothing else. Cards
 * that are there tell the new ones, so whoever has the keys keeps them. */
void lsc_pattern_card_fill (GtkBox *cards, const GPtrArray *patterns);
