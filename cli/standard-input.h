/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Captures from a pipe. The readers look at a file more than once, so what comes in is kept in a
 * file without a name first.
 */
#pragma once

#include <gio/gio.h>

/* Copies standard input to the end; returns a path that leads to the copy as long as the program
 * lives. Owned by the caller. NULL with a sentence. */
char *lsc_standard_input_keep (GError **error);
