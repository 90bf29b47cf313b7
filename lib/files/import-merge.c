/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-merge.h"

void
lsc_import_merge_init (LscImportMerge *self)
{
  self->heap = g_array_new (FALSE, FALSE, sizeof (LscImportNext));
}

void
lsc_import_merge_clear (LscImportMerge *self)
{
  g_clear_pointer (&self->heap, g_array_unref);
}

static inline LscImportNext *
at (const LscImportMerge *self, guint i)
{
  return &g_array_index (self->heap, LscImportNext, i);
}

/* Equal times: the lower stream first, so that the order does not depend on chance. */
static inline gboolean
is_before (const LscImportNext *a, const LscImportNext *b)
{
  return a->time_ns < b->time_ns || (a->time_ns == b->time_ns && a->stream < b->stream);
}

static void
swap (LscImportMerge *self, guint i, guint j)
{
  LscImportNext t = *at (self, i);

  *at (self, i) = *at (self, j);
  *at (self, j) = t;
}

static void
sink (LscImportMerge *self)
{
  guint i = 0;

  for (;;)
    {
      guint least = i;

      for (guint child = 2 * i + 1; child <= 2 * i + 2 && child < self->heap->len; child++)
        if (is_before (at (self, child), at (self, least)))
          least = child;
      if (least == i)
        return;
      swap (self, i, least);
      i = least;
    }
}

void
lsc_import_merge_add (LscImportMerge *self, uint64_t time_ns, uint32_t stream)
{
  LscImportNext next = { time_ns, stream };
  guint i = self->heap->len;

  g_array_append_val (self->heap, next);
  for (; i > 0 && is_before (at (self, i), at (self, (i - 1) / 2)); i = (i - 1) / 2)
    swap (self, i, (i - 1) / 2);
}

const LscImportNext *
lsc_import_merge_get_first (const LscImportMerge *self)
{
  return self->heap->len > 0 ? at (self, 0) : NULL;
}

uint64_t
lsc_import_merge_get_limit (const LscImportMerge *self)
{
  uint64_t limit = UINT64_MAX;

  for (guint i = 1; i < MIN (self->heap->len, 3); i++)
    limit = MIN (limit, at (self, i)->time_ns);
  return limit;
}

void
lsc_import_merge_move_first (LscImportMerge *self, uint64_t time_ns)
{
  at (self, 0)->time_ns = time_ns;
  sink (self);
}

void
lsc_import_merge_drop_first (LscImportMerge *self)
{
  g_array_remove_index_fast (self->heap, 0);
  if (self->heap->len > 0)
    sink (self);
}
