/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-view-private.h"

#include "gui/row-names.h"

#include <string.h>

/* Measuring markers have ids that no numbered one has. */
#define ID_A ((guint64) 1 << 32)
#define ID_B (ID_A + 1)

#define LIST_PARTS 48u /* of a list of lanes: a setting holds about 35 */

static const struct
{
  const char *key;
  LscRowFlag flag;
} lists[] = {
  { "view.hidden", LSC_ROW_HIDDEN },
  { "view.pinned", LSC_ROW_PINNED },
  { "view.collapsed", LSC_ROW_COLLAPSED },
};

/* Notes. */

static void
keep_note (LscAnnotations *annotations, GHashTable *kept, const LscRecordNote *note)
{
  lsc_annotations_put_note (annotations, note);
  g_hash_table_add (kept, g_memdup2 (&note->id, sizeof note->id));
}

static void
keep_measure (LscAnnotations *annotations, GHashTable *kept, guint64 id, guint64 time_ns)
{
  const LscRecordNote note = { .head = { .time_ns = time_ns },
                               .end_ns = time_ns,
                               .id = id,
                               .kind = id == ID_A ? LSC_NOTE_A : LSC_NOTE_B };
  keep_note (annotations, kept, &note);
}

static void
keep_marker (LscLanesView *self,
             LscAnnotations *annotations,
             GHashTable *kept,
             const LscMarker *marker)
{
  gboolean bar = marker->thread != LSC_THREAD_NONE;
  LscRecordNote note = { .head = { .time_ns = marker->time_ns },
                         .end_ns = marker->end_ns,
                         .id = lsc_markers_get_id (self->markers, marker->number),
                         .kind = bar ? LSC_NOTE_BAR : LSC_NOTE_MARKER };
  if (bar)
    note.tid = marker->tid;
  if (bar && marker->name[0] == '\0') /* it is being written */
    return;
  lsc_annotations_fill_text (&note, marker->name);
  keep_note (annotations, kept, &note);
}

static gboolean
is_ours (const LscRecordNote *note)
{
  return note->kind == LSC_NOTE_A || note->kind == LSC_NOTE_B || note->kind == LSC_NOTE_MARKER
         || note->kind == LSC_NOTE_BAR;
}

/* What is no longer there is taken back; kinds of a newer version are let be. */
static void
drop_notes (LscAnnotations *annotations, GHashTable *kept)
{
  g_autoptr (GPtrArray) notes = lsc_annotations_list_notes (annotations);
  for (guint i = 0; i < notes->len; i++)
    {
      LscRecordNote note = *(const LscRecordNote *) notes->pdata[i];
      if (!is_ours (&note) || g_hash_table_contains (kept, &note.id))
        continue;
      note.head.flags |= LSC_NOTE_REMOVED;
      lsc_annotations_put_note (annotations, &note);
    }
}

static void
keep_notes (LscLanesView *self, LscAnnotations *annotations)
{
  g_autoptr (GHashTable) kept = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  const LscScene *scene = &self->scene;
  for (guint i = 0; i < scene->n_markers; i++)
    keep_marker (self, annotations, kept, &scene->markers[i]);
  if (scene->has_a)
    keep_measure (annotations, kept, ID_A, scene->a_ns);
  if (scene->has_b)
    keep_measure (annotations, kept, ID_B, scene->b_ns);
  drop_notes (annotations, kept);
}

static void
recall_note (LscLanesView *self, const LscRecordNote *note)
{
  g_autofree char *name = lsc_annotations_dup_line (note);
  LscMarker marker = {
    .time_ns = note->head.time_ns, .end_ns = note->end_ns, .thread = LSC_THREAD_NONE, .name = name
  };
  if (!is_ours (note))
    return;
  if (note->kind == LSC_NOTE_A)
    {
      self->scene.has_a = TRUE;
      self->scene.a_ns = marker.time_ns;
    }
  else if (note->kind == LSC_NOTE_B)
    {
      self->scene.has_b = TRUE;
      self->scene.b_ns = marker.time_ns;
    }
  else if (note->kind == LSC_NOTE_BAR)
    {
      const LscThread *thread = lsc_trace_find_thread_at (self->trace, note->tid, marker.time_ns);
      if (thread == NULL || name[0] == '\0')
        return;
      marker.thread = thread->index;
      marker.tid = thread->tid;
      lsc_markers_put (self->markers, &marker, note->id);
    }
  else
    lsc_markers_put (self->markers, &marker, note->id);
}

/* Settings. Each is a text; what cannot be told from how a capture is shown first is empty. */

