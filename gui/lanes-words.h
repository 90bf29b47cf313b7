/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words the lanes are painted with, translated.
 */
#pragma once

#include "lib/explain/words.h"
#include "lib/paint/paint-words.h"

/* Room for the label of one bar. */
typedef struct
{
  char text[64];
  LscWords words;
} LscLanesLabel;

/* Fills in every word; the strings are static, but for the labels of bars, which are written to
 * `label`: it must live as long as the words. */
void lsc_lanes_words_fill (LscPaintWords *out_words, LscWords words, LscLanesLabel *label);
