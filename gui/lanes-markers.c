/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-view-private.h"

#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define REACH_PX 8.0 /* of a marker, to either side */

static guint64
time_at (LscLanesView *self, double x)
{
  double at = CLAMP (x - self->layout.lanes.x, 0, self->layout.lanes.width);
  return lsc_viewport_time (&self->scene.viewport, at);
}

void
lsc_lanes_view_markers_changed (LscLanesView *self)
{
  guint n = 0;
  self->scene.markers = lsc_markers_get (self->markers, &n);
  self->scene.n_markers = n;
  lsc_lanes_view_changed (self);
  g_signal_emit_by_name (self, "marked");
}

void
lsc_lanes_view_set_marker (LscLanesView *self, gboolean b, double x)
{
  guint64 time_ns = time_at (self, x);
  if (self->trace == NULL)
    return;
  if (b)
    self->scene.b_ns = time_ns;
  else
    self->scene.a_ns = time_ns;
  self->scene.has_a = self->scene.has_a || !b;
  self->scene.has_b = self->scene.has_b || b;
  lsc_lanes_view_markers_changed (self);
}

const LscMarker *
lsc_lanes_view_find_marker (LscLanesView *self, double x)
{
  if (self->trace == NULL)
    return NULL;
  double reach_ns = REACH_PX * self->scene.viewport.ns_per_px;
  return lsc_markers_near (self->markers, time_at (self, x), (guint64) reach_ns);
}

char *
lsc_lanes_view_dup_flag (LscLanesView *self, double x)
{
  const LscMarker *marker = lsc_lanes_view_find_marker (self, x);
  if (marker == NULL)
    return NULL;
  if (marker->thread == LSC_THREAD_NONE && marker->name[0] == '\0')
    return g_strdup_printf (_ ("Marker %u"), marker->number);
  if (marker->thread == LSC_THREAD_NONE)
    return g_strdup_printf (_ ("Marker %u: %s"), marker->number, marker->name);
  g_autofree char *thread = lsc_sentence_name_thread (self->trace, marker->thread);
  return g_strdup_printf ("%s (%u): %s", thread, marker->tid, marker->name);
}

/* The note on the bar `pick` names, or where it would be. */
static const LscMarker *
find_note (LscLanesView *self, const LscPick *pick, LscMarker *out_place)
{
  LscSpan span;
  if (self->trace == NULL || pick->index == LSC_ROW_NONE || !pick->has_number
      || !lsc_hit_get_span (&self->scene, pick, &span))
    return NULL;
  out_place->time_ns = span.start_ns;
  out_place->end_ns = span.end_ns;
  out_place->thread = pick->kind == LSC_ROW_THREAD ? pick->index : span.facts.thread;
  return lsc_markers_find_note (self->markers, out_place->thread, span.start_ns);
}

const char *
lsc_lanes_view_note_of (LscLanesView *self, const LscPick *pick)
{
  LscMarker place;
  const LscMarker *note = find_note (self, pick, &place);
  return note == NULL || note->name[0] == '\0' ? NULL : note->name;
}

const char *
lsc_lanes_view_get_note (LscLanesView *self)
{
  return lsc_lanes_view_note_of (self, &self->scene.selected);
}

guint32
lsc_lanes_view_note_bar (LscLanesView *self)
{
  LscMarker place = { .thread = LSC_THREAD_NONE };
  const LscMarker *note = find_note (self, &self->scene.selected, &place);
  if (note != NULL)
    return note->number;
  if (self->trace == NULL || !lsc_trace_has_thread (self->trace, place.thread))
    return 0;
  guint32 number = lsc_markers_add_note (
      self->markers, lsc_trace_get_thread (self->trace, place.thread), place.time_ns, place.end_ns);
  lsc_lanes_view_markers_changed (self);
  return number;
}