static char *
dup_range (LscLanesView *self)
{
  const LscViewport *viewport = &self->scene.viewport;
  guint64 start_ns = lsc_trace_get_start_ns (self->trace);
  guint64 end_ns = lsc_trace_get_end_ns (self->trace);
  guint64 from_ns = lsc_viewport_from_ns (viewport);
  guint64 to_ns = lsc_viewport_to_ns (viewport);
  guint64 slack_ns = (end_ns - start_ns) / 100;
  if (self->follow || (from_ns <= start_ns + slack_ns && to_ns + slack_ns >= end_ns))
    return g_strdup ("");
  return g_strdup_printf ("%lu %lu", (unsigned long) from_ns, (unsigned long) to_ns);
}

static char *
dup_origin (LscLanesView *self)
{
  guint64 origin_ns = self->scene.origin_ns;
  return origin_ns == lsc_trace_get_start_ns (self->trace)
             ? g_strdup ("")
             : g_strdup_printf ("%lu", (unsigned long) origin_ns);
}

static void
add_row (GString *text, LscLanesView *self, LscRowKind kind, guint32 index)
{
  g_autofree char *name = lsc_row_names_get (self->trace, kind, index);
  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", name);
}

/* Rows in sight first, in their order: pinned ones have one. */
static char *
dup_list (LscLanesView *self, LscRowFlag flag)
{
  GString *text = g_string_new ("");
  const guint32 n[LSC_N_ROW_KINDS] = { [LSC_ROW_PROCESS] = lsc_trace_get_n_processes (self->trace),
                                       [LSC_ROW_THREAD] = lsc_trace_get_n_threads (self->trace),
                                       [LSC_ROW_CPU] = lsc_trace_get_n_cpus (self->trace) };
  guint32 n_rows = flag == LSC_ROW_PINNED ? lsc_row_list_get_n_rows (self->rows) : 0;
  for (guint32 i = 0; i < n_rows; i++)
    {
      const LscRow *row = lsc_row_list_get (self->rows, i);
      if (row->pinned)
        add_row (text, self, row->kind, row->index);
    }
  for (LscRowKind kind = 0; kind < LSC_N_ROW_KINDS; kind++)
    for (guint32 i = 0; i < n[kind] && text->len < LIST_PARTS * LSC_SETTING_VALUE_SIZE / 2; i++)
      if (lsc_row_list_is (self->rows, kind, i, flag)
          && (n_rows == 0 || lsc_row_list_find (self->rows, kind, i) == LSC_ROW_NONE))
        add_row (text, self, kind, i);
  return g_string_free (text, FALSE);
}

static GHashTable *
list_settings (LscLanesView *self)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  gboolean by_cpu = lsc_row_list_get_mode (self->rows) == LSC_ROWS_BY_CPU;
  g_hash_table_insert (settings, (char *) "view.range", dup_range (self));
  g_hash_table_insert (settings, (char *) "view.origin", dup_origin (self));
  g_hash_table_insert (settings, (char *) "view.top", lsc_lanes_view_dup_top (self));
  g_hash_table_insert (settings, (char *) (by_cpu ? "view.moved.cpu" : "view.moved.thread"),
                       lsc_lanes_view_dup_moved (self));
  g_hash_table_insert (settings, (char *) "view.mode", g_strdup (by_cpu ? "cpu" : "thread"));
  g_hash_table_insert (settings, (char *) (by_cpu ? "view.order.cpu" : "view.order.thread"),
                       lsc_row_names_of_sort (lsc_row_list_get_sort (self->rows)));
  g_hash_table_insert (settings, (char *) "view.idle",
                       g_strdup (lsc_row_list_get_hide_idle (self->rows) ? "hidden" : "shown"));
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_hash_table_insert (settings, (char *) lists[i].key, dup_list (self, lists[i].flag));
  return settings;
}

/* A list may be longer than a setting: the rest stands under the key with a number. */
static void
put_list (LscAnnotations *annotations, const char *key, const char *text)
{
  for (guint part = 0; part < LIST_PARTS; part++)
    {
      g_autofree char *name = part == 0 ? g_strdup (key) : g_strdup_printf ("%s.%u", key, part);
      gsize n = strlen (text);
      if (n >= LSC_SETTING_VALUE_SIZE)
        for (n = LSC_SETTING_VALUE_SIZE - 1; text[n] != ' '; n--)
          ;
      if (n == 0 && part > 0 && lsc_annotations_get_setting (annotations, name) == NULL)
        break;
      g_autofree char *value = g_strndup (text, n);
      lsc_annotations_put_setting (annotations, name, value);
      text += n + (text[n] == ' ' ? 1 : 0);
    }
}

void
lsc_lanes_view_begin_keeping (LscLanesView *self)
{
  g_clear_pointer (&self->first, g_hash_table_unref);
  self->first = list_settings (self);
}

