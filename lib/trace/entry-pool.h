/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory for full blocks of lanes: all of one size, so that what one lane forgets another can use,
 * for ever, and from large pages, so that growing does not stop for each 4 KiB of it.
 */
#pragma once

#include <stddef.h>

#define LSC_ENTRY_POOL_BYTES 2048u /* of one piece */

/* To be touched by lsc_entry_pool_*() only; begins as zeros. Nothing is held while no piece is in
 * use. */
typedef struct
{
  void *free; /* the next one stands in its first bytes */
  void **chunks;
  size_t n_chunks;
  size_t n_fresh; /* pieces of the last chunk that were never taken */
  size_t n_used;
} LscEntryPool;

/* A piece with anything in it. O(1). */
void *lsc_entry_pool_take (LscEntryPool *self);
/* `piece` came from lsc_entry_pool_take(). O(1). */
void lsc_entry_pool_give (LscEntryPool *self, void *piece);
