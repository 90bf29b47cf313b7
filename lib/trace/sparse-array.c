/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/sparse-array.h"

#include <glib.h>

#define FIRST_PAGES 16u

void
lsc_sparse_array_init (LscSparseArray *self, uint32_t element_size)
{
  *self = (LscSparseArray){ .size = element_size };
}

void
lsc_sparse_array_clear (LscSparseArray *self)
{
  for (uint32_t page = 0; page < self->n_pages; page++)
    g_free (self->pages[page]);
  g_free (self->pages);
  lsc_sparse_array_init (self, self->size);
}

static void
grow (LscSparseArray *self, uint32_t n_pages)
{
  n_pages = MAX (n_pages, MAX (FIRST_PAGES, self->n_pages + self->n_pages / 2));
  self->pages = g_renew (void *, self->pages, n_pages);
  for (uint32_t page = self->n_pages; page < n_pages; page++)
    self->pages[page] = NULL;
  self->n_pages = n_pages;
}

void *
lsc_sparse_array_ensure (LscSparseArray *self, uint32_t index)
{
  uint32_t page = index / LSC_SPARSE_PAGE;

  if (page >= self->n_pages)
    grow (self, page + 1);
  if (self->pages[page] == NULL)
    {
      self->pages[page] = g_malloc0_n (LSC_SPARSE_PAGE, self->size);
      self->n_there++;
    }
  return lsc_sparse_array_get (self, index);
}

void
lsc_sparse_array_drop_page (LscSparseArray *self, uint32_t index)
{
  uint32_t page = index / LSC_SPARSE_PAGE;

  if (page >= self->n_pages || self->pages[page] == NULL)
    return;
  g_clear_pointer (&self->pages[page], g_free);
  self->n_there--;
}

uint32_t
lsc_sparse_array_next (const LscSparseArray *self, uint32_t index)
{
  uint32_t page = index / LSC_SPARSE_PAGE;

  if (page < self->n_pages && self->pages[page] != NULL)
    return index;
  for (page++; page < self->n_pages; page++)
    if (self->pages[page] != NULL)
      return page * LSC_SPARSE_PAGE;
  return UINT32_MAX;
}

size_t
lsc_sparse_array_get_memory (const LscSparseArray *self)
{
  return self->n_pages * sizeof (void *) + (size_t) self->n_there * LSC_SPARSE_PAGE * self->size;
}
