/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was arranged by hand, in words that mean the same when the capture is opened again: which
 * lane is on top, and where those stand that were moved.
 */
#include "gui/lanes-view-private.h"

#include "gui/row-names.h"
#include "lib/view/row-order.h"

#include <string.h>

#define STEPS_MAX 10000u /* a move takes one for each row that is passed */

static gboolean
is_same (const LscPick *a, LscRowKind kind, guint32 index)
{
  return a->kind == kind && a->index == index;
}

void
lsc_lanes_view_note_moved (LscLanesView *self, const LscPick *pick)
{
  if (self->moved == NULL)
    self->moved = g_array_new (FALSE, FALSE, sizeof (LscPick));
  for (guint i = 0; i < self->moved->len; i++)
    if (is_same (&g_array_index (self->moved, LscPick, i), pick->kind, pick->index))
      return;
  g_array_append_val (self->moved, *pick);
}

void
lsc_lanes_view_forget_moved (LscLanesView *self)
{
  g_clear_pointer (&self->moved, g_array_unref);
  g_clear_pointer (&self->top_wanted, g_free);
  g_clear_pointer (&self->moved_wanted, g_free);
}

char *
lsc_lanes_view_dup_top (LscLanesView *self)
{
  guint32 row = lsc_row_list_at_y (self->rows, self->scene.scroll_y);
  if (row == LSC_ROW_NONE || row == 0)
    return g_strdup ("");
  const LscRow *at = lsc_row_list_get (self->rows, row);
  return lsc_row_names_get (self->trace, at->kind, at->index);
}

static gboolean
was_moved (const LscLanesView *self, const LscRow *row)
{
  for (guint i = 0; i < self->moved->len; i++)
    if (is_same (&g_array_index (self->moved, LscPick, i), row->kind, row->index))
      return TRUE;
  return FALSE;
}

/* From the bottom up, so that each finds the one it stands above in its place. */
char *
lsc_lanes_view_dup_moved (LscLanesView *self)
{
  GString *text = g_string_new ("");
  for (guint32 i = self->moved != NULL ? lsc_row_list_get_n_rows (self->rows) : 0; i-- > 0;)
    {
      const LscRow *row = lsc_row_list_get (self->rows, i);
      if (!was_moved (self, row))
        continue;
      guint32 below = lsc_row_order_neighbour (self->rows, self->trace, i, 1);
      const LscRow *next = below == LSC_ROW_NONE ? NULL : lsc_row_list_get (self->rows, below);
      g_autofree char *name = lsc_row_names_get (self->trace, row->kind, row->index);
      g_autofree char *other =
          next == NULL ? g_strdup ("") : lsc_row_names_get (self->trace, next->kind, next->index);
      g_string_append_printf (text, "%s%s<%s", text->len > 0 ? " " : "", name, other);
    }
  return g_string_free (text, FALSE);
}

/* Puts the lane right above the other; above nobody: last among its like. */
static void
place_above (LscLanesView *self, const LscPick *pick, const LscPick *other)
{
  for (guint i = 0; i < STEPS_MAX; i++)
    {
      guint32 row = lsc_row_list_find (self->rows, pick->kind, pick->index);
      guint32 goal = lsc_row_list_find (self->rows, other->kind, other->index);
      if (row == LSC_ROW_NONE || (goal == LSC_ROW_NONE && other->index != LSC_ROW_NONE)
          || lsc_row_order_neighbour (self->rows, self->trace, row, 1) == goal)
        return;
      if (!lsc_row_list_move (self->rows, self->trace, pick->kind, pick->index,
                              goal < row ? -1 : 1))
        return;
      lsc_row_list_update (self->rows, self->trace);
    }
}

static void
place_moved (LscLanesView *self, const char *text)
{
  g_auto (GStrv) moves = g_strsplit (text, " ", -1);
  for (guint i = 0; moves[i] != NULL; i++)
    {
      LscPick pick = LSC_PICK_NOTHING, other = LSC_PICK_NOTHING;
      char *above = strchr (moves[i], '<');
      if (above == NULL)
        continue;
      *above++ = '\0';
      if (!lsc_row_names_find (self->trace, moves[i], &pick.kind, &pick.index)
          || (*above != '\0'
              && !lsc_row_names_find (self->trace, above, &other.kind, &other.index)))
        continue;
      place_above (self, &pick, &other);
      lsc_lanes_view_note_moved (self, &pick);
    }
}

static void
place_top (LscLanesView *self, const char *name)
{
  LscPick pick;
  if (!lsc_row_names_find (self->trace, name, &pick.kind, &pick.index))
    return;
  guint32 row = lsc_row_list_find (self->rows, pick.kind, pick.index);
  if (row != LSC_ROW_NONE)
    gtk_adjustment_set_value (self->adjustment, lsc_row_list_get (self->rows, row)->y);
}

void
lsc_lanes_view_place_later (LscLanesView *self, const char *top, const char *moved)
{
  g_free (self->top_wanted);
  g_free (self->moved_wanted);
  self->top_wanted = g_strdup (top);
  self->moved_wanted = g_strdup (moved);
}

gboolean
lsc_lanes_view_place (LscLanesView *self)
{
  g_autofree char *top = g_steal_pointer (&self->top_wanted);
  g_autofree char *moved = g_steal_pointer (&self->moved_wanted);
  if (moved != NULL)
    place_moved (self, moved);
  if (moved != NULL || top != NULL)
    lsc_lanes_view_update_adjustment (self);
  if (top != NULL)
    place_top (self, top);
  return moved != NULL || top != NULL;
}
