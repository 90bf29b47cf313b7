/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/tid-map.h"

#include <glib.h>
#include <stdbool.h>

/* Never written to. */
static void *empty_page[LSC_TID_PAGE];

LscTidMap *
lsc_tid_map_new (void)
{
  LscTidMap *self = g_new0 (LscTidMap, 1);

  for (size_t i = 0; i < G_N_ELEMENTS (self->pages); i++)
    self->pages[i] = empty_page;
  return self;
}

void
lsc_tid_map_free (LscTidMap *self)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS (self->pages); i++)
    if (self->pages[i] != empty_page)
      g_free (self->pages[i]);
  g_free (self);
}

static bool
is_empty (void *const *page)
{
  for (size_t i = 0; i < LSC_TID_PAGE; i++)
    if (page[i] != NULL)
      return false;
  return true;
}

void
lsc_tid_map_remove (LscTidMap *self, uint32_t tid)
{
  void ***page = &self->pages[tid / LSC_TID_PAGE % G_N_ELEMENTS (self->pages)];

  if (lsc_tid_map_get (self, tid) == NULL)
    return;
  (*page)[tid % LSC_TID_PAGE] = NULL;
  if (!is_empty (*page))
    return;
  g_free (*page);
  *page = empty_page;
  self->n_pages--;
}

void
lsc_tid_map_set (LscTidMap *self, uint32_t tid, void *value)
{
  void ***page = &self->pages[tid / LSC_TID_PAGE % G_N_ELEMENTS (self->pages)];

  if (tid >= LSC_TID_LIMIT)
    return;
  if (*page == empty_page)
    {
      *page = g_new0 (void *, LSC_TID_PAGE);
      self->n_pages++;
    }
  (*page)[tid % LSC_TID_PAGE] = value;
}

size_t
lsc_tid_map_get_memory (const LscTidMap *self)
{
  return sizeof *self + self->n_pages * LSC_TID_PAGE * sizeof (void *);
}
