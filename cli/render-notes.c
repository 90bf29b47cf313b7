/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/render-notes.h"

static void
clear_cb (gpointer data)
{
  const LscMarker *marker = data;

  g_free ((char *) marker->name);
}

static void
put_moment (GArray *markers, const LscRecordNote *note, uint32_t thread)
{
  const LscMarker marker = { .time_ns = note->head.time_ns,
                             .end_ns = note->end_ns,
                             .thread = thread,
                             .number = (uint32_t) note->id,
                             .name = lsc_annotations_dup_line (note) };

  g_array_append_val (markers, marker);
}

static void
put_note (LscScene *scene, GArray *markers, const LscRecordNote *note)
{
  const LscThread *thread;

  switch (note->kind)
    {
    case LSC_NOTE_A:
      scene->has_a = true;
      scene->a_ns = note->head.time_ns;
      break;
    case LSC_NOTE_B:
      scene->has_b = true;
      scene->b_ns = note->head.time_ns;
      break;
    case LSC_NOTE_MARKER:
      put_moment (markers, note, LSC_THREAD_NONE);
      break;
    case LSC_NOTE_BAR:
      thread = lsc_trace_find_thread_at (scene->trace, note->tid, note->head.time_ns);
      if (thread != NULL)
        put_moment (markers, note, thread->index);
      break;
    default: /* of a newer version */
      break;
    }
}

GArray *
lsc_render_notes_put (LscScene *scene, const LscAnnotations *annotations)
{
  g_autoptr (GPtrArray) notes = lsc_annotations_list_notes (annotations);
  GArray *markers = g_array_new (FALSE, FALSE, sizeof (LscMarker));

  g_array_set_clear_func (markers, clear_cb);
  for (guint i = 0; i < notes->len; i++)
    put_note (scene, markers, notes->pdata[i]);
  scene->markers = (const LscMarker *) (const void *) markers->data;
  scene->n_markers = markers->len;
  return markers;
}