void
lsc_lanes_view_keep (LscLanesView *self, LscAnnotations *annotations)
{
  if (self->trace == NULL)
    return;
  g_autoptr (GHashTable) settings = list_settings (self);
  GHashTableIter iter;
  gpointer key, value;
  keep_notes (self, annotations);
  g_hash_table_iter_init (&iter, settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const char *first = g_hash_table_lookup (self->first, key);
      if (lsc_annotations_get_setting (annotations, key) != NULL || g_strcmp0 (first, value) != 0)
        put_list (annotations, key, value);
    }
}

/* What put_list() wrote. NULL: nothing. */
static char *
dup_setting (const LscAnnotations *annotations, const char *key)
{
  const char *value = lsc_annotations_get_setting (annotations, key);
  GString *text = value == NULL ? NULL : g_string_new (value);
  for (guint part = 1; value != NULL && part < LIST_PARTS; part++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%u", key, part);
      value = lsc_annotations_get_setting (annotations, name);
      if (value != NULL && value[0] != '\0')
        g_string_append_printf (text, " %s", value);
    }
  return text == NULL ? NULL : g_string_free (text, FALSE);
}

static void
recall_list (LscLanesView *self, const LscAnnotations *annotations, guint list)
{
  g_autofree char *text = dup_setting (annotations, lists[list].key);
  g_auto (GStrv) names = g_strsplit (text == NULL ? "" : text, " ", -1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      LscRowKind kind;
      guint32 index;
      if (lsc_row_names_find (self->trace, names[i], &kind, &index))
        lsc_row_list_set (self->rows, kind, index, lists[list].flag, true);
    }
}

static void
recall_range (LscLanesView *self, const LscAnnotations *annotations)
{
  const char *range = lsc_annotations_get_setting (annotations, "view.range");
  unsigned long from_ns, to_ns;
  if (range == NULL || sscanf (range, "%lu %lu", &from_ns, &to_ns) != 2 || from_ns >= to_ns
      || from_ns >= lsc_trace_get_end_ns (self->trace)
      || to_ns <= lsc_trace_get_start_ns (self->trace))
    return;
  LscViewport viewport = self->scene.viewport;
  lsc_viewport_fit (&viewport, from_ns, to_ns, 0);
  lsc_lanes_view_set_viewport (self, &viewport);
}

static void
recall_origin (LscLanesView *self, const LscAnnotations *annotations)
{
  const char *origin = lsc_annotations_get_setting (annotations, "view.origin");
  guint64 origin_ns;
  if (origin != NULL && g_ascii_string_to_unsigned (origin, 10, 0, G_MAXUINT64, &origin_ns, NULL))
    lsc_lanes_view_set_origin (self, origin_ns);
}

static void
recall_mode (LscLanesView *self, const LscAnnotations *annotations, LscRowMode preferred)
{
  const char *mode = lsc_annotations_get_setting (annotations, "view.mode");
  lsc_lanes_view_set_mode (self, preferred);
  lsc_lanes_view_begin_keeping (self);
  if (mode != NULL)
    lsc_lanes_view_set_mode (self,
                             g_str_equal (mode, "cpu") ? LSC_ROWS_BY_CPU : LSC_ROWS_BY_THREAD);
}

/* Lanes can be put where they were when those that stand above by themselves do. */
static void
recall_places (LscLanesView *self, const LscAnnotations *annotations, gboolean by_cpu)
{
  g_autofree char *moved =
      dup_setting (annotations, by_cpu ? "view.moved.cpu" : "view.moved.thread");
  lsc_lanes_view_place_later (self, lsc_annotations_get_setting (annotations, "view.top"), moved);
}

static void
recall_notes (LscLanesView *self, const LscAnnotations *annotations)
{
  g_autoptr (GPtrArray) notes = lsc_annotations_list_notes (annotations);
  guint n = 0;
  for (guint i = 0; i < notes->len; i++)
    recall_note (self, notes->pdata[i]);
  self->scene.markers = lsc_markers_get (self->markers, &n);
  self->scene.n_markers = n;
}

void
lsc_lanes_view_recall (LscLanesView *self, const LscAnnotations *annotations, LscRowMode preferred)
{
  recall_mode (self, annotations, preferred);
  gboolean by_cpu = lsc_row_list_get_mode (self->rows) == LSC_ROWS_BY_CPU;
  const char *order =
      lsc_annotations_get_setting (annotations, by_cpu ? "view.order.cpu" : "view.order.thread");
  const char *idle = lsc_annotations_get_setting (annotations, "view.idle");
  LscRowSort sort;
  recall_notes (self, annotations);
  recall_range (self, annotations);
  recall_origin (self, annotations);
  if (idle != NULL)
    lsc_row_list_set_hide_idle (self->rows, g_str_equal (idle, "hidden"));
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    recall_list (self, annotations, i);
  if (order != NULL && lsc_row_names_find_sort (order, &sort))
    lsc_lanes_view_set_sort (self, sort);
  recall_places (self, annotations, by_cpu);
  lsc_lanes_view_refresh_rows (self);
  lsc_lanes_view_changed (self);
}
