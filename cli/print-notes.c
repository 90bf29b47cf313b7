/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/print-notes.h"

#include "lib/explain/duration.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* What somebody else's file says goes to a terminal: no control characters. */
static char *
clean (const char *text)
{
  char *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  return valid;
}

/* "marker 3", "A", "worker-2 (4712), for 3.2 ms" */
static char *
describe_subject (const LscTrace *trace, const LscRecordNote *note)
{
  const LscThread *thread;
  g_autofree char *name = NULL, *length = NULL;

  switch (note->kind)
    {
    case LSC_NOTE_A:
      return g_strdup ("A");
    case LSC_NOTE_B:
      return g_strdup ("B");
    case LSC_NOTE_BAR:
      thread = lsc_trace_find_thread_at (trace, note->tid, note->head.time_ns);
      name = clean (thread == NULL ? "?" : thread->name);
      length = lsc_duration_format (note->end_ns - MIN (note->head.time_ns, note->end_ns));
      /* Translators: a bar of a thread: "worker-2 (4712), for 3.2 ms" */
      return g_strdup_printf (_ ("%s (%u), for %s"), name, note->tid, length);
    default:
      return g_strdup_printf (_ ("marker %u"), (uint32_t) note->id);
    }
}

void
lsc_print_notes (const LscTrace *trace, const LscAnnotations *annotations)
{
  g_autoptr (GPtrArray) notes = lsc_annotations_list_notes (annotations);
  uint64_t start_ns = lsc_trace_get_start_ns (trace);

  for (guint i = 0; i < notes->len; i++)
    {
      const LscRecordNote *note = notes->pdata[i];
      bool before = note->head.time_ns < start_ns;
      uint64_t away_ns = before ? start_ns - note->head.time_ns : note->head.time_ns - start_ns;
      g_autofree char *place = lsc_duration_format_place (away_ns);
      g_autofree char *subject = describe_subject (trace, note);
      g_autofree char *text = clean (note->text);

      printf ("%-12s %s%s  %s%s%s\n", i == 0 ? _ ("notes") : "", before ? "-" : "", place, subject,
              text[0] == '\0' ? "" : ": ", text);
    }
}

static const char *
get_kind (uint32_t kind)
{
  static const char *const kinds[] = {
    [LSC_NOTE_MARKER] = "marker", [LSC_NOTE_A] = "a", [LSC_NOTE_B] = "b", [LSC_NOTE_BAR] = "bar"
  };

  return kind < G_N_ELEMENTS (kinds) && kinds[kind] != NULL ? kinds[kind] : "unknown";
}

void
lsc_print_notes_json (const LscAnnotations *annotations, LscJsonText *json)
{
  g_autoptr (GPtrArray) notes = lsc_annotations_list_notes (annotations);
  g_autofree const char **keys = lsc_annotations_list_keys (annotations);

  lsc_json_text_key (json, "notes");
  lsc_json_text_begin_array (json);
  for (guint i = 0; i < notes->len; i++)
    {
      const LscRecordNote *note = notes->pdata[i];

      lsc_json_text_begin_object (json);
      lsc_json_text_member_uint (json, "id", note->id);
      lsc_json_text_member_string (json, "kind", get_kind (note->kind));
      lsc_json_text_member_uint (json, "time_ns", note->head.time_ns);
      lsc_json_text_member_uint (json, "end_ns", note->end_ns);
      lsc_json_text_member_uint (json, "tid", note->tid);
      lsc_json_text_member_string (json, "text", note->text);
      lsc_json_text_end_object (json);
    }
  lsc_json_text_end_array (json);
  lsc_json_text_key (json, "settings");
  lsc_json_text_begin_object (json);
  for (guint i = 0; keys[i] != NULL; i++)
    lsc_json_text_member_string (json, keys[i], lsc_annotations_get_setting (annotations, keys[i]));
  lsc_json_text_end_object (json);
}
