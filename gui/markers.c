/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/markers.h"

struct _LscMarkers
{
  GArray *markers; /* LscMarker; their names are ours */
  GArray *removed; /* LscMarker, the last one last */
  guint32 last;    /* number */
};

static void
clear_cb (gpointer data)
{
  g_free ((char *) ((LscMarker *) data)->name);
}

LscMarkers *
lsc_markers_new (void)
{
  LscMarkers *self = g_new0 (LscMarkers, 1);
  self->markers = g_array_new (FALSE, FALSE, sizeof (LscMarker));
  g_array_set_clear_func (self->markers, clear_cb);
  self->removed = g_array_new (FALSE, FALSE, sizeof (LscMarker));
  g_array_set_clear_func (self->removed, clear_cb);
  return self;
}

void
lsc_markers_free (LscMarkers *self)
{
  g_array_unref (self->markers);
  g_array_unref (self->removed);
  g_free (self);
}

void
lsc_markers_reset (LscMarkers *self)
{
  g_array_set_size (self->markers, 0);
  g_array_set_size (self->removed, 0);
  self->last = 0;
}

static LscMarker *
at (const LscMarkers *self, guint index)
{
  return &g_array_index (self->markers, LscMarker, index);
}

static LscMarker *
find (const LscMarkers *self, guint32 number, guint *out_index)
{
  for (guint i = 0; i < self->markers->len; i++)
    if (at (self, i)->number == number)
      {
        *out_index = i;
        return at (self, i);
      }
  return NULL;
}

/* Returns where `time_ns` belongs; there may be one of that moment. */
static guint
place (const LscMarkers *self, guint64 time_ns)
{
  guint index = 0;
  while (index < self->markers->len && at (self, index)->time_ns < time_ns)
    index++;
  return index;
}

guint32
lsc_markers_add (LscMarkers *self, guint64 time_ns)
{
  guint index = place (self, time_ns);
  if (index < self->markers->len && at (self, index)->time_ns == time_ns)
    return at (self, index)->number;
  LscMarker marker = { .time_ns = time_ns, .number = ++self->last, .name = g_strdup ("") };
  g_array_insert_val (self->markers, index, marker);
  return marker.number;
}

gboolean
lsc_markers_remove (LscMarkers *self, guint32 number)
{
  guint index = 0;
  LscMarker *marker = find (self, number, &index);
  if (marker == NULL)
    return FALSE;
  g_array_append_vals (self->removed, marker, 1);
  marker->name = NULL;
  g_array_remove_index (self->markers, index);
  return TRUE;
}

void
lsc_markers_restore (LscMarkers *self)
{
  if (self->removed->len == 0)
    return;
  LscMarker *marker = &g_array_index (self->removed, LscMarker, self->removed->len - 1);
  guint index = place (self, marker->time_ns);
  if (index >= self->markers->len || at (self, index)->time_ns != marker->time_ns)
    {
      g_array_insert_vals (self->markers, index, marker, 1);
      marker->name = NULL;
    }
  g_array_set_size (self->removed, self->removed->len - 1);
}

gboolean
lsc_markers_set_name (LscMarkers *self, guint32 number, const char *name)
{
  guint index = 0;
  LscMarker *marker = find (self, number, &index);
  if (marker == NULL)
    return FALSE;
  g_free ((char *) marker->name);
  marker->name = g_strdup (name);
  return TRUE;
}

const LscMarker *
lsc_markers_get (const LscMarkers *self, guint *out_n)
{
  *out_n = self->markers->len;
  return (const LscMarker *) (const void *) self->markers->data;
}

const LscMarker *
lsc_markers_step (const LscMarkers *self, guint64 time_ns, int direction)
{
  const LscMarker *found = NULL;
  for (guint i = 0; i < self->markers->len; i++)
    {
      const LscMarker *marker = at (self, i);
      if (direction > 0 && marker->time_ns > time_ns)
        return marker;
      if (direction < 0 && marker->time_ns < time_ns)
        found = marker;
    }
  return found;
}

const LscMarker *
lsc_markers_near (const LscMarkers *self, guint64 time_ns, guint64 reach_ns)
{
  const LscMarker *found = NULL;
  guint64 best = reach_ns;
  for (guint i = 0; i < self->markers->len; i++)
    {
      const LscMarker *marker = at (self, i);
      guint64 away =
          marker->time_ns > time_ns ? marker->time_ns - time_ns : time_ns - marker->time_ns;
      if (away <= best)
        {
          best = away;
          found = marker;
        }
    }
  return found;
}
