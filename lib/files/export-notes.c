/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/export-notes.h"

/* "A", "marker 3", "marker 3: here it hangs", or a bar's note as it is. English, as all names in
 * files for other programs. */
static char *
dup_text (const LscRecordNote *note)
{
  g_autofree char *line = lsc_annotations_dup_line (note);

  switch (note->kind)
    {
    case LSC_NOTE_A:
      return g_strdup ("A");
    case LSC_NOTE_B:
      return g_strdup ("B");
    case LSC_NOTE_MARKER:
      return g_strdup_printf ("marker %u%s%s", (uint32_t) note->id, line[0] != '\0' ? ": " : "",
                              line);
    case LSC_NOTE_BAR:
      return line[0] != '\0' ? g_steal_pointer (&line) : NULL;
    default:
      return NULL;
    }
}

static void
tell (const LscExport *what, const LscRecordNote *note, LscExportNoteFunc func, void *data)
{
  uint64_t start_ns = lsc_trace_get_start_ns (what->trace);
  g_autofree char *text = dup_text (note);
  LscExportNote told = { .from_ns = MAX (note->head.time_ns, start_ns), .text = text };

  told.to_ns = MAX (note->end_ns, told.from_ns);
  if (text == NULL || told.from_ns >= what->to_ns || told.to_ns < what->from_ns)
    return;
  if (note->kind == LSC_NOTE_BAR)
    {
      told.thread = lsc_trace_find_thread_at (what->trace, note->tid, note->head.time_ns);
      if (told.thread == NULL || !lsc_export_has_thread (what, told.thread))
        return;
    }
  func (&told, data);
}

void
lsc_export_notes_walk (const LscExport *what, LscExportNoteFunc func, void *data)
{
  g_autoptr (GPtrArray) notes = NULL;

  if (what->annotations == NULL)
    return;
  notes = lsc_annotations_list_notes (what->annotations);
  for (guint i = 0; i < notes->len; i++)
    tell (what, notes->pdata[i], func, data);
}
