/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-row.h"

LscColumnRow
lsc_column_row_best (void)
{
  return lsc_column_row_plain;
}