gboolean
lsc_lanes_view_toggle_marker (LscLanesView *self, double x)
{
  if (self->trace == NULL)
    return FALSE;
  const LscMarker *marker = lsc_lanes_view_find_marker (self, x);
  if (marker != NULL && marker->thread == LSC_THREAD_NONE)
    {
      lsc_lanes_view_remove_marker (self, marker->number);
      return FALSE;
    }
  lsc_markers_add (self->markers, time_at (self, x));
  lsc_lanes_view_markers_changed (self);
  return TRUE;
}

void
lsc_lanes_view_remove_marker (LscLanesView *self, guint32 number)
{
  if (!lsc_markers_remove (self->markers, number))
    return;
  lsc_lanes_view_record_unmark (self);
  lsc_lanes_view_markers_changed (self);
}

void
lsc_lanes_view_restore_marker (LscLanesView *self)
{
  lsc_markers_restore (self->markers);
  lsc_lanes_view_markers_changed (self);
}

void
lsc_lanes_view_name_marker (LscLanesView *self, guint32 number, const char *name)
{
  gboolean is_note = number >= LSC_MARKERS_FIRST_NOTE;
  if (!lsc_markers_set_name (self->markers, number, name))
    return;
  if (is_note && name[0] == '\0')
    lsc_markers_remove (self->markers, number);
  lsc_lanes_view_markers_changed (self);
}

const LscMarker *
lsc_lanes_view_get_marker (LscLanesView *self, guint32 number)
{
  for (guint i = 0; i < self->scene.n_markers; i++)
    if (self->scene.markers[i].number == number)
      return &self->scene.markers[i];
  return NULL;
}

/* From the last one that was gone to, while it is in sight; else from the middle of what is seen.
 */
gboolean
lsc_lanes_view_step_marker (LscLanesView *self, int direction)
{
  const LscViewport *viewport = &self->scene.viewport;
  if (self->trace == NULL)
    return FALSE;
  const LscMarker *last = lsc_lanes_view_get_marker (self, self->marker);
  guint64 from_ns = lsc_viewport_time (viewport, viewport->width / 2);
  if (last != NULL && last->time_ns >= lsc_viewport_from_ns (viewport)
      && last->time_ns < lsc_viewport_to_ns (viewport))
    from_ns = last->time_ns;
  const LscMarker *marker = lsc_markers_step (self->markers, from_ns, direction);
  if (marker == NULL)
    return FALSE;
  self->marker = marker->number;
  lsc_lanes_view_leave (self, TRUE);
  lsc_lanes_view_show_time (self, marker->time_ns);
  return TRUE;
}

void
lsc_lanes_view_forget_markers (LscLanesView *self)
{
  lsc_markers_reset (self->markers);
  self->marker = 0;
  self->scene.markers = NULL;
  self->scene.n_markers = 0;
}

/* The flag stands on the ruler. */
gboolean
lsc_lanes_view_get_marker_box (LscLanesView *self, guint32 number, GdkRectangle *out_box)
{
  const LscMarker *marker = lsc_lanes_view_get_marker (self, number);
  if (marker == NULL)
    return FALSE;
  double x = lsc_viewport_x (&self->scene.viewport, marker->time_ns);
  if (lsc_viewport_x (&self->scene.viewport, marker->end_ns) >= 0)
    x = MAX (x, 0);
  if (x < 0 || x > self->layout.lanes.width)
    return FALSE;
  *out_box = (GdkRectangle){ (int) (self->layout.lanes.x + x) - 8, (int) self->layout.ruler.y + 2,
                             16, 16 };
  return TRUE;
}

/* The one that was gone to last, or else the one nearest to the middle of what is seen. */
const LscMarker *
lsc_lanes_view_current_marker (LscLanesView *self)
{
  const LscViewport *viewport = &self->scene.viewport;
  const LscMarker *marker = lsc_lanes_view_get_marker (self, self->marker);
  GdkRectangle box;
  if (marker != NULL && lsc_lanes_view_get_marker_box (self, marker->number, &box))
    return marker;
  return lsc_markers_near (self->markers, lsc_viewport_time (viewport, viewport->width / 2),
                           (guint64) (lsc_viewport_span_ns (viewport) / 2));
}
