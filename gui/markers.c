/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/markers.h"

struct _LscMarkers
{
  GArray *markers; /* LscMarker; their names are ours */
  GArray *removed; /* LscMarker, the last one last */
  GHashTable *ids; /* number to id; of removed ones, too */
  guint64 maker;   /* the upper half of the ids made here */
  guint32 last;    /* number of a marker */
  guint32 last_note;
};

/* 0 made those of the first version, 1 are the ends of a measurement. */
#define FIRST_MAKER 2

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
  self->ids = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->maker = (guint64) g_random_int_range (FIRST_MAKER, G_MAXINT32) << 32;
  self->last_note = LSC_MARKERS_FIRST_NOTE;
  return self;
}

void
lsc_markers_free (LscMarkers *self)
{
  g_array_unref (self->markers);
  g_array_unref (self->removed);
  g_hash_table_unref (self->ids);
  g_free (self);
}

void
lsc_markers_reset (LscMarkers *self)
{
  g_array_set_size (self->markers, 0);
  g_array_set_size (self->removed, 0);
  g_hash_table_remove_all (self->ids);
  self->last = 0;
  self->last_note = LSC_MARKERS_FIRST_NOTE;
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

/* The one of that moment and thread, or NULL and where it belongs. */
static LscMarker *
find_place (const LscMarkers *self, guint64 time_ns, guint32 thread, guint *out_index)
{
  guint index = 0;
  while (index < self->markers->len && at (self, index)->time_ns < time_ns)
    index++;
  for (*out_index = index; index < self->markers->len; index++)
    if (at (self, index)->time_ns != time_ns)
      break;
    else if (at (self, index)->thread == thread)
      return at (self, index);
  return NULL;
}

void
lsc_markers_put (LscMarkers *self, const LscMarker *marker, guint64 id)
{
  LscMarker copy = *marker;
  guint index = 0;
  guint32 *last = marker->thread == LSC_THREAD_NONE ? &self->last : &self->last_note;
  if (find_place (self, marker->time_ns, marker->thread, &index) != NULL)
    return;
  copy.number = (guint32) id;
  if (copy.number == 0 || g_hash_table_contains (self->ids, GUINT_TO_POINTER (copy.number)))
    copy.number = *last + 1;
  copy.name = g_strdup (marker->name);
  g_array_insert_val (self->markers, index, copy);
  g_hash_table_insert (self->ids, GUINT_TO_POINTER (copy.number), g_memdup2 (&id, sizeof id));
  *last = MAX (*last, copy.number);
}

guint64
lsc_markers_get_id (const LscMarkers *self, guint32 number)
{
  const guint64 *id = g_hash_table_lookup (self->ids, GUINT_TO_POINTER (number));
  return id == NULL ? 0 : *id;
}

guint32
lsc_markers_add (LscMarkers *self, guint64 time_ns)
{
  guint index = 0;
  const LscMarker *there = find_place (self, time_ns, LSC_THREAD_NONE, &index);
  if (there != NULL)
    return there->number;
  lsc_markers_put (
      self,
      &(LscMarker){ .time_ns = time_ns, .end_ns = time_ns, .thread = LSC_THREAD_NONE, .name = "" },
      self->maker | (self->last + 1));
  return self->last;
}

const LscMarker *
lsc_markers_find_note (const LscMarkers *self, guint32 thread, guint64 from_ns)
{
  guint index = 0;
  return find_place (self, from_ns, thread, &index);
}

guint32
lsc_markers_add_note (LscMarkers *self, const LscThread *thread, guint64 from_ns, guint64 to_ns)
{
  const LscMarker *there = lsc_markers_find_note (self, thread->index, from_ns);
  const LscMarker note = {
    .time_ns = from_ns, .end_ns = to_ns, .thread = thread->index, .tid = thread->tid, .name = ""
  };
  if (there != NULL)
    return there->number;
  lsc_markers_put (self, &note, self->maker | (self->last_note + 1));
  return self->last_note;
}

gboolean
lsc_markers_remove (LscMarkers *self, guint32 number)
{
  guint index = 0;
  LscMarker *marker = find (self, number, &index);
  if (marker == NULL)
    return FALSE;
  /* a note that says nothing is nothing to bring back */
  if (marker->thread == LSC_THREAD_NONE || marker->name[0] != '\0')
    {
      g_array_append_vals (self->removed, marker, 1);
      marker->name = NULL;
    }
  g_array_remove_index (self->markers, index);
  return TRUE;
}

void
lsc_markers_restore (LscMarkers *self)
{
  if (self->removed->len == 0)
    return;
  LscMarker *marker = &g_array_index (self->removed, LscMarker, self->removed->len - 1);
  guint index = 0;
  if (find_place (self, marker->time_ns, marker->thread, &index) == NULL)
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
