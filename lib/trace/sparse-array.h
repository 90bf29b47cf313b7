/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An array of which only the pages that are used are there: for what is numbered by threads or
 * processes, most of which were forgotten (see LscTrace). A page that is not there costs 8 bytes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LSC_SPARSE_PAGE 64u /* elements */

/* To be touched by lsc_sparse_array_*() only. */
typedef struct
{
  void **pages; /* NULL: not there */
  uint32_t n_pages;
  uint32_t n_there;
  uint32_t size; /* bytes of an element */
} LscSparseArray;

void lsc_sparse_array_init (LscSparseArray *self, uint32_t element_size);
/* Empty again; what it holds is not freed. */
void lsc_sparse_array_clear (LscSparseArray *self);

/* The element, or NULL where its page is not there. Valid until the page is dropped. */
static inline void *
lsc_sparse_array_get (const LscSparseArray *self, uint32_t index)
{
  uint32_t page = index / LSC_SPARSE_PAGE;

  return page < self->n_pages && self->pages[page] != NULL
             ? (char *) self->pages[page] + (size_t) (index % LSC_SPARSE_PAGE) * self->size
             : NULL;
}

/* The element; a page that has to be made begins as zeros. */
void *lsc_sparse_array_ensure (LscSparseArray *self, uint32_t index);
/* The page that holds `index` goes. */
void lsc_sparse_array_drop_page (LscSparseArray *self, uint32_t index);
/* The first index, from `index` on, whose page is there; UINT32_MAX after the last. */
uint32_t lsc_sparse_array_next (const LscSparseArray *self, uint32_t index);
/* Bytes, but for `self`. */
size_t lsc_sparse_array_get_memory (const LscSparseArray *self);
