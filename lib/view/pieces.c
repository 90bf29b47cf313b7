/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/pieces.h"

void
lsc_pieces_init (LscPieces *self)
{
  self->pieces = g_array_new (FALSE, FALSE, sizeof (LscPiece));
  self->columns = g_array_new (FALSE, FALSE, sizeof (LscColumn));
}

void
lsc_pieces_clear (LscPieces *self)
{
  g_clear_pointer (&self->pieces, g_array_unref);
  g_clear_pointer (&self->columns, g_array_unref);
}

void
lsc_pieces_empty (LscPieces *self)
{
  g_array_set_size (self->pieces, 0);
  g_array_set_size (self->columns, 0);
}

static LscPiece *
last_of (const LscPieces *self)
{
  return self->pieces->len == 0 ? NULL
                                : &g_array_index (self->pieces, LscPiece, self->pieces->len - 1);
}

void
lsc_pieces_add_span (LscPieces *self, const LscPiece *span)
{
  g_array_append_vals (self->pieces, span, 1);
}

LscColumn *
lsc_pieces_add_columns (
    LscPieces *self, unsigned level, uint64_t from_ns, uint64_t to_ns, uint32_t n)
{
  LscPiece *last = last_of (self);
  LscPiece run = { .start_ns = from_ns,
                   .end_ns = to_ns,
                   .kind = LSC_SHAPE_COLUMNS,
                   .thread = LSC_THREAD_NONE,
                   .cpu = LSC_CPU_NONE,
                   .n_columns = n,
                   .first_column = self->columns->len };

  if (last != NULL && last->kind == LSC_SHAPE_COLUMNS && last->end_ns == from_ns
      && (from_ns & ((UINT64_C (1) << level) - 1)) == 0)
    {
      last->end_ns = to_ns;
      last->n_columns += n;
    }
  else
    g_array_append_val (self->pieces, run);
  g_array_set_size (self->columns, self->columns->len + n);
  return &g_array_index (self->columns, LscColumn, self->columns->len - n);
}

/* Shortens the last piece, columns, by its last ones, so that it ends at `end_ns`. */
static void
shorten (LscPieces *self, uint32_t n, uint64_t end_ns)
{
  LscPiece *last = last_of (self);

  last->n_columns -= n;
  last->end_ns = end_ns;
  g_array_set_size (self->columns, self->columns->len - n);
  if (last->n_columns == 0)
    g_array_set_size (self->pieces, self->pieces->len - 1);
}

void
lsc_pieces_cut (LscPieces *self, unsigned level, uint64_t time_ns)
{
  uint64_t mask = (UINT64_C (1) << level) - 1;
  const LscPiece *last;

  while ((last = last_of (self)) != NULL && last->end_ns > time_ns)
    {
      uint64_t end = MAX (time_ns & ~mask, last->start_ns);

      if (last->kind == LSC_SHAPE_COLUMNS)
        shorten (self,
                 end == last->start_ns
                     ? last->n_columns
                     : (uint32_t) (((last->end_ns - 1) >> level) - (end >> level)) + 1,
                 end);
      else
        g_array_set_size (self->pieces, self->pieces->len - 1);
    }
  if (last != NULL && last->kind == LSC_SHAPE_COLUMNS && (last->end_ns & mask) != 0)
    shorten (self, 1, MAX (last->end_ns & ~mask, last->start_ns));
}
