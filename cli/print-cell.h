/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tables on stdout. Widths count characters, not bytes: units and names are UTF-8.
 */
#pragma once

#include <stdint.h>

/* In `width` characters, at the right; at the left for a negative width. */
void lsc_print_cell (const char *text, int width);
/* A length of time at the right of a cell of 9 characters, after two spaces. */
void lsc_print_cell_duration (uint64_t ns);
