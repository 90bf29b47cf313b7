/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/tid-map.h"

#include "lib/trace/span.h"

#include <glib.h>

_Static_assert(LSC_THREAD_NONE == UINT32_MAX, "0 - 1: what is not there");

LscTidMap *
lsc_tid_map_new (void)
{
  return g_new0 (LscTidMap, 1);
}

void
lsc_tid_map_free (LscTidMap *self)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS (self->pages); i++)
    g_free (self->pages[i]);
  g_free (self);
}

void
lsc_tid_map_set (LscTidMap *self, uint32_t tid, uint32_t index)
{
  if (tid >= LSC_TID_LIMIT)
    return;
  if (self->pages[tid / LSC_TID_PAGE] == NULL)
    {
      self->pages[tid / LSC_TID_PAGE] = g_new0 (uint32_t, LSC_TID_PAGE);
      self->n_pages++;
    }
  self->pages[tid / LSC_TID_PAGE][tid % LSC_TID_PAGE] = index + 1;
}

size_t
lsc_tid_map_get_memory (const LscTidMap *self)
{
  return sizeof *self + self->n_pages * LSC_TID_PAGE * sizeof (uint32_t);
}
