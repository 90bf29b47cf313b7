/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory for arrays that may become large. Those get pages of their own: they grow without being
 * copied, what they let go of goes back to the system, and they leave no holes in the heap, where
 * whatever is smaller would settle.
 */
#pragma once

#include <stddef.h>

/* As realloc(), of what this gave for `n_old` bytes; a block of 0 bytes is NULL. Bytes that are new
 * hold anything. */
void *lsc_bulk_resize (void *block, size_t n_old, size_t n_new);
/* As lsc_bulk_resize() from nothing, all zeros. */
void *lsc_bulk_new0 (size_t n_bytes);
