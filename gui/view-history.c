/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/view-history.h"

#define POINTS_MAX 100u
#define GOES_ON_US G_USEC_PER_SEC /* a movement with shorter rests is one */

struct _LscViewHistory
{
  GArray *back;    /* LscViewPoint, the last one is the view before */
  GArray *forward; /* the last one is the view after */
  gint64 left_us;
  gboolean jumped;
};

LscViewHistory *
lsc_view_history_new (void)
{
  LscViewHistory *self = g_new0 (LscViewHistory, 1);
  self->back = g_array_new (FALSE, FALSE, sizeof (LscViewPoint));
  self->forward = g_array_new (FALSE, FALSE, sizeof (LscViewPoint));
  lsc_view_history_reset (self);
  return self;
}

void
lsc_view_history_free (LscViewHistory *self)
{
  g_array_unref (self->back);
  g_array_unref (self->forward);
  g_free (self);
}

void
lsc_view_history_reset (LscViewHistory *self)
{
  g_array_set_size (self->back, 0);
  g_array_set_size (self->forward, 0);
  self->jumped = TRUE;
}

static gboolean
is_last (const GArray *points, const LscViewPoint *point)
{
  if (points->len == 0)
    return FALSE;
  const LscViewPoint *last = &g_array_index (points, LscViewPoint, points->len - 1);
  return lsc_viewport_from_ns (&last->viewport) == lsc_viewport_from_ns (&point->viewport)
         && lsc_viewport_to_ns (&last->viewport) == lsc_viewport_to_ns (&point->viewport)
         && (int) last->scroll_y == (int) point->scroll_y;
}

void
lsc_view_history_leave (LscViewHistory *self,
                        const LscViewPoint *now,
                        gboolean jump,
                        gint64 time_us)
{
  gboolean goes_on = !jump && !self->jumped && time_us - self->left_us < GOES_ON_US;
  self->left_us = time_us;
  self->jumped = jump;
  if (goes_on)
    return;
  if (is_last (self->back, now))
    {
      /* the same view, with another bar picked in it by now */
      g_array_index (self->back, LscViewPoint, self->back->len - 1).selected = now->selected;
      return;
    }
  if (self->back->len == POINTS_MAX)
    g_array_remove_index (self->back, 0);
  g_array_append_vals (self->back, now, 1);
  g_array_set_size (self->forward, 0);
}

gboolean
lsc_view_history_go (LscViewHistory *self,
                     int direction,
                     const LscViewPoint *now,
                     LscViewPoint *out_point)
{
  GArray *from = direction < 0 ? self->back : self->forward;
  GArray *to = direction < 0 ? self->forward : self->back;
  if (from->len == 0)
    return FALSE;
  g_array_append_vals (to, now, 1);
  *out_point = g_array_index (from, LscViewPoint, from->len - 1);
  g_array_set_size (from, from->len - 1);
  self->jumped = TRUE;
  return TRUE;
}

gboolean
lsc_view_history_can_go (const LscViewHistory *self, int direction)
{
  return (direction < 0 ? self->back : self->forward)->len > 0;
}
