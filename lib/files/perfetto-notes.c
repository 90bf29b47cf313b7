/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/export-notes.h"
#include "lib/files/perfetto-parts.h"

/* Notes have tracks of their own, below their threads': a slice on the thread's own could neither
 * overlap a wait nor end with it. */
#define TRACK_MOMENTS ((UINT64_C (0x4c534301) << 32) | UINT32_MAX)
#define TRACK_NOTES(thread) ((UINT64_C (0x4c534301) << 32) | (thread))
#define SEQUENCE 2 /* nothing is interned in it */

typedef struct
{
  const LscExport *what;
  LscExportOut *out;
  GHashTable *tracks; /* those that were introduced: uuid */
} Writer;

static void
ensure_track (Writer *self, uint64_t uuid, const LscThread *thread)
{
  LscPb__TrackDescriptor track = LSC_PB__TRACK_DESCRIPTOR__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;
  char notes[] = "notes", markers[] = "markers";

  if (!g_hash_table_add (self->tracks, g_memdup2 (&uuid, sizeof uuid)))
    return;
  track.has_uuid = TRUE;
  track.uuid = uuid;
  track.name = thread != NULL ? notes : markers;
  track.has_parent_uuid = thread != NULL;
  track.parent_uuid = thread != NULL ? LSC_PERFETTO_TRACK (thread->index) : 0;
  packet.track_descriptor = &track;
  lsc_perfetto_put (self->out, &packet);
}

static void
put_event (
    Writer *self, LscPb__TrackEvent__Type type, uint64_t track, uint64_t time_ns, const char *text)
{
  LscPb__TrackEvent event = LSC_PB__TRACK_EVENT__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;
  g_autofree char *name = g_strdup (text);
  char note[] = "note", *category = note;

  event.has_type = event.has_track_uuid = TRUE;
  event.type = type;
  event.track_uuid = track;
  event.name = name;
  event.categories = &category;
  event.n_categories = 1;
  packet.has_timestamp = packet.has_trusted_packet_sequence_id = TRUE;
  packet.timestamp = lsc_perfetto_time (self->what, time_ns);
  packet.trusted_packet_sequence_id = SEQUENCE;
  packet.track_event = &event;
  lsc_perfetto_put (self->out, &packet);
}

static void
put_note_cb (const LscExportNote *note, void *data)
{
  uint64_t track = note->thread != NULL ? TRACK_NOTES (note->thread->index) : TRACK_MOMENTS;
  Writer *self = data;

  ensure_track (self, track, note->thread);
  if (note->thread == NULL)
    {
      put_event (self, LSC_PB__TRACK_EVENT__TYPE__TYPE_INSTANT, track, note->from_ns, note->text);
      return;
    }
  put_event (self, LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN, track, note->from_ns, note->text);
  put_event (self, LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_END, track, note->to_ns, NULL);
}

void
lsc_perfetto_put_notes (const LscExport *what, LscExportOut *out)
{
  g_autoptr (GHashTable) tracks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Writer writer = { what, out, tracks };

  lsc_export_notes_walk (what, put_note_cb, &writer);
}
